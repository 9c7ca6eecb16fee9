package io.pathkeeper.server.observe;

import io.pathkeeper.server.coordination.LockTable;
import io.pathkeeper.server.observe.ObserveChecker.Change;
import io.pathkeeper.server.observe.ObserveChecker.Node;
import io.pathkeeper.server.session.SessionTable;
import io.pathkeeper.server.state.ChangeHistory;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.RevisionChanges;
import io.pathkeeper.server.state.RevisionDigest;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.state.StoreState;
import io.pathkeeper.server.store.AppliedState;
import io.pathkeeper.server.store.ChangeSink;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.ValueEncoding;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A store inside the test: a leader that knows everything, and a server behind it that applies the same entries later, or jumps
 * to them as if a snapshot was installed.
 */
final class TestStore implements AppliedState {
    private final StateLimits limits;
    private final StoreState leader;
    private final List<List<Command>> entries = new ArrayList<>();
    private final ObserveReference reference;
    private StoreState server;
    private int applied;

    TestStore(StateLimits limits) {
        this.limits = limits;
        this.leader = StoreState.create(limits);
        this.server = StoreState.create(limits);
        this.reference = new ObserveReference(tree(leader.view()));
    }

    static StateLimits shortHistory(int revisions) {
        return StateLimits.DEFAULT.withHistory(new StateLimits.History(1, revisions, 64L << 20));
    }

    /** The leader applies an entry. */
    List<CommandResult> commit(Command... commands) {
        List<Command> entry = List.of(commands);
        List<CommandResult> results = new ArrayList<>();
        for (RevisionChanges changes : run(leader, entries.size(), entry, results)) {
            List<Change> all = new ArrayList<>();
            changes.changes().forEach(change -> all.add(TestFrames.change(changes.revision(), change)));
            reference.add(changes.revision(), all);
        }
        entries.add(entry);
        return results;
    }

    private static List<RevisionChanges> run(
            StoreState state, int index, List<Command> entry, List<CommandResult> results) {
        state.beginEntry(1, 1_700_000_000_000L + index * 10L, index * 10L);
        for (Command command : entry) {
            results.add(state.apply(command, null));
        }
        return state.endEntry();
    }

    /** The server applies the next entries and tells of them. */
    void apply(int count, ChangeSink sink) {
        for (int i = 0; i < count && applied < entries.size(); i++) {
            List<RevisionChanges> changes = run(server, applied, entries.get(applied), new ArrayList<>());
            applied++;
            if (!changes.isEmpty()) {
                sink.published(changes);
            }
        }
    }

    void applyAll(ChangeSink sink) {
        apply(Integer.MAX_VALUE, sink);
    }

    /** The server takes over the leader's state, whose history is short. */
    void install(ChangeSink sink) {
        replay(entries.size(), sink);
    }

    /** The server begins again with the state of some entries ago. */
    void restart(int entriesAgo, ChangeSink sink) {
        replay(Math.max(0, applied - entriesAgo), sink);
    }

    private void replay(int count, ChangeSink sink) {
        StoreState fresh = StoreState.create(limits);
        for (applied = 0; applied < count; applied++) {
            run(fresh, applied, entries.get(applied), new ArrayList<>());
        }
        server = fresh;
        sink.replaced();
    }

    /** Entries that the server has not applied. */
    int lag() {
        return entries.size() - applied;
    }

    ObserveReference reference() {
        return reference;
    }

    TreeView leaderView() {
        return leader.view();
    }

    @Override
    public SessionTable sessions() {
        return server.sessions();
    }

    @Override
    public LockTable locks() {
        return server.locks();
    }

    @Override
    public RevisionDigest digest() {
        return server.digest();
    }

    @Override
    public TreeView view() {
        return server.view();
    }

    @Override
    public ChangeHistory history() {
        return server.history();
    }

    static Map<String, Node> tree(TreeView view) {
        Map<String, Node> tree = new TreeMap<>();
        for (Iterator<TreeView.Entry> all = view.scan(ZnodePath.ROOT); all.hasNext(); ) {
            TreeView.Entry entry = all.next();
            tree.put(
                    entry.path().toString(),
                    new Node(
                            TestFrames.text(entry.znode()), entry.znode().kind().name()));
        }
        return tree;
    }

    static Command create(String path, String value) {
        return new Command.Create(
                ZnodePath.parse(path),
                ZnodeKind.PERSISTENT,
                ValueEncoding.ofString(value),
                "",
                false,
                ZnodeKind.PERSISTENT,
                0,
                false,
                null,
                false);
    }

    static Command set(String path, String value) {
        return new Command.Set(
                ZnodePath.parse(path), ValueEncoding.ofString(value), "", Command.ANY, Command.ANY, true, false, false);
    }

    static Command delete(String path) {
        return new Command.Delete(ZnodePath.parse(path), true, Command.ANY, Command.ANY, false);
    }

    static Command transact(List<Command> operations) {
        return new Command.Transact(List.of(), operations, List.of());
    }
}
