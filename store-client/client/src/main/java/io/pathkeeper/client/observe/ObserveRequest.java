package io.pathkeeper.client.observe;

import io.pathkeeper.client.model.ValueFormat;
import io.pathkeeper.client.model.ZnodeKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What to observe, from when on, and how.
 *
 * <pre>{@code
 * ObserveRequest.subtree("/config").initialState(true).types(Set.of(EventType.UPDATED))
 * }</pre>
 *
 * <p>Immutable: every setter returns a changed copy. By default: changes from now on, with values, and the whole state again
 * when the history no longer reaches back.
 */
public final class ObserveRequest implements Cloneable {
    /**
     * A place in the tree. It need not exist.
     *
     * @param path absolute path
     * @param scope how far around it
     */
    public record Target(String path, ObserveScope scope) {}

    private List<Target> targets;
    private long startRevision;
    private boolean initialState;
    private boolean resync = true;
    private Duration progressInterval = Duration.ofSeconds(10);
    private boolean progressWhenQuiet;
    private boolean coalesce;
    private boolean once;
    private ObserveView view = ObserveView.VALUE;
    private boolean includePrevious;
    private ValueFormat format = ValueFormat.TYPED;
    private Set<EventType> types = Set.of();
    private String nameGlob = "";
    private int maxDepth;
    private Set<ZnodeKind> kinds = Set.of();

    private ObserveRequest(Target target) {
        this.targets = List.of(target);
    }

    /** Observes a znode. */
    public static ObserveRequest node(String path) {
        return new ObserveRequest(new Target(path, ObserveScope.NODE));
    }

    /** Observes creations and deletions of the direct children of a znode. */
    public static ObserveRequest children(String path) {
        return new ObserveRequest(new Target(path, ObserveScope.CHILDREN));
    }

    /** Observes a znode and everything below. */
    public static ObserveRequest subtree(String path) {
        return new ObserveRequest(new Target(path, ObserveScope.SUBTREE));
    }

    /** Observes another place, too: 100 at most. An event that matches several comes once. */
    public ObserveRequest and(String path, ObserveScope scope) {
        ObserveRequest copy = copy();
        List<Target> more = new ArrayList<>(targets);
        more.add(new Target(path, scope));
        copy.targets = List.copyOf(more);
        return copy;
    }

    /**
     * Tells of changes from this revision on, itself included; 0: from now on.
     *
     * @throws IllegalArgumentException when it is negative
     */
    public ObserveRequest startRevision(long startRevision) {
        if (startRevision < 0) {
            throw new IllegalArgumentException("startRevision must not be negative, but is " + startRevision);
        }
        ObserveRequest copy = copy();
        copy.startRevision = startRevision;
        return copy;
    }

    /** Sends the targets as they are before the changes; the start revision must then be 0. */
    public ObserveRequest initialState(boolean initialState) {
        ObserveRequest copy = copy();
        copy.initialState = initialState;
        return copy;
    }

    /** Sends a reset and the whole state when the history no longer reaches back (default), instead of ending with an error. */
    public ObserveRequest resync(boolean resync) {
        ObserveRequest copy = copy();
        copy.resync = resync;
        return copy;
    }

    /**
     * Asks for a progress frame at least so often: 1 s to 10 min, 10 s by default. The client reconnects when nothing has come for three
     * times as long.
     *
     * @throws IllegalArgumentException when it is out of range
     */
    public ObserveRequest progressInterval(Duration progressInterval) {
        if (progressInterval.compareTo(Duration.ofSeconds(1)) < 0
                || progressInterval.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException("progressInterval must be 1 s to 10 min, not " + progressInterval);
        }
        ObserveRequest copy = copy();
        copy.progressInterval = progressInterval;
        return copy;
    }

    /** Asks for a progress frame also as soon as the observation is up to date again, at most every 100 ms. */
    public ObserveRequest progressWhenQuiet(boolean progressWhenQuiet) {
        ObserveRequest copy = copy();
        copy.progressWhenQuiet = progressWhenQuiet;
        return copy;
    }

