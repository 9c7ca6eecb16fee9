package io.pathkeeper.server.snapshot;

import io.pathkeeper.server.coordination.CoordinationChange;
import io.pathkeeper.server.coordination.LockEntry;
import io.pathkeeper.server.coordination.LockState;
import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.state.ClientResults;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.PinnedState;
import io.pathkeeper.server.state.RevisionChanges;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Every fact of a state as lines of text, by the public accessors alone: equal states have equal lines. */
final class StateText {
    private StateText() {}

    static List<String> of(PinnedState pinned) {
        List<String> lines = new ArrayList<>();
        TreeView view = pinned.view();
        lines.add("revision " + view.revision() + " digest " + pinned.digest() + " tree " + view.digest() + " znodes "
                + view.znodeCount() + " bytes " + view.dataBytes() + " " + pinned.clock() + " history from "
                + pinned.historyStart());
        Iterator<TreeView.Entry> entries = view.scan(ZnodePath.ROOT);
        while (entries.hasNext()) {
            TreeView.Entry entry = entries.next();
            lines.add(entry.path() + " = " + znode(entry.znode()));
        }
        lines.add("next session " + pinned.nextSessionId());
        pinned.sessions().forEach(session -> lines.add(session(session)));
        for (LockState lock : pinned.locks()) {
            lines.add("lock " + lock.path() + " " + lock.election() + " " + lock.maxPermits() + " not before "
                    + lock.notBeforeMillis());
            lock.holders().forEach(entry -> lines.add("held by " + entry(entry)));
            lock.waiters().forEach(entry -> lines.add("waits " + entry(entry)));
        }
        Iterator<ClientResults> clients = pinned.clients();
        while (clients.hasNext()) {
            ClientResults client = clients.next();
            lines.add("client " + client.clientId() + " floor " + client.floor() + " used " + client.lastUsedMillis());
            client.results().forEach(numbered -> lines.add(numbered.sequence() + ": " + result(numbered.result())));
        }
        for (RevisionChanges revision : pinned.history()) {
            lines.add("changes of " + revision.revision() + " at " + revision.clusterMillis());
            revision.changes().forEach(change -> lines.add(change(change)));
            revision.coordination().forEach(change -> lines.add(change(change)));
        }
        return lines;
    }

    static String result(CommandResult result) {
        if (result instanceof CommandResult.Created r) {
            return "created " + r.path() + " " + znode(r.znode()) + " number " + r.sequence() + " at " + r.revision();
        } else if (result instanceof CommandResult.Updated r) {
            return "updated " + r.path() + " " + znode(r.znode()) + " " + r.created() + " " + r.changed() + " before "
                    + znode(r.previous()) + " at " + r.revision();
        } else if (result instanceof CommandResult.Deleted r) {
            return "deleted " + r.path() + " " + r.deletedCount() + " before " + znode(r.previous()) + " at "
                    + r.revision();
        } else if (result instanceof CommandResult.Found r) {
            return "found " + r.path() + " " + znode(r.znode());
        } else if (result instanceof CommandResult.Transacted r) {
            return "transacted " + r.succeeded() + " at " + r.revision() + " "
                    + r.results().stream().map(StateText::result).toList();
        } else if (result instanceof CommandResult.Rejected r) {
            return "rejected " + r.rejection().reason() + " " + r.rejection().message() + " "
                    + new TreeMap<>(r.rejection().metadata());
        } else if (result instanceof CommandResult.SessionOpened r) {
            return "opened " + session(r.session()) + " at " + r.revision();
        } else if (result instanceof CommandResult.Acquired r) {
            return "acquired " + (r.entry() == null ? "nothing" : entry(r.entry())) + " behind " + r.position()
                    + " holders " + r.holders().stream().map(StateText::entry).toList() + " at " + r.revision();
        }
        return result.toString();
    }

    private static String session(Session session) {
        return session + " secret " + Arrays.hashCode(session.secret());
    }

    private static String entry(LockEntry e) {
        return "[" + e.sessionId() + " " + e.holderId() + " " + e.mode() + " " + e.permits() + " token " + e.token()
                + " came " + e.queuedRevision() + " changed " + e.modifiedRevision() + " delay " + e.lockDelayMillis()
                + " '" + e.note() + "' " + Arrays.toString(e.value()) + "]";
    }

    private static String change(CoordinationChange change) {
        if (change instanceof CoordinationChange.SessionOpened opened) {
            return "opened " + session(opened.session());
        } else if (change instanceof CoordinationChange.LockChanged lock) {
            return lock.kind() + " " + lock.path() + " " + lock.election() + " " + entry(lock.entry());
        }
        return change.toString();
    }

    static String change(TreeChange change) {
        return change.getClass().getSimpleName() + " " + change.path() + " " + change.cause() + " before "
                + znode(change.before()) + " after " + znode(change.after());
    }

    private static String znode(@Nullable Znode z) {
        if (z == null) {
            return "none";
        }
        return "[" + new String(z.name(), java.nio.charset.StandardCharsets.UTF_8) + " " + z.kind() + " v" + z.version()
                + " value " + z.value().length + "/" + Arrays.hashCode(z.value()) + " '" + z.contentType()
                + "' revisions "
                + z.createdRevision() + " " + z.modifiedRevision() + " " + z.childrenRevision() + " " + z.aclRevision()
                + " times " + z.createdAtMillis() + " " + z.modifiedAtMillis() + " versions " + z.childrenVersion()
                + " "
                + z.aclVersion() + " children " + z.childCount() + " " + z.descendantCount() + " next "
                + z.nextSequence() + " ttl " + z.ttlMillis() + " " + z.ttlAbsolute() + " " + z.deadlineMillis()
                + " owner " + z.ownerSession() + "]";
    }
}
