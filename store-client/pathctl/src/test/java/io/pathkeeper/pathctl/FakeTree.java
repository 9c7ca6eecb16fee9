package io.pathkeeper.pathctl;

import io.pathkeeper.client.SubtreeIterator;
import io.pathkeeper.client.error.ErrorDetails;
import io.pathkeeper.client.error.LimitExceededException;
import io.pathkeeper.client.error.NodeExistsException;
import io.pathkeeper.client.error.NodeNotFoundException;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PreconditionFailedException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.error.UnavailableException;
import io.pathkeeper.client.error.VersionMismatchException;
import io.pathkeeper.client.model.Alarm;
import io.pathkeeper.client.model.AlarmList;
import io.pathkeeper.client.model.BackupEnd;
import io.pathkeeper.client.model.BackupInfo;
import io.pathkeeper.client.model.BackupSummary;
import io.pathkeeper.client.model.Child;
import io.pathkeeper.client.model.ChildrenPage;
import io.pathkeeper.client.model.ClusterInfo;
import io.pathkeeper.client.model.Consistency;
import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.CreateResult;
import io.pathkeeper.client.model.DeleteOptions;
import io.pathkeeper.client.model.DeleteResult;
import io.pathkeeper.client.model.Limits;
import io.pathkeeper.client.model.ListOptions;
import io.pathkeeper.client.model.Member;
import io.pathkeeper.client.model.MemberRole;
import io.pathkeeper.client.model.MemberStatus;
import io.pathkeeper.client.model.Patch;
import io.pathkeeper.client.model.PatchOptions;
import io.pathkeeper.client.model.PatchResult;
import io.pathkeeper.client.model.ReadOptions;
import io.pathkeeper.client.model.ResponseHeader;
import io.pathkeeper.client.model.ScanOptions;
import io.pathkeeper.client.model.SetOptions;
import io.pathkeeper.client.model.SetResult;
import io.pathkeeper.client.model.Stat;
import io.pathkeeper.client.model.TransactResult;
import io.pathkeeper.client.model.Transaction;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.ValueFormat;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.client.model.ZnodeKind;
import io.pathkeeper.pathctl.text.PathText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A store in memory with the rules that the commands lean on: parents, versions, if_changed, limits. Method names and
 * parameters are those of the client's store; {@link FakeClient} calls them by reflection.
 */
public final class FakeTree {
    public static final int MAX_RECURSIVE_DELETE = 50;

    /** A znode. */
    public static final class Node {
        public Value value;
        public String contentType;
        public ZnodeKind kind;
        public Duration ttl;
        public long version = 1;
        public long modified;

        Node(Value value, String contentType, ZnodeKind kind, Duration ttl, long modified) {
            this.value = value;
            this.contentType = contentType;
            this.kind = kind;
            this.ttl = ttl;
            this.modified = modified;
        }
    }

