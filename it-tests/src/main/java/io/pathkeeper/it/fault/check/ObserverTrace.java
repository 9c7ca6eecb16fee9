package io.pathkeeper.it.fault.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one observation told, from one server or from several one after the other, as long as nothing was lost in between. Order, uniqueness and progress are looked at as
 * the frames come; whether anything was left out is for {@link ObserverHistory}. Used by one thread at a time.
 */
public final class ObserverTrace {
    private static final int MAX_FAULTS = 5;

    private final String name;
    private final long asked;
    private final Wanted wanted;
    private final List<ObservedEvent> events = new ArrayList<>();
    private final List<Previous> previous = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final Set<String> inRevision = new HashSet<>();
    private @Nullable Map<String, Long> initial;
    private boolean standing;
    private boolean synced;
    private boolean more;
    private long from;
    private long upTo;
    private long lastEvent;

    /**
     * What an observer asked for.
     *
     * @param changes which changes it is told
     * @param znodes paths of which znodes belong to its initial state
     */
    public record Wanted(Predicate<ObservedEvent> changes, Predicate<String> znodes) {
        /** Everything. */
        public static final Wanted EVERYTHING = new Wanted(event -> true, path -> true);
    }

    /**
     * What the value of a znode had been before a change, as an observer was told.
     *
     * @param revision of the change
     * @param value null when there had been no such znode
     */
    record Previous(long revision, String path, @Nullable Long value) {}

    /**
     * A trace.
     *
     * @param name who observes how, for sentences
     * @param asked first revision that it asked for; 0: from now on
     * @param wanted what it asked for
     * @param withInitialState whether it asked for the state first
     */
    public ObserverTrace(String name, long asked, Wanted wanted, boolean withInitialState) {
        this.name = name;
        this.asked = asked;
        this.wanted = wanted;
        this.initial = withInitialState ? new TreeMap<>() : null;
        this.synced = !withInitialState;
    }

    /** The observation stands: changes come from a revision on. Called again when it is resumed, with the revision that was asked for. */
    public void created(long startRevision) {
        if (!standing) {
            fault(asked == 0 || startRevision == asked, "begins at " + startRevision + ", asked for was " + asked);
            standing = true;
            from = startRevision;
            upTo = synced ? startRevision - 1 : 0;
        } else {
            fault(startRevision == upTo + 1, "resumed at " + startRevision + ", asked for was " + (upTo + 1));
        }
        more = false;
    }

    /** A znode of the initial state. */
    public void existing(String path, long value) {
        if (initial == null || synced) {
            fault(false, "state that was not asked for: " + path);
        } else {
            fault(initial.put(path, value) == null, "twice in the initial state: " + path);
        }
    }

    /** The initial state is complete. */
    public void synced(long revision) {
        fault(!synced, "the end of the initial state twice, at " + revision);
        fault(revision == from - 1, "the initial state is of " + revision + ", changes begin at " + from);
        synced = true;
        from = revision + 1;
        upTo = revision;
    }

    /** The changes of one revision, or a fragment of them. */
    public void events(long revision, List<ObservedEvent> batch, boolean moreFollow) {
        fault(standing && synced, "changes of " + revision + " before the beginning");
        if (more) {
            fault(revision == lastEvent, "changes of " + revision + " within those of " + lastEvent);
        } else {
            fault(revision > upTo, "changes of " + revision + " though everything up to " + upTo + " had been told");
            inRevision.clear();
        }
        for (ObservedEvent event : batch) {
            fault(
                    event.revision() == revision,
                    "a change of another revision in the frame of " + revision + ": " + event);
            fault(inRevision.add(event.kind() + " " + event.path()), "told twice: " + event);
            fault(wanted.changes().test(event), "not asked for: " + event);
            events.add(event);
        }
        lastEvent = revision;
        more = moreFollow;
        upTo = moreFollow ? Math.max(upTo, revision - 1) : Math.max(upTo, revision);
    }

    /** With a change came the value that the znode had had before; null when there had been none. */
    public void previous(ObservedEvent event, @Nullable Long value) {
        previous.add(new Previous(event.revision(), event.path(), value));
    }

    /** Everything up to a revision must have been told by now, for all servers are well. */
    public void due(long revision) {
        fault(
                upTo >= revision,
                "was told of everything up to " + upTo + " only, though " + revision
                        + " was acknowledged and all servers are well");
    }

    /** Everything up to a revision was told. */
    public void progress(long revision) {
        fault(synced && !more, "progress " + revision + " in the middle of a revision");
        fault(revision >= upTo, "progress " + revision + " though everything up to " + upTo + " had been told");
        upTo = Math.max(upTo, revision);
    }

    /** What it missed is lost to it: the whole state follows, to another trace. */
    public void reset(long revision) {
        fault(revision >= upTo, "reset to " + revision + " though everything up to " + upTo + " had been told");
    }

    /** The connection is gone; a revision of which a part was told is forgotten, for a resumption tells it again. */
    public void broken() {
        if (more) {
            events.removeIf(event -> event.revision() == lastEvent);
            more = false;
            upTo = lastEvent - 1;
        }
    }

    /** The first revision of which nothing has been told yet; what a resumption asks for. */
    public long next() {
        return upTo + 1;
    }

    /** Whether the observation stood, with its initial state if it asked for one. */
    public boolean isStanding() {
        return standing && synced;
    }

    String name() {
        return name;
    }

    Wanted wanted() {
        return wanted;
    }

    List<ObservedEvent> events() {
        return events;
    }

    List<Previous> previous() {
        return previous;
    }

    List<String> faults() {
        return faults;
    }

    @Nullable
    Map<String, Long> initial() {
        return initial;
    }

    long from() {
        return from;
    }

    long upTo() {
        return upTo;
    }

    private void fault(boolean right, String otherwise) {
        if (!right && faults.size() < MAX_FAULTS) {
            faults.add(name + ": " + otherwise);
        }
    }
}
