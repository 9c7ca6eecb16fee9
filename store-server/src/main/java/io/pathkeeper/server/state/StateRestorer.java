package io.pathkeeper.server.state;

import io.pathkeeper.server.coordination.LockEntry;
import io.pathkeeper.server.coordination.LockState;
import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.tree.TreeEditor;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link StoreState} from a snapshot. Of one thread. Call in this order: {@link #header}, when there ever was a session
 * {@link #nextSessionId} and {@link #session} for each one, {@link #lock} for each one, {@link #znode} for each one from the root
 * on in the order of a scan, {@link #client} for each one, {@link #history} for each revision, {@link #finish}.
 * Input that contradicts itself is refused with {@link InvalidStateException}.
 */
public final class StateRestorer {
    private static final int HISTORY_BATCH = 1024;

    private final StateLimits limits;
    private final RequestLedger ledger;
    private CoordinationTables tables = new CoordinationTables(1);
    private final List<RevisionChanges> pending = new ArrayList<>();
    private EntryClock clock = new EntryClock(0, 0);
    private long revision = -1;
    private @Nullable ChangeHistory history;
    private @Nullable RestoredHistory sharing;
    private @Nullable TreeEditor tree;
    private @Nullable ZnodePath last;
    private @Nullable ZnodePath lastLock;
    private long lastSession;

    /** A restorer for one snapshot. */
    public StateRestorer(StateLimits limits) {
        this.limits = limits;
        ledger = new RequestLedger(limits.ledger());
    }

    /**
     * The numbers in front.
     *
     * @param newRevision revision of the tree
     * @param newClock clocks of the last entry
     * @param historyStart first revision of the history; {@code newRevision + 1} when it is empty
     */
    public void header(long newRevision, EntryClock newClock, long historyStart) {
        require(revision < 0, "the header stands twice");
        require(newRevision >= 0, "revision " + newRevision + " is below 0");
        require(
                historyStart >= 1 && historyStart <= newRevision + 1,
                "the history begins with " + historyStart + " at revision " + newRevision);
        revision = newRevision;
        clock = newClock;
        history = new ChangeHistory(limits.history(), historyStart);
    }

    /** Id that the next session gets. */
    public void nextSessionId(long id) {
        require(revision >= 0, "sessions before the header");
        require(id > 1, "the next id of a session is " + id);
        require(tables.sessions().nextId() == 1 && tree == null, "the next id of a session stands twice, or too late");
        tables = new CoordinationTables(id);
    }

    /** One session; they come ascending by id. */
    public void session(Session session) {
        require(tree == null, "a session behind a znode");
        require(session.id() < tables.sessions().nextId(), "session " + session.id() + " was never opened");
        require(session.id() > lastSession, "session " + session.id() + " comes behind session " + lastSession);
        require(
                session.secret().length == Session.SECRET_BYTES && session.createdRevision() <= revision,
                "session " + session.id() + " has a secret of " + session.secret().length
                        + " bytes and was created at revision " + session.createdRevision());
        lastSession = session.id();
        tables.open(session);
    }

    /** One lock or election; they come in the order of their paths. */
    public void lock(LockState lock) {
        LockCheck.require(lock, lastLock, revision, tables.sessions());
        lastLock = lock.path();
        for (LockEntry entry : lock.holders()) {
            tables.sessions().lockAdded(entry.sessionId(), lock.path());
        }
        for (LockEntry entry : lock.waiters()) {
            tables.sessions().lockAdded(entry.sessionId(), lock.path());
        }
        tables.put(lock);
    }

    /** One znode, made with {@code ZnodeBuilder}; its child and descendant counts are counted anew and need not be given. */
    public void znode(ZnodePath path, Znode znode) {
        require(revision >= 0, "a znode before the header");
        TreeEditor editor = tree;
        if (editor == null) {
            if (!path.isRoot()) {
                throw new InvalidStateException("the first znode is " + path + ", not the root");
            }
            tree = new TreeEditor(znode.detached());
        } else {
            requirePlace(editor, path, znode);
            editor.restore(path, znode.detached());
        }
        requireFacts(path, znode);
        if (znode.kind() == ZnodeKind.EPHEMERAL) {
            long owner = znode.ownerSession();
            if (tables.sessions().find(owner) == null) {
                throw new InvalidStateException(path + " belongs to session " + owner + ", which is over");
            }
            tables.sessions().ephemeralAdded(owner, path);
        }
        last = path;
    }

    // For every znode: the texts are made for those that are refused only.
    private void requirePlace(TreeEditor editor, ZnodePath path, Znode znode) {
        if (last == null || last.compareTo(path) >= 0) {
            throw new InvalidStateException(path + " does not come behind " + last);
        }
        if (!path.isSiblingOf(last)) { // whose parent was looked at
            requireParent(editor, path);
        }
        if (!Arrays.equals(path.name(), znode.name())) {
            throw new InvalidStateException(path + " has another name");
        }
    }

    private static void requireParent(TreeEditor editor, ZnodePath path) {
        Znode parent = editor.find(path.parent());
        if (parent == null) {
            throw new InvalidStateException(path + " has no parent");
        }
        if (parent.kind() == ZnodeKind.EPHEMERAL) {
            throw new InvalidStateException(path + " is below an ephemeral znode");
        }
    }

    private void requireFacts(ZnodePath path, Znode znode) {
        if (znode.createdRevision() > revision || znode.modifiedRevision() > revision) {
            throw new InvalidStateException(path + " is newer than revision " + revision);
        }
        boolean isTtl = znode.kind() == ZnodeKind.TTL;
        if (isTtl != (znode.ttlMillis() > 0) || isTtl && znode.deadlineMillis() <= 0) {
            throw new InvalidStateException(path + " has kind " + znode.kind() + ", time to live " + znode.ttlMillis()
                    + " and deadline " + znode.deadlineMillis());
        }
        if ((znode.kind() == ZnodeKind.EPHEMERAL) != (znode.ownerSession() != 0)) {
            throw new InvalidStateException(path + " has kind " + znode.kind() + " and owner " + znode.ownerSession());
        }
    }

    /** One client of the ledger. */
    public void client(ClientResults client) {
        ledger.restore(client);
    }

    /** One revision of the history. */
    public void history(RevisionChanges changes) {
        RestoredHistory shared = sharing;
        if (shared == null) {
            TreeEditor editor = tree;
            if (editor == null) {
                throw new InvalidStateException("history before the root");
            }
            shared = new RestoredHistory(editor);
            sharing = shared;
        }
        pending.add(shared.share(changes));
        if (pending.size() == HISTORY_BATCH) {
            appendPending();
        }
    }

    private void appendPending() {
        ChangeHistory restored = history;
        if (restored == null) {
            throw new InvalidStateException("history before the header");
        }
        long next = restored.newestRevision();
        for (RevisionChanges each : pending) {
            next++;
            if (each.revision() != next) {
                throw new InvalidStateException("revision " + each.revision() + " of the history is not " + next);
            }
            restored.add(each);
        }
        restored.publish();
        pending.clear();
    }

    /** The state, published. Compare its digest with the digest that was stored. */
    public StoreState finish() {
        appendPending();
        TreeEditor editor = tree;
        ChangeHistory restored = history;
        if (editor == null || restored == null) {
            throw new InvalidStateException("the snapshot ends before the root");
        }
        require(
                restored.newestRevision() == revision,
                "the history ends with " + restored.newestRevision() + " at revision " + revision);
        return new StoreState(limits, editor, tables, ledger, restored, revision, clock);
    }

    private static void require(boolean condition, String problem) {
        if (!condition) {
            throw new InvalidStateException(problem);
        }
    }
}
