package io.pathkeeper.server.auth;

import io.pathkeeper.server.tree.InvalidPathException;
import io.pathkeeper.server.tree.ZnodePath;

/** Where the records of users, roles and the like stand in the tree. */
public final class AuthPaths {
    /** Top of everything; its version goes up with every change of a record. */
    public static final ZnodePath TOP = ZnodePath.SYSTEM.child("auth");

    public static final ZnodePath USERS = TOP.child("users");
    public static final ZnodePath ROLES = TOP.child("roles");
    public static final ZnodePath BINDINGS = TOP.child("bindings");
    public static final ZnodePath TOKENS = TOP.child("tokens");
    public static final ZnodePath NAMESPACES = TOP.child("namespaces");
    /** The key that sign-in tokens are signed with. */
    public static final ZnodePath SIGNING_KEY = TOP.child("signing-key");

    /** Longest name of a user, role, group or namespace, in bytes. */
    public static final int MAX_NAME_BYTES = 128;

    private AuthPaths() {}

    /** Whether a text can name a user, role, group or namespace: what can name a znode, with at most 128 bytes. */
    public static boolean isName(String name) {
        try {
            return name.indexOf('/') < 0
                    && ZnodePath.parse("/" + name).length() <= MAX_NAME_BYTES + 1
                    && !name.isEmpty();
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