    /** Leaves out all but the newest event of each path when the observer is behind. */
    public ObserveRequest coalesce(boolean coalesce) {
        ObserveRequest copy = copy();
        copy.coalesce = coalesce;
        return copy;
    }

    /** Ends the observation behind the first events. */
    public ObserveRequest once(boolean once) {
        ObserveRequest copy = copy();
        copy.once = once;
        return copy;
    }

    /** Sets how much an event tells; the value, too, by default. */
    public ObserveRequest view(ObserveView view) {
        ObserveRequest copy = copy();
        copy.view = view;
        return copy;
    }

    /** Adds the znode as it was before to updates and deletions. */
    public ObserveRequest includePrevious(boolean includePrevious) {
        ObserveRequest copy = copy();
        copy.includePrevious = includePrevious;
        return copy;
    }

    /** Sets the form of the values. */
    public ObserveRequest format(ValueFormat format) {
        ObserveRequest copy = copy();
        copy.format = format;
        return copy;
    }

    /** Tells only of events of these types; none: all. */
    public ObserveRequest types(Set<EventType> types) {
        if (types.contains(EventType.UNKNOWN)) {
            throw new IllegalArgumentException("UNKNOWN is no type that can be asked for");
        }
        ObserveRequest copy = copy();
        copy.types = Set.copyOf(types);
        return copy;
    }

    /** Tells only of paths whose last name matches: {@code *} any text, {@code ?} one character, {@code \} takes the next as it is. */
    public ObserveRequest nameGlob(String nameGlob) {
        ObserveRequest copy = copy();
        copy.nameGlob = nameGlob;
        return copy;
    }

    /**
     * Tells only of znodes at most so many levels below their target; 0: no limit.
     *
     * @throws IllegalArgumentException when it is negative
     */
    public ObserveRequest maxDepth(int maxDepth) {
        if (maxDepth < 0) {
            throw new IllegalArgumentException("maxDepth must not be negative, but is " + maxDepth);
        }
        ObserveRequest copy = copy();
        copy.maxDepth = maxDepth;
        return copy;
    }

    /** Tells only of znodes of these kinds; none: all. */
    public ObserveRequest kinds(Set<ZnodeKind> kinds) {
        ObserveRequest copy = copy();
        copy.kinds = Set.copyOf(kinds);
        return copy;
    }

    /** Returns the places that are observed. */
    public List<Target> targets() {
        return targets;
    }

    /** Returns the first revision to tell of; 0 for now. */
    public long startRevision() {
        return startRevision;
    }

    /** Returns whether the state comes before the changes. */
    public boolean initialState() {
        return initialState;
    }

    /** Returns whether a reset is asked for when the history no longer reaches back. */
    public boolean resync() {
        return resync;
    }

    /** Returns how often a progress frame comes at least. */
    public Duration progressInterval() {
        return progressInterval;
    }

    /** Returns whether a progress frame comes as soon as the observation is up to date. */
    public boolean progressWhenQuiet() {
        return progressWhenQuiet;
    }

    /** Returns whether only the newest event of each path is told when the observer is behind. */
    public boolean coalesce() {
        return coalesce;
    }

    /** Returns whether the observation ends behind the first events. */
    public boolean once() {
        return once;
    }

    /** Returns how much an event tells. */
    public ObserveView view() {
        return view;
    }

    /** Returns whether the znode before the change is told. */
    public boolean includePrevious() {
        return includePrevious;
    }

    /** Returns the form of the values. */
    public ValueFormat format() {
        return format;
    }

    /** Returns the types that are told of; none for all. */
    public Set<EventType> types() {
        return types;
    }

    /** Returns the pattern for the last name; empty for all. */
    public String nameGlob() {
        return nameGlob;
    }

    /** Returns how many levels below a target are told of; 0 for all. */
    public int maxDepth() {
        return maxDepth;
    }

    /** Returns the kinds that are told of; none for all. */
    public Set<ZnodeKind> kinds() {
        return kinds;
    }

    private ObserveRequest copy() {
        try {
            return (ObserveRequest) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}