    public final ExecutorService executor = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "fake-store");
        thread.setDaemon(true);
        return thread;
    });
    public final TreeMap<String, Node> nodes = new TreeMap<>(FakeTree::inTreeOrder);
    public long maxValueBytes = 1 << 20;
    public long revision = 1;
    public boolean unavailable;
    /** When set, three of ten writes have no clear outcome; a third of those is applied. */
    public Random unclear;
    /** So many scans break off in the middle. */
    public int scansToBreak;

    public final List<MemberStatus> statuses = new ArrayList<>();
    /** What the members answer from each question for the members on. */
    public final Deque<List<MemberStatus>> statusesOfLooks = new ArrayDeque<>();

    public final List<Patch> patches = new ArrayList<>();
    public final List<Transaction> transactions = new ArrayList<>();

    /** The file that a backup is; a backup of nothing breaks off. */
    public byte[] backup = {};

    public final List<Consistency> backups = new ArrayList<>();

    public FakeTree() {
        nodes.put("/", new Node(Value.NULL, "", ZnodeKind.PERSISTENT, Duration.ZERO, 0));
    }

    /** Parents before children, a subtree in one piece. */
    private static int inTreeOrder(String a, String b) {
        return a.replace('/', '\0').compareTo(b.replace('/', '\0'));
    }

    /** Returns a znode that must be there. */
    public synchronized Node node(String path) {
        Node node = nodes.get(path);
        if (node == null) {
            throw new AssertionError("no znode " + path + " in " + nodes.keySet());
        }
        return node;
    }

    public synchronized CreateResult create(String path, Value value, CreateOptions options) {
        check(path, value);
        if (nodes.containsKey(path)) {
            throw new NodeExistsException(details(Reason.NODE_EXISTS, path + " exists", path), null);
        }
        String parent = PathText.parent(path);
        if (!nodes.containsKey(parent)) {
            if (!options.createParents()) {
                throw new NodeNotFoundException(details(Reason.PARENT_NOT_FOUND, "no parent " + parent, path), null);
            }
            create(parent, Value.NULL, options.kind(ZnodeKind.PERSISTENT));
        }
        nodes.put(path, new Node(value, options.contentType(), options.kind(), options.ttl(), ++revision));
        return new CreateResult(path, stat(path), 0, revision);
    }

    public synchronized SetResult set(String path, Value value, SetOptions options) {
        check(path, value);
        int fate = unclear == null ? 0 : unclear.nextInt(10);
        if (fate < 7) {
            return setClearly(path, value, options);
        }
        if (fate == 7) {
            try {
                setClearly(path, value, options);
            } catch (NodeNotFoundException e) {
                throw unclear();
            }
        }
        throw unclear();
    }

    private static UnavailableException unclear() {
        return new UnavailableException(
                new ErrorDetails(Reason.OUTCOME_UNKNOWN, "the leader changed", Map.of(), true, Outcome.UNKNOWN), null);
    }

    private SetResult setClearly(String path, Value value, SetOptions options) {
        Node node = nodes.get(path);
        if (node == null && options.allowMissing()) {
            create(path, value, CreateOptions.defaults().contentType(options.contentType()));
            return new SetResult(path, stat(path), true, true, revision, null);
        }
        node = require(path);
        if (options.expectedVersion() != null && options.expectedVersion() != node.version) {
            throw new VersionMismatchException(
                    details(Reason.VERSION_MISMATCH, "version is " + node.version, path), null);
        }
        if (options.ifChanged() && node.value.equals(value) && node.contentType.equals(options.contentType())) {
            return new SetResult(path, stat(path), false, false, revision, null);
        }
        node.value = value;
        node.contentType = options.contentType();
        node.version++;
        node.modified = ++revision;
        return new SetResult(path, stat(path), false, true, revision, null);
    }

    public synchronized Znode get(String path, ReadOptions options) {
        Node node = require(path);
        Value value = node.value;
        if (options.format() == ValueFormat.RAW && value.type() != Value.Type.BYTES) {
            String text = value.type() == Value.Type.STRING ? value.asString() : value.toJson();
            value = Value.of(text.getBytes(StandardCharsets.UTF_8));
        }
        return new Znode(path, stat(path), value, node.contentType, revision);
    }

    public synchronized PatchResult patch(String path, Patch patch, PatchOptions options) {
        Node node = require(path);
        patches.add(patch);
        return new PatchResult(path, stat(path), ++revision, node.value, null);
    }

    public synchronized DeleteResult delete(String path, DeleteOptions options) {
        require(path);
        List<String> below = subtree(path);
        if (below.size() > 1 && !options.recursive()) {
            throw new PreconditionFailedException(details(Reason.NODE_NOT_EMPTY, path + " has children", path), null);
        }
        if (below.size() > MAX_RECURSIVE_DELETE) {
            throw new PreconditionFailedException(details(Reason.TOO_MANY_NODES, "too many nodes", path), null);
        }
        below.forEach(nodes::remove);
        return new DeleteResult(path, ++revision, below.size(), null);
    }

    public synchronized ChildrenPage listChildren(String path, ListOptions options) {
        List<Child> children = new ArrayList<>();
        require(path);
        for (String child : children(path)) {
            String name = PathText.name(child);
            if (name.startsWith(options.namePrefix()) && children.size() < options.pageSize()) {
                children.add(new Child(name, stat(child), node(child).value, node(child).contentType));
            }
        }
        return new ChildrenPage(children, "", revision, stat(path));
    }

    public synchronized Iterable<Child> allChildren(String path, ListOptions options) {
        return listChildren(path, options).children();
    }

    public synchronized SubtreeIterator scanSubtree(String path, ScanOptions options) {
        require(path);
        boolean breaks = scansToBreak > 0;
        scansToBreak = Math.max(0, scansToBreak - 1);
        long shown = revision;
        List<Znode> znodes = subtree(path).stream()
                .map(p -> new Znode(p, stat(p), node(p).value, node(p).contentType, shown))
                .toList();
        return new SubtreeIterator() {
            private int next;

            @Override
            public long revision() {
                return shown;
            }

            @Override
            public boolean hasNext() {
                if (breaks && next > znodes.size() / 2) {
                    throw new UnavailableException(details(Reason.CONNECTION_LOST, "connection lost", path), null);
                }
                return next < znodes.size();
            }

            @Override
            public Znode next() {
                return znodes.get(next++);
            }

            @Override
            public void close() {}
        };
    }

    public synchronized TransactResult transact(Transaction transaction) {
        transactions.add(transaction);
        return new TransactResult(transaction.conditions().isEmpty(), List.of(), revision);
    }

    public synchronized ClusterInfo clusterInfo() {
        reachable();
        Limits limits =
                new Limits(maxValueBytes, 1024, 255, 64, 2 << 20, 128, 100, 1000, MAX_RECURSIVE_DELETE, 100, 10_000);
        return new ClusterInfo(header("s1"), listMembers(), limits, "test", List.of());
    }

    private static Member member(String id, String client, String raft) {
        return new Member(
                id,
                client,
                raft,
                MemberRole.UNKNOWN,
                true,
                0,
                java.util.OptionalLong.empty(),
                java.util.Optional.empty());
    }

    public synchronized List<Member> listMembers() {
        reachable();
        List<MemberStatus> next = statusesOfLooks.poll();
        if (next != null) {
            statuses.clear();
            statuses.addAll(next);
        }
        return List.of(member("s1", "127.0.0.1:1", "127.0.0.1:2"), member("s2", "127.0.0.1:11", "127.0.0.1:12"));
    }

    /** Alarms that stand. */
    public final List<Alarm> alarms = new ArrayList<>();
    /** Members that do not tell theirs. */
    public final List<String> unreached = new ArrayList<>();

    public synchronized MemberStatus memberStatus(String address) {
        int index = address.equals("127.0.0.1:1") ? 0 : 1;
        if (index >= statuses.size()) {
            throw new UnavailableException(details(Reason.CONNECTION_LOST, "connection refused", ""), null);
        }
        return statuses.get(index);
    }

    public synchronized AlarmList listAlarms() {
        reachable();
        return new AlarmList(header("s1"), alarms, unreached);
    }

    /** Adds the answer of the next member. */
    public void status(MemberRole role, long digest) {
        status(role, digest, List.of());
    }

    /** Adds the answer of the next member with alarms. */
    public void status(MemberRole role, long digest, List<String> alarms) {
        statuses.add(new MemberStatus(
                header("s" + (statuses.size() + 1)),
                "test",
                role,
                9,
                9,
                4,
                100,
                digest,
                1,
                0,
                0,
                Duration.ofSeconds(90),
                1,
                1,
                true,
                alarms,
                3,
                2,
                List.of(),
                0));
    }

    private ResponseHeader header(String member) {
        return new ResponseHeader("test", member, "s1", 1, revision, Duration.ZERO);
    }

    private void check(String path, Value value) {
        reachable();
        if (value.type() == Value.Type.BYTES && value.asBytes().length > maxValueBytes) {
            throw new LimitExceededException(details(Reason.VALUE_TOO_LARGE, "the value is too large", path), null);
        }
    }

    private void reachable() {
        if (unavailable) {
            throw new UnavailableException(details(Reason.CONNECTION_LOST, "no server could be reached", ""), null);
        }
    }

    private Node require(String path) {
        reachable();
        Node node = nodes.get(path);
        if (node == null) {
            throw new NodeNotFoundException(details(Reason.NODE_NOT_FOUND, "there is no znode " + path, path), null);
        }
        return node;
    }

    private List<String> subtree(String path) {
        String prefix = path.equals("/") ? "/" : path + "/";
        return nodes.keySet().stream()
                .filter(p -> p.equals(path) || p.startsWith(prefix))
                .toList();
    }

    private List<String> children(String path) {
        return nodes.keySet().stream()
                .filter(p -> !p.equals("/") && PathText.parent(p).equals(path))
                .toList();
    }

    private Stat stat(String path) {
        Node node = node(path);
        long children = children(path).size();
        return new Stat(
                1,
                node.modified,
                1,
                1,
                Instant.EPOCH,
                Instant.EPOCH,
                node.version,
                0,
                0,
                0,
                "",
                0,
                children,
                subtree(path).size() - 1L,
                0,
                node.kind,
                node.ttl,
                0);
    }

    private static ErrorDetails details(String reason, String message, String path) {
        return new ErrorDetails(reason, message, Map.of("path", path), false, Outcome.NOT_APPLIED);
    }

    public BackupSummary backup(Consistency consistency, OutputStream out) throws IOException {
        backups.add(consistency);
        out.write(backup);
        if (backup.length == 0) {
            throw new IOException("the backup was damaged on its way");
        }
        BackupInfo info = new BackupInfo(1, "prod", "s2", "1.2.3", 42, 7, Instant.EPOCH);
        return new BackupSummary(info, new BackupEnd(backup.length, "00ff"));
    }
}
