package io.pathkeeper.server.state;

import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodeBuilder;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.Iterator;
import java.util.function.UnaryOperator;

/** Restores a pinned state fact by fact, as a snapshot does. */
final class StateCopy {
    private StateCopy() {}

    static StoreState of(PinnedState pinned, StateLimits limits) {
        return of(pinned, limits, entry -> entry);
    }

    /** With znodes changed on the way. */
    static StoreState of(PinnedState pinned, StateLimits limits, UnaryOperator<TreeView.Entry> change) {
        StateRestorer restorer = new StateRestorer(limits);
        restorer.header(pinned.view().revision(), pinned.clock(), pinned.historyStart());
        if (pinned.nextSessionId() > 1) {
            restorer.nextSessionId(pinned.nextSessionId());
        }
        pinned.sessions().forEach(restorer::session);
        pinned.locks().forEach(restorer::lock);
        Iterator<TreeView.Entry> scan = pinned.view().scan(ZnodePath.ROOT);
        while (scan.hasNext()) {
            TreeView.Entry entry = change.apply(scan.next());
            restorer.znode(
                    ZnodePath.parse(entry.path().toString()),
                    builder(entry.znode()).build());
        }
        pinned.clients().forEachRemaining(restorer::client);
        pinned.history().forEach(restorer::history);
        return restorer.finish();
    }

    /** All facts of a znode but its counts. */
    static ZnodeBuilder builder(Znode znode) {
        return new ZnodeBuilder()
                .name(znode.name())
                .value(znode.value())
                .contentType(znode.contentType())
                .kind(znode.kind())
                .revisions(znode.createdRevision(), znode.modifiedRevision())
                .times(znode.createdAtMillis(), znode.modifiedAtMillis())
                .version(znode.version())
                .childrenChanges(znode.childrenVersion(), znode.childrenRevision())
                .nextSequence(znode.nextSequence())
                .ownerSession(znode.ownerSession())
                .ttl(znode.ttlMillis(), znode.ttlAbsolute(), znode.deadlineMillis());
    }
}
