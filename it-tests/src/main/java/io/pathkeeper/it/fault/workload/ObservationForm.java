package io.pathkeeper.it.fault.workload;

import io.pathkeeper.it.fault.check.ObservedEvent.Kind;
import io.pathkeeper.it.fault.check.ObserverTrace;
import io.pathkeeper.it.fault.check.ObserverTrace.Wanted;
import io.pathkeeper.v1.EventType;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveScope;
import io.pathkeeper.v1.ObserveTarget;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * How somebody observes.
 *
 * @param name who, for sentences
 * @param start where the observation begins
 * @param filter which changes it asks for
 * @param pause between two frames that are read: a slow observer
 * @param resync whether the state is sent when the history does not reach back, instead of a refusal
 */
record ObservationForm(String name, Start start, Filter filter, Duration pause, boolean resync) {
    private static final String ONE = ObserverWorkload.ROOT + "/z3";
    private static final String SLOW = "slow";
    private static final String RESYNC = "resync";

    static final Filter EVERYTHING = new Filter(
            "everything", ObserverWorkload.ROOT, ObserveScope.OBSERVE_SCOPE_SUBTREE, "", false, Wanted.EVERYTHING);
    private static final Filter DELETIONS = new Filter(
            "deletions",
            ObserverWorkload.ROOT,
            ObserveScope.OBSERVE_SCOPE_SUBTREE,
            "",
            true,
            new Wanted(event -> event.kind() == Kind.DELETED, path -> true));
    private static final Filter NAMES = new Filter(
            "names z1*",
            ObserverWorkload.ROOT,
            ObserveScope.OBSERVE_SCOPE_SUBTREE,
            "z1*",
            false,
            new Wanted(event -> isNamedZ1(event.path()), ObservationForm::isNamedZ1));

    private static final Filter ZNODE = new Filter(
            "one znode",
            ONE,
            ObserveScope.OBSERVE_SCOPE_NODE,
            "",
            false,
            new Wanted(event -> event.path().equals(ONE), ONE::equals));
    private static final Filter CHILDREN = new Filter(
            "children",
            ObserverWorkload.ROOT,
            ObserveScope.OBSERVE_SCOPE_CHILDREN,
            "",
            false,
            new Wanted(event -> event.kind() != Kind.UPDATED && isChild(event.path()), ObservationForm::isChild));
    private static final List<Filter> FILTERS = List.of(EVERYTHING, DELETIONS, NAMES, ZNODE, CHILDREN);

    /** All that {@link #labels} can tell. */
    static final List<String> LABELS = Stream.concat(
                    Stream.of(Start.now(), Start.old(0), Start.future(0), Start.state())
                            .map(Start::text),
                    Stream.concat(FILTERS.stream().map(Filter::text), Stream.of(SLOW, RESYNC)))
            .toList();

    /**
     * Where an observation begins.
     *
     * @param text for sentences
     * @param revision its first revision; 0: now
     * @param withState with the initial state
     */
    record Start(String text, long revision, boolean withState) {
        static Start now() {
            return new Start("from now", 0, false);
        }

        static Start old(long revision) {
            return new Start("from an old revision", revision, false);
        }

        static Start future(long revision) {
            return new Start("from a future revision", revision, false);
        }

        static Start state() {
            return new Start("with the state", 0, true);
        }
    }

    /** Which changes, on the wire and for the check. */
    record Filter(
            String text, String path, ObserveScope scope, String nameGlob, boolean deletionsOnly, Wanted wanted) {}

    /** Any form. */
    static ObservationForm any(String name, SplittableRandom dice, long first, long newest) {
        Start start = switch (dice.nextInt(4)) {
            case 0 -> Start.now();
            case 1 -> Start.old(Math.max(first, newest - dice.nextInt(5_000)));
            case 2 -> Start.future(newest + dice.nextInt(100));
            default -> Start.state();
        };
        Filter filter = dice.nextInt(3) == 0 ? EVERYTHING : FILTERS.get(dice.nextInt(FILTERS.size()));
        Duration pause = Duration.ofMillis(dice.nextInt(4) == 0 ? 1 + dice.nextInt(300) : 0);
        boolean resync = dice.nextBoolean();
        String text = name + " (" + start.text() + (start.revision() == 0 ? "" : " " + start.revision()) + ", "
                + filter.text() + ", pause " + pause.toMillis() + " ms" + (resync ? ", " + RESYNC : "") + ")";
        return new ObservationForm(text, start, filter, pause, resync);
    }

    /** What of it is counted. */
    List<String> labels() {
        return Stream.of(start.text(), filter.text(), pause.isZero() ? "" : SLOW, resync ? RESYNC : "")
                .filter(label -> !label.isEmpty())
                .toList();
    }

    /** The same observer, beginning elsewhere. */
    ObservationForm from(Start newStart) {
        return new ObservationForm(name, newStart, filter, pause, resync);
    }

    /** What it will have noted of an observation. */
    ObserverTrace trace() {
        return new ObserverTrace(name, start.revision(), filter.wanted(), start.withState());
    }

    private static boolean isChild(String path) {
        return path.lastIndexOf('/') == ObserverWorkload.ROOT.length();
    }

    private static boolean isNamedZ1(String path) {
        return path.substring(path.lastIndexOf('/') + 1).startsWith("z1");
    }

    /** The request, from a revision on. */
    ObserveRequest request(long startRevision) {
        ObserveRequest.Builder request = ObserveRequest.newBuilder()
                .addTargets(ObserveTarget.newBuilder().setPath(filter.path()).setScope(filter.scope()))
                .setStartRevision(startRevision)
                .setInitialState(start.withState() && startRevision == 0)
                .setResync(resync)
                .setProgressIntervalMs(1_000)
                .setProgressWhenQuiet(true)
                .setIncludePrevious(true)
                .setNameGlob(filter.nameGlob());
        if (filter.deletionsOnly()) {
            request.addTypes(EventType.EVENT_TYPE_DELETED);
        }
        return request.build();
    }
}
