package io.pathkeeper.server.snapshot;

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
        lines.add("revision " + view.revision() + " digest " + view.digest() + " znodes " + view.znodeCount()
                + " bytes " + view.dataBytes() + " " + pinned.clock() + " history from " + pinned.historyStart());
        Iterator<TreeView.Entry> entries = view.scan(ZnodePath.ROOT);
        while (entries.hasNext()) {
            TreeView.Entry entry = entries.next();
            lines.add(entry.path() + " = " + znode(entry.znode()));
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
        }
        return result.toString();
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
