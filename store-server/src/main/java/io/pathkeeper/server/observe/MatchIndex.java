package io.pathkeeper.server.observe;

import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the subscriptions that a change may concern, by walking up from its path: depth plus matches, whatever the number of
 * subscriptions. Belongs to one loop.
 */
final class MatchIndex {
    /** Is told of each target that reaches a change; a subscription with several targets may come several times. */
    interface Listener {
        /** A target of this subscription reaches the change. */
        void reached(Subscription subscription);
    }

    /** The subscriptions with a target at one path. */
    private static final class Interests {
        final List<Subscription> node = new ArrayList<>(0);
        final List<Subscription> children = new ArrayList<>(0);
        final List<Subscription> subtree = new ArrayList<>(0);

        List<Subscription> of(ObserveScope scope) {
            return switch (scope) {
                case NODE -> node;
                case CHILDREN -> children;
                case SUBTREE -> subtree;
            };
        }

        boolean isEmpty() {
            return node.isEmpty() && children.isEmpty() && subtree.isEmpty();
        }
    }

    private final Map<ZnodePath, Interests> byPath = new HashMap<>();
    private int targetCount;

    void add(Subscription subscription) {
        for (ObserveTarget target : subscription.options().filter().targets()) {
            byPath.computeIfAbsent(target.path(), path -> new Interests())
                    .of(target.scope())
                    .add(subscription);
            targetCount++;
        }
    }

    void remove(Subscription subscription) {
        for (ObserveTarget target : subscription.options().filter().targets()) {
            Interests interests = byPath.get(target.path());
            if (interests != null && removeFast(interests.of(target.scope()), subscription)) {
                targetCount--;
                if (interests.isEmpty()) {
                    byPath.remove(target.path());
                }
            }
        }
    }

    private static boolean removeFast(List<Subscription> list, Subscription subscription) {
        int at = list.indexOf(subscription);
        if (at < 0) {
            return false;
        }
        Subscription last = list.remove(list.size() - 1);
        if (at < list.size()) {
            list.set(at, last);
        }
        return true;
    }

    /** Tells the listener of every target that reaches a change. The listener must not change the index. */
    void match(TreeChange change, Listener listener) {
        ZnodePath path = change.path();
        Interests at = byPath.get(path);
        if (at != null) {
            tell(at.node, listener);
            tell(at.subtree, listener);
        }
        boolean childEvent = ObserveFilter.isChildEvent(change);
        int below = 0;
        while (!path.isRoot()) {
            path = path.parent();
            below++;
            at = byPath.get(path);
            if (at == null) {
                continue;
            }
            if (below == 1 && childEvent) {
                tell(at.children, listener);
            }
            for (int i = 0; i < at.subtree.size(); i++) {
                Subscription subscription = at.subtree.get(i);
                if (subscription.options().filter().withinDepth(below)) {
                    listener.reached(subscription);
                }
            }
        }
    }

    private static void tell(List<Subscription> subscriptions, Listener listener) {
        for (int i = 0; i < subscriptions.size(); i++) {
            listener.reached(subscriptions.get(i));
        }
    }

    boolean isEmpty() {
        return targetCount == 0;
    }

    int targetCount() {
        return targetCount;
    }

    /** How often a subscription stands in the index; for checks. */
    int occurrences(Subscription subscription) {
        int count = 0;
        for (Interests interests : byPath.values()) {
            for (ObserveScope scope : ObserveScope.values()) {
                for (@Nullable Subscription one : interests.of(scope)) {
                    count += one == subscription ? 1 : 0;
                }
            }
        }
        return count;
    }
}
