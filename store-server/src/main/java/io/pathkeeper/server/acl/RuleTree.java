package io.pathkeeper.server.acl;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of all roles by the names of their paths. A node knows for each verb which roles allow it there and which deny it, as sets of
 * bits; a check walks from the root along the names of a path and allocates nothing. Written while it is made, then immutable.
 */
final class RuleTree {
    private static final int VERBS = Verb.values().length;
    private static final byte[] ALL_PRINCIPALS = Rule.PRINCIPAL.getBytes(StandardCharsets.UTF_8);
    private static final int ALLOWED = 1;
    private static final int DENIED = 2;

    private final int words;
    private final Node root = new Node(new byte[0]);

    RuleTree(int roles) {
        words = (roles + 63) / 64;
    }

    private static final class Node {
        private static final Node[] NONE = {};

        final byte[] name;
        final long[] @Nullable [] allow = new long[VERBS][];
        final long[] @Nullable [] deny = new long[VERBS][];
        Node[] table = NONE;
        int count;

        @Nullable
        Node principal;

        Node(byte[] name) {
            this.name = name;
        }

        @Nullable
        Node child(byte[] path, int from, int to) {
            if (count == 0) {
                return null;
            }
            int mask = table.length - 1;
            for (int i = hash(path, from, to) & mask; ; i = (i + 1) & mask) {
                Node node = table[i];
                if (node == null || Arrays.equals(node.name, 0, node.name.length, path, from, to)) {
                    return node;
                }
            }
        }

        Node childFor(byte[] wanted) {
            Node found = child(wanted, 0, wanted.length);
            if (found != null) {
                return found;
            }
            if (count * 2 >= table.length) {
                Node[] old = table;
                table = new Node[Math.max(4, old.length * 2)];
                for (Node node : old) {
                    if (node != null) {
                        put(node);
                    }
                }
            }
            Node made = new Node(wanted);
            put(made);
            count++;
            return made;
        }

        private void put(Node node) {
            int mask = table.length - 1;
            int i = hash(node.name, 0, node.name.length) & mask;
            while (table[i] != null) {
                i = (i + 1) & mask;
            }
            table[i] = node;
        }

        private static int hash(byte[] bytes, int from, int to) {
            int hash = 1;
            for (int i = from; i < to; i++) {
                hash = 31 * hash + bytes[i];
            }
            return hash ^ hash >>> 15;
        }
    }

    /** Adds a rule of a role, given its number. */
    void add(int role, Rule rule) {
        Node node = root;
        for (String name : rule.names()) {
            byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
            if (Arrays.equals(utf8, ALL_PRINCIPALS)) {
                Node next = node.principal;
                if (next == null) {
                    next = new Node(utf8);
                    node.principal = next;
                }
                node = next;
            } else {
                node = node.childFor(utf8);
            }
        }
        long[] @Nullable [] sets = rule.deny() ? node.deny : node.allow;
        for (Verb verb : rule.verbs()) {
            long[] bits = sets[verb.ordinal()];
            if (bits == null) {
                bits = new long[words];
                sets[verb.ordinal()] = bits;
            }
            bits[role >> 6] |= 1L << role;
        }
    }

    /** Whether roles, given as bits, may do something at a path. */
    boolean allows(long[] roles, byte[] principal, Verb verb, byte[] path) {
        return walk(root, roles, principal, verb.ordinal(), path, 1, 0) == ALLOWED;
    }

    private static int walk(Node node, long[] roles, byte[] principal, int verb, byte[] path, int from, int found) {
        if (meet(node.deny[verb], roles)) {
            return DENIED;
        }
        int result = found | (meet(node.allow[verb], roles) ? ALLOWED : 0);
        if (from >= path.length) {
            return result;
        }
        int to = from;
        while (to < path.length && path[to] != '/') {
            to++;
        }
        Node child = node.child(path, from, to);
        if (child != null) {
            result |= walk(child, roles, principal, verb, path, to + 1, result);
        }
        Node own = node.principal;
        if (own != null && (result & DENIED) == 0 && Arrays.equals(path, from, to, principal, 0, principal.length)) {
            result |= walk(own, roles, principal, verb, path, to + 1, result);
        }
        return (result & DENIED) != 0 ? DENIED : result;
    }

    /** Whether a rule denies something at or below a path; templates count as if they could be anybody. */
    boolean deniesBelow(long[] roles, byte[] principal, Verb verb, byte[] path) {
        return below(root, roles, principal, verb.ordinal(), path, 1);
    }

    private static boolean below(Node node, long[] roles, byte[] principal, int verb, byte[] path, int from) {
        if (from >= path.length) {
            return anywhere(node, roles, verb);
        }
        int to = from;
        while (to < path.length && path[to] != '/') {
            to++;
        }
        Node child = node.child(path, from, to);
        if (child != null && below(child, roles, principal, verb, path, to + 1)) {
            return true;
        }
        Node own = node.principal;
        return own != null
                && Arrays.equals(path, from, to, principal, 0, principal.length)
                && below(own, roles, principal, verb, path, to + 1);
    }

    private static boolean anywhere(Node node, long[] roles, int verb) {
        if (meet(node.deny[verb], roles) || node.principal != null && anywhere(node.principal, roles, verb)) {
            return true;
        }
        for (Node child : node.table) {
            if (child != null && anywhere(child, roles, verb)) {
                return true;
            }
        }
        return false;
    }

    private static boolean meet(long @Nullable [] some, long[] roles) {
        if (some == null) {
            return false;
        }
        for (int i = 0; i < some.length; i++) {
            if ((some[i] & roles[i]) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Makes a tree of roles, each with its place in the list as its number. */
    static RuleTree of(List<Role> roles) {
        RuleTree tree = new RuleTree(roles.size());
        for (int i = 0; i < roles.size(); i++) {
            for (Rule rule : roles.get(i).rules()) {
                tree.add(i, rule);
            }
        }
        return tree;
    }
}
