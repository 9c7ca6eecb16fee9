package io.pathkeeper.it.fault.workload;

import io.pathkeeper.it.fault.check.ObservedEvent.Kind;
import io.pathkeeper.it.fault.check.ObserverTrace;
import io.pathkeeper.it.fault.check.ObserverTrace.Wanted;
import io.pathkeeper.v1.EventType;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveScope;
import io.pathkeeper.v1.ObserveTarget;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * How somebody observes.
 *
 * @param name who, for sentences
 * @param start where the observation begins
 * @param filter which changes it asks for
 * @param pause between two frames that are read: a slow observer
 */
record ObservationForm(String name, Start start, Filter filter, Duration pause) {
    static final Filter EVERYTHING = new Filter("everything", "", false, Wanted.EVERYTHING);
    private static final Filter DELETIONS =
            new Filter("deletions", "", true, new Wanted(event -> event.kind() == Kind.DELETED, path -> true));
    private static final Filter NAMES = new Filter(
            "names z1*", "z1*", false, new Wanted(event -> isNamedZ1(event.path()), ObservationForm::isNamedZ1));

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
    record Filter(String text, String nameGlob, boolean deletionsOnly, Wanted wanted) {}

    /** Any form. */
    static ObservationForm any(String name, SplittableRandom dice, long first, long newest) {
        Start start = switch (dice.nextInt(4)) {
            case 0 -> Start.now();
            case 1 -> Start.old(Math.max(first, newest - dice.nextInt(5_000)));
            case 2 -> Start.future(newest + dice.nextInt(100));
            default -> Start.state();
        };
        Filter filter = dice.nextBoolean() ? EVERYTHING : dice.nextBoolean() ? DELETIONS : NAMES;
        Duration pause = Duration.ofMillis(dice.nextInt(4) == 0 ? 1 + dice.nextInt(300) : 0);
        String text = name + " (" + start.text() + (start.revision() == 0 ? "" : " " + start.revision()) + ", "
                + filter.text() + ", pause " + pause.toMillis() + " ms)";
        return new ObservationForm(text, start, filter, pause);
    }

    /** The same observer, beginning elsewhere. */
    ObservationForm from(Start newStart) {
        return new ObservationForm(name, newStart, filter, pause);
    }

    /** What it will have noted of an observation. */
    ObserverTrace trace() {
        return new ObserverTrace(name, start.revision(), filter.wanted(), start.withState());
    }

    private static boolean isNamedZ1(String path) {
        return path.substring(path.lastIndexOf('/') + 1).startsWith("z1");
    }

    /** The request, from a revision on. */
    ObserveRequest request(long startRevision) {
        ObserveRequest.Builder request = ObserveRequest.newBuilder()
                .addTargets(ObserveTarget.newBuilder()
                        .setPath(ObserverWorkload.ROOT)
                        .setScope(ObserveScope.OBSERVE_SCOPE_SUBTREE))
                .setStartRevision(startRevision)
                .setInitialState(start.withState() && startRevision == 0)
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
