package io.pathkeeper.server.state;

import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.session.SessionTable;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What creations of ephemeral znodes must keep: a session that is open, its limit, its identity. Apply thread. */
final class EphemeralRules {
    private final int maxEphemerals;
    private final SessionTable sessions;
    private final RevisionDraft draft;
    private final SessionCheck check;

    EphemeralRules(StateLimits limits, SessionTable sessions, RevisionDraft draft, SessionCheck check) {
        this.maxEphemerals = limits.coordination().maxEphemerals();
        this.sessions = sessions;
        this.draft = draft;
        this.check = check;
    }

    /** Why a creation breaks the rules, or null; also for other kinds of znodes. */
    CommandResult.@Nullable Rejected refused(Command.Create create) {
        SessionKey key = create.session();
        boolean ephemeral = create.kind() == ZnodeKind.EPHEMERAL;
        if (key == null && !ephemeral && !create.takeOver()) {
            return null;
        }
        ZnodePath path = create.path();
        if (key == null || !ephemeral || (create.takeOver() && create.sequential())) {
            String problem = !ephemeral
                    ? "is not ephemeral, so it has no session and cannot be taken over"
                    : key == null
                            ? "is ephemeral and needs the session that owns it"
                            : "is sequential, so that there is nothing to take over";
            return Refusals.of(
                    RejectReason.ARGUMENT_INVALID, path + " " + problem, "path", path.toString(), "field", "session");
        }
        CommandResult.Rejected refused = check.refused(key);
        if (refused != null) {
            return refused;
        }
        int owned = owned(key.id());
        if (owned >= maxEphemerals) {
            return Refusals.overLimit(
                    RejectReason.QUOTA_EXCEEDED,
                    path,
                    "ephemeral znodes of session " + key.id() + ", with that",
                    owned + 1L,
                    maxEphemerals);
        }
        return null;
    }

    /** Ephemeral znodes of a session, those of the command that is under way included; a part of them while that is far enough. */
    private int owned(long session) {
        int owned = sessions.ephemeralCount(session);
        List<TreeChange> changes = draft.changes();
        if (owned + changes.size() < maxEphemerals) {
            return owned;
        }
        for (int i = 0; i < changes.size(); i++) {
            owned += owns(session, changes.get(i).after())
                    - owns(session, changes.get(i).before());
        }
        return owned;
    }

    private static int owns(long session, @Nullable Znode znode) {
        return znode != null && znode.ownerSession() == session ? 1 : 0;
    }

    /** Session that owns the znode of a creation that was not refused. */
    long owner(Command.Create create) {
        SessionKey key = create.session();
        return key == null ? 0 : key.id();
    }

    /** Whether a creation takes over the znode that is there, instead of being refused because of it. */
    boolean canTakeOver(Command.Create create, Znode there) {
        if (!create.takeOver() || there.kind() != ZnodeKind.EPHEMERAL || there.ownerSession() == owner(create)) {
            return false;
        }
        Session from = sessions.find(there.ownerSession());
        Session to = sessions.find(owner(create));
        return from != null
                && to != null
                && !to.clientIdentity().isEmpty()
                && to.clientIdentity().equals(from.clientIdentity());
    }
}
