package io.pathkeeper.server.observe;

import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which changes and znodes an observation tells of. Immutable.
 *
 * <p>A change is told when at least one target reaches it ({@link #reaches}) and it passes the filters on its type, kind and
 * last name. The initial state is filtered the same way, except for the types, which only events have.
 */
public final class ObserveFilter {
    private final List<ObserveTarget> targets;
    private final int[] depths;
    private final Set<EventType> types;
    private final Set<ZnodeKind> kinds;
    private final @Nullable NameGlob glob;
    private final int maxDepth;
    private final boolean plain;

    /**
     * Makes a filter.
     *
     * @param targets at least one; repeats are left out
     * @param types types of events; empty for all
     * @param kinds kinds of znodes; empty for all
     * @param glob pattern of the last name; null for all
     * @param maxDepth levels below the target's path; 0 for no limit
     */
    public ObserveFilter(
            List<ObserveTarget> targets,
            Set<EventType> types,
            Set<ZnodeKind> kinds,
            @Nullable NameGlob glob,
            int maxDepth) {
        if (targets.isEmpty() || maxDepth < 0) {
            throw new IllegalArgumentException(
                    "a filter needs a target and a depth of 0 or more, not " + targets + " and " + maxDepth);
        }
        this.targets = List.copyOf(new LinkedHashSet<>(targets));
        this.depths =
                this.targets.stream().mapToInt(target -> target.path().depth()).toArray();
        this.types = Set.copyOf(types);
        this.kinds = Set.copyOf(kinds);
        this.glob = glob;
        this.maxDepth = maxDepth;
        this.plain = types.isEmpty() && kinds.isEmpty() && glob == null;
    }

    /** A filter of one target that lets everything pass. */
    public static ObserveFilter of(String path, ObserveScope scope) {
        return new ObserveFilter(List.of(new ObserveTarget(ZnodePath.parse(path), scope)), Set.of(), Set.of(), null, 0);
    }

    /** The targets, each once. */
    public List<ObserveTarget> targets() {
        return targets;
    }

    /** Levels below a target's path; 0 for no limit. */
    int maxDepth() {
        return maxDepth;
    }

    /** Whether a change is told. */
    public boolean accepts(TreeChange change) {
        if (!passes(change)) {
            return false;
        }
        boolean childEvent = isChildEvent(change);
        ZnodePath path = change.path();
        int depth = path.depth();
        for (int i = 0; i < depths.length; i++) {
            ObserveTarget target = targets.get(i);
            int below = depth - depths[i];
            if (below >= 0 && reaches(target.scope(), below, childEvent) && path.isWithin(target.path())) {
                return true;
            }
        }
        return false;
    }

    /** Whether a change passes the filters on type, kind and name, wherever it is. */
    boolean passes(TreeChange change) {
        if (plain) {
            return true;
        }
        Znode znode = Objects.requireNonNullElseGet(change.after(), () -> Objects.requireNonNull(change.before()));
        return (types.isEmpty() || types.contains(EventType.of(change))) && passes(change.path(), znode);
    }

    /** Whether a znode of the initial state passes the filters on kind and name. */
    boolean passes(ZnodePath path, Znode znode) {
        return (kinds.isEmpty() || kinds.contains(znode.kind())) && (glob == null || glob.matches(path.name()));
    }

    /** Whether the depth limit lets a target reach so many levels below its path. */
    boolean withinDepth(int below) {
        return maxDepth == 0 || below <= maxDepth;
    }

    /** Whether one of the first targets, given their number, reaches a znode of the initial state. */
    boolean reachedByEarlier(int targetCount, ZnodePath path) {
        int depth = targetCount == 0 ? 0 : path.depth();
        for (int i = 0; i < targetCount; i++) {
            ObserveTarget target = targets.get(i);
            int below = depth - depths[i];
            if (below >= 0 && reaches(target.scope(), below, true) && path.isWithin(target.path())) {
                return true;
            }
        }
        return false;
    }

    private boolean reaches(ObserveScope scope, int below, boolean childEvent) {
        return switch (scope) {
            case NODE -> below == 0;
            case CHILDREN -> below == 1 && childEvent;
            case SUBTREE -> withinDepth(below);
        };
    }

    /** Whether the parent's observers of children are told. */
    static boolean isChildEvent(TreeChange change) {
        return !(change instanceof TreeChange.Updated);
    }
}
