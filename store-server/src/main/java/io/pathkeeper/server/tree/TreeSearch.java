package io.pathkeeper.server.tree;

import org.jspecify.annotations.Nullable;

/** Finds znodes from a root down. Stateless; makes no objects. */
final class TreeSearch {
    private TreeSearch() {}

    static @Nullable Znode find(Znode root, ZnodePath path) {
        byte[] utf8 = path.utf8();
        Znode znode = root;
        int from = 1;
        while (from < utf8.length) {
            int to = endOfName(utf8, from, utf8.length);
            ZnodeDetails details = znode.details;
            Znode child = details == null ? null : ChildSearch.find(details.children, utf8, from, to);
            if (child == null) {
                return null;
            }
            znode = child;
            from = to + 1;
        }
        return znode;
    }

    static int endOfName(byte[] utf8, int from, int length) {
        int to = from;
        while (to < length && utf8[to] != '/') {
            to++;
        }
        return to;
    }
}
