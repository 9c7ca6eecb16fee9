package io.pathkeeper.server.state;

import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.tree.ChangeCause;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.value.ValueHash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * The reference: the rules of the store over one map from path to znode, written to be obvious, as slow as that may be. Counts
 * are counted by looking at every path, a transaction copies everything, events are the difference of two maps. Results are texts.
 */
class NaiveStore {
    static final class Node implements Cloneable {
        private Object value = NaiveValues.NULL;
        private String valueHash = "";
        private int bytes;
        String contentType = "";
        ZnodeKind kind = ZnodeKind.PERSISTENT;
        long createdRevision;
        long modifiedRevision;
        long childrenRevision;
        long createdAt;
        long modifiedAt;
        long version = 1;
        long childrenVersion;
        long nextSequence;
        long ttl;
        boolean absolute;
        long deadline;
        long owner;

        Node() {
            value(NaiveValues.NULL);
        }

        /** Values are never changed, only replaced. */
        void value(Object newValue) {
            value = newValue;
            byte[] written = NaiveValues.write(newValue);
            bytes = written.length;
            valueHash = Long.toHexString(ValueHash.hash64(written));
        }

        boolean sameAs(Node o) {
            return kind == o.kind
                    && version == o.version
                    && createdRevision == o.createdRevision
                    && modifiedRevision == o.modifiedRevision
                    && childrenVersion == o.childrenVersion
                    && childrenRevision == o.childrenRevision
                    && nextSequence == o.nextSequence
                    && deadline == o.deadline
                    && contentType.equals(o.contentType)
                    && valueHash.equals(o.valueHash);
        }

        Node copy() {
            try {
                return (Node) clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static final class Client {
        long floor = 1;
        long lastUsed;
        final TreeMap<Long, String> results = new TreeMap<>();
    }

    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(RejectReason reason) {
            super(reason.name());
        }

        Refused(Exception of, int operation) {
            super(of.getMessage() + " at " + operation);
        }
    }

    private static final String QUOTAS = "/_sys/quotas/";

    private final Set<String> quotaRefusals = new HashSet<>();
    private boolean internal;
    private final StateLimits limits;
    private final NaiveCoordination coordination;
    private final Map<String, Client> clients = new HashMap<>();
    private Map<String, ChangeCause> causes = new HashMap<>();
    private TreeMap<String, Node> nodes = new TreeMap<>();
    private int deleted;
    private long term;
    private long wall;
    private long cluster;
    private long revision;
    /** Events of the last command as {@code type path} to text; null when it made no revision. */
    private Map<String, String> events;

    NaiveStore(StateLimits limits) {
        this(limits, new NaiveCoordination(limits));
    }

    NaiveStore(StateLimits limits, NaiveCoordination coordination) {
        this.limits = limits;
        this.coordination = coordination;
        nodes.put("/", new Node());
    }

    Map<String, Node> nodes() {
        return nodes;
    }

    NaiveCoordination coordination() {
        return coordination;
    }

    long term() {
        return term;
    }

    long revision() {
        return revision;
    }

    long cluster() {
        return cluster;
    }

    Map<String, String> events() {
        return events;
    }

    void beginEntry(long newTerm, long newWall, long newCluster) {
        term = newTerm;
        wall = Math.max(wall, newWall);
        cluster = Math.max(cluster, newCluster);
        clients.values()
                .removeIf(client -> cluster - client.lastUsed >= limits.ledger().idleMillis());
    }

    String apply(Command command, RequestId id) {
        events = null;
        if (id == null) {
            return applyFirst(command);
        }
        Client client = clients.get(id.clientId());
        if (client == null) {
            if (clients.size() >= limits.ledger().maxClients()) {
                return "rejected OVERLOADED";
            }
            client = new Client();
            clients.put(id.clientId(), client);
        }
        client.lastUsed = cluster;
        client.floor = Math.max(client.floor, Math.min(id.acknowledgedBelow(), id.sequence()));
        client.results.headMap(client.floor).clear();
        String first = client.results.get(id.sequence());
        if (first != null) {
            return first;
        }
        if (id.sequence() < client.floor) {
            return "rejected REQUEST_ID_EXPIRED";
        }
        String result = applyFirst(command);
        client.results.put(id.sequence(), result);
        while (client.results.size() > limits.ledger().maxResultsPerClient()) {
            client.floor = client.results.pollFirstEntry().getKey() + 1;
        }
        return result;
    }

    private String applyFirst(Command command) {
        TreeMap<String, Node> before = new TreeMap<>();
        nodes.forEach((path, node) -> before.put(path, node.copy()));
        causes = new HashMap<>();
        deleted = 0;
        coordination.begin(revision, cluster);
        String result;
        try {
            result = command instanceof Command.Guarded guarded ? guarded(guarded) : unguarded(command);
        } catch (Refused | NaiveValues.Refused e) {
            nodes = before;
            return "rejected " + e.getMessage();
        }
        boolean same = before.keySet().equals(nodes.keySet())
                && before.keySet().stream().allMatch(path -> before.get(path).sameAs(nodes.get(path)));
        if (same && !coordination.changed()) {
            return result;
        }
        revision++;
        events = difference(before);
        return result;
    }

    private String guarded(Command.Guarded guarded) throws Refused, NaiveValues.Refused {
        List<Class<?>> writes = List.of(
                Command.Create.class,
                Command.Set.class,
                Command.Patch.class,
                Command.Delete.class,
                Command.Transact.class);
        if (!writes.contains(guarded.command().getClass())
                || guarded.guards().size() > limits.maxTransactionOperations()) {
            throw new Refused(RejectReason.ARGUMENT_INVALID);
        }
        for (Guard guard : guarded.guards()) {
            coordination.check(guard);
        }
        return unguarded(guarded.command());
    }

    private String unguarded(Command command) throws Refused, NaiveValues.Refused {
        if (command instanceof Command.Transact transact) {
            return transact(transact);
        } else if (command instanceof Command.Internal written) {
            return internal(written);
        } else if (command instanceof Command.Tick tick) {
            return tick(tick);
        } else if (command instanceof Command.Acquire acquire) {
            return coordination.acquire(acquire);
        } else if (command instanceof Command.Release release) {
            return coordination.release(release);
        } else if (command instanceof Command.Proclaim proclaim) {
            return coordination.proclaim(proclaim);
        } else if (command instanceof Command.CreateSession create) {
            return coordination.open(create, wall);
        } else if (command instanceof Command.CloseSession close) {
            coordination.check(close.session());
            return end(close.session().id(), false);
        } else if (command instanceof Command.ExpireSession expire) {
            boolean due = expire.term() == term && coordination.sessions.containsKey(expire.sessionId());
            return due ? end(expire.sessionId(), true) : "done revision=" + revision;
        }
        return single(command);
    }

    private String end(long session, boolean expired) {
        coordination.ending(session, expired);
        List<String> gone = ephemerals(session);
        for (String path : left(gone)) {
            remove(path, expired ? ChangeCause.SESSION_EXPIRED : ChangeCause.SESSION_CLOSED);
        }
        coordination.end(session, expired);
        return "ended count=" + gone.size() + " revision=" + (revision + 1);
    }

    /** What a session that ends leaves behind and has to go. */
    protected List<String> left(List<String> ephemerals) {
        return ephemerals;
    }

    /** Paths of the ephemeral znodes of a session, in order. */
    List<String> ephemerals(long session) {
        return scanOrder().stream()
                .filter(path -> nodes.get(path).owner == session)
                .toList();
    }

    /** One operation; refused when a subtree would have more behind it than before, and more than a quota lets it. */
    private String single(Command command) throws Refused, NaiveValues.Refused {
        Map<String, Long> before = internal ? Map.of() : uses();
        String result = simple(command);
        if (!internal) {
            refuse(before);
        }
        return result;
    }

    private void refuse(Map<String, Long> before) throws Refused {
        for (Map.Entry<String, Long> use : uses().entrySet()) {
            String[] at = use.getKey().split(" ");
            long limit = quotas().get(at[0]).limit(Quota.Kind.valueOf(at[1]));
            if (limit >= 0 && use.getValue() > limit && use.getValue() > before.get(use.getKey())) {
                quotaRefusals.add(at[1]);
                throw new Refused(RejectReason.QUOTA_EXCEEDED);
            }
        }
    }

    /** Writes of the servers: here records of quotas, which may not lie below what is there. */
    private String internal(Command.Internal command) throws Refused, NaiveValues.Refused {
        Map<String, Long> versions = new HashMap<>();
        quotas().keySet().forEach(name -> versions.put(name, nodes.get(QUOTAS + name).version));
        internal = true;
        try {
            String result = transact(command.transact());
            for (Quota quota : quotas().values()) {
                if (nodes.get(QUOTAS + quota.name()).version == versions.getOrDefault(quota.name(), 0L)) {
                    continue;
                }
                for (Quota.Kind kind : Quota.Kind.values()) {
                    if (quota.limit(kind) >= 0 && used(kind, quota.path().toString()) > quota.limit(kind)) {
                        quotaRefusals.add("below " + kind);
                        throw new Refused(RejectReason.QUOTA_EXCEEDED);
                    }
                }
            }
            return result;
        } finally {
            internal = false;
        }
    }

    private Map<String, Quota> quotas() {
        Map<String, Quota> quotas = new TreeMap<>();
        nodes.forEach((path, node) -> {
            if (path.startsWith(QUOTAS)) {
                String name = path.substring(QUOTAS.length());
                quotas.put(
                        name,
                        Quota.read(
                                name.getBytes(java.nio.charset.StandardCharsets.UTF_8), NaiveValues.write(node.value)));
            }
        });
        return quotas;
    }

    private Map<String, Long> uses() {
        Map<String, Long> uses = new HashMap<>();
        for (Quota quota : quotas().values()) {
            for (Quota.Kind kind : Quota.Kind.values()) {
                uses.put(quota.name() + " " + kind, used(kind, quota.path().toString()));
            }
        }
        return uses;
    }

    /** What a quota counts, by looking at every path. */
    protected long used(Quota.Kind kind, String top) {
        long used = 0;
        for (Map.Entry<String, Node> each : nodes.entrySet()) {
            String path = each.getKey();
            boolean within = path.equals(top) || path.startsWith(top.equals("/") ? top : top + "/");
            if (kind == Quota.Kind.CHILDREN) {
                used += !path.equals("/") && parentOf(path).equals(top) ? 1 : 0;
            } else if (within) {
                used += kind == Quota.Kind.ZNODES ? 1 : each.getValue().bytes;
            }
        }
        return used;
    }

    /** What quotas refused: kinds, and {@code below} with a kind for quotas that were too low. */
    Set<String> quotaRefusals() {
        return quotaRefusals;
    }

    private String simple(Command command) throws Refused, NaiveValues.Refused {
        if (command instanceof Command.Create create) {
            return create(create);
        } else if (command instanceof Command.Set set) {
            return set(set);
        } else if (command instanceof Command.Patch patch) {
            return patch(patch);
        } else if (command instanceof Command.Delete delete) {
            return delete(delete);
        }
        throw new Refused(RejectReason.ARGUMENT_INVALID);
    }

    private String transact(Command.Transact transact) throws Refused, NaiveValues.Refused {
        for (Condition condition : transact.conditions()) {
            if (condition instanceof Condition.Field field) {
                NaiveValues.names(field.pointer());
            }
        }
        boolean holds = true;
        for (Condition condition : transact.conditions()) {
            holds = holds && holds(condition);
        }
        StringBuilder text = new StringBuilder("transacted " + holds);
        List<Command> operations = holds ? transact.then() : transact.otherwise();
        boolean changed = false;
        for (int i = 0; i < operations.size(); i++) {
            Command operation = operations.get(i);
            try {
                String result;
                if (operation instanceof Command.Read read) {
                    Node node = nodes.get(read.path().toString());
                    result = "found "
                            + (node == null ? "nothing" : describe(read.path().toString()));
                } else {
                    result = single(operation);
                    changed |= !result.contains("changed=false");
                }
                text.append(" [").append(result).append(']');
            } catch (Refused | NaiveValues.Refused e) {
                throw new Refused(e, i);
            }
        }
        return text + " revision=" + (changed ? revision + 1 : revision);
    }

    private boolean holds(Condition condition) throws NaiveValues.Refused {
        Node node = nodes.get(condition.path().toString());
        if (condition instanceof Condition.Exists exists) {
            return exists.expected() == (node != null);
        }
        if (node == null) {
            return false;
        }
        if (condition instanceof Condition.Version version) {
            return version.version() == node.version;
        } else if (condition instanceof Condition.ModifiedRevision modified) {
            return modified.revision() == node.modifiedRevision;
        } else if (condition instanceof Condition.ChildCount count) {
            return count.count() == children(condition.path().toString()).size();
        } else if (condition instanceof Condition.ValueEquals equal) {
            return java.util.Arrays.equals(NaiveValues.write(node.value), equal.value());
        }
        Condition.Field field = (Condition.Field) condition;
        Object there = NaiveValues.find(node.value, NaiveValues.names(field.pointer()));
        if (field.comparison() == Condition.Comparison.EXISTS || there == null) {
            return field.comparison() == Condition.Comparison.EXISTS
                    ? there != null
                    : field.comparison() == Condition.Comparison.NOT_EQUAL;
        }
        Object operand = NaiveValues.read(field.operand());
        boolean equal = NaiveValues.equal(there, operand);
        Integer order = NaiveValues.order(there, operand);
        return switch (field.comparison()) {
            case EQUAL -> equal;
            case NOT_EQUAL -> !equal;
            case LESS -> order != null && order < 0;
            case LESS_OR_EQUAL -> equal || (order != null && order < 0);
            case GREATER -> order != null && order > 0;
            default -> equal || (order != null && order > 0);
        };
    }

    private String create(Command.Create create) throws Refused {
        String given = create.path().toString();
        if (!create.sequential() && given.equals("/")) {
            throw new Refused(RejectReason.ROOT_IMMUTABLE);
        }
        if (NaiveValues.write(NaiveValues.read(create.value())).length
                > limits.value().maxBytes()) {
            throw new Refused(RejectReason.VALUE_TOO_LARGE);
        }
        if (create.kind() == ZnodeKind.EPHEMERAL || create.session() != null || create.takeOver()) {
            if (create.kind() != ZnodeKind.EPHEMERAL
                    || create.session() == null
                    || (create.takeOver() && create.sequential())) {
                throw new Refused(RejectReason.ARGUMENT_INVALID);
            }
            coordination.check(create.session());
            if (ephemerals(create.session().id()).size()
                    >= limits.coordination().maxEphemerals()) {
                throw new Refused(RejectReason.QUOTA_EXCEEDED);
            }
        }
        boolean ttlFits = create.ttlMillis() >= 1000 && create.ttlMillis() <= 315_360_000_000L;
        if (create.kind() == ZnodeKind.TTL ? !ttlFits : create.ttlMillis() != 0) {
            throw new Refused(RejectReason.ARGUMENT_INVALID);
        }
        String parent = parentOf(given);
        String written = create.sequential() ? parent : given;
        if (isReserved(written)) {
            throw new Refused(RejectReason.PATH_INVALID);
        }
        String nearest = parent;
        while (!nodes.containsKey(nearest)) {
            nearest = parentOf(nearest);
        }
        if (nodes.get(nearest).kind == ZnodeKind.EPHEMERAL) {
            throw new Refused(RejectReason.EPHEMERAL_PARENT);
        }
        if (!nodes.containsKey(parent) && create.parents() == null) {
            throw new Refused(RejectReason.PARENT_NOT_FOUND);
        }
        String path = given;
        long number = 0;
        if (create.sequential()) {
            number = nodes.containsKey(parent) ? nodes.get(parent).nextSequence : 0;
            while (nodes.containsKey(given + numbered(number))) {
                number++;
            }
            path = given + numbered(number);
        }
        if (create.takeOver()
                && nodes.containsKey(path)
                && isPredecessor(nodes.get(path), create.session().id())) {
            Node node = nodes.get(path);
            node.owner = create.session().id();
            node.contentType = create.contentType();
            replaced(path, node, NaiveValues.read(create.value()), "none");
            return "created " + path + " sequence=0 revision=" + (revision + 1) + " " + describe(path);
        }
        if (path.length() > 1024 || path.substring(path.lastIndexOf('/') + 1).length() > 255) {
            throw new Refused(RejectReason.PATH_INVALID);
        }
        if (nodes.containsKey(path)) {
            throw new Refused(RejectReason.NODE_EXISTS);
        }
        List<String> missing = new ArrayList<>();
        for (String each = parent; !nodes.containsKey(each); each = parentOf(each)) {
            missing.add(0, each);
        }
        if (nodes.size() + missing.size() + 1 > limits.maxZnodes()) {
            throw new Refused(RejectReason.QUOTA_EXCEEDED);
        }
        for (String each : missing) {
            Node made = add(each);
            made.kind = create.parents();
        }
        Node node = add(path);
        node.value(NaiveValues.read(create.value()));
        node.contentType = create.contentType();
        node.kind = create.kind();
        node.owner = create.kind() == ZnodeKind.EPHEMERAL ? create.session().id() : 0;
        node.ttl = create.ttlMillis();
        node.absolute = create.kind() == ZnodeKind.TTL && create.ttlAbsolute();
        node.deadline = create.kind() == ZnodeKind.TTL
                ? cluster + create.ttlMillis()
                : create.kind() == ZnodeKind.CONTAINER ? cluster + limits.unusedContainerMillis() : 0;
        if (create.sequential()) {
            nodes.get(parent).nextSequence = number + 1;
        }
        return "created " + path + " sequence=" + (create.sequential() ? number : 0) + " revision=" + (revision + 1)
                + " " + describe(path);
    }

    private boolean isPredecessor(Node node, long session) {
        String identity = coordination.sessions.get(session).clientIdentity();
        return node.owner != 0
                && node.owner != session
                && !identity.isEmpty()
                && identity.equals(coordination.sessions.get(node.owner).clientIdentity());
    }

    protected String numbered(long number) {
        return String.format("%010d", number);
    }

    private Node add(String path) {
        Node node = new Node();
        node.createdRevision = revision + 1;
        node.modifiedRevision = revision + 1;
        node.childrenRevision = revision + 1;
        node.createdAt = wall;
        node.modifiedAt = wall;
        Node parent = nodes.get(parentOf(path));
        parent.childrenVersion++;
        parent.childrenRevision = revision + 1;
        if (parent.kind == ZnodeKind.CONTAINER) {
            parent.deadline = 0;
        }
        nodes.put(path, node);
        return node;
    }

    private void expect(Node node, long version, long modifiedRevision) throws Refused {
        boolean met = (version == -1 || version == (node == null ? 0 : node.version))
                && (modifiedRevision == -1 || modifiedRevision == (node == null ? 0 : node.modifiedRevision));
        if (!met) {
            throw new Refused(RejectReason.VERSION_MISMATCH);
        }
    }

    private String set(Command.Set set) throws Refused {
        String path = set.path().toString();
        if (isReserved(path)) {
            throw new Refused(RejectReason.PATH_INVALID);
        }
        Node node = nodes.get(path);
        if (node == null && !set.allowMissing()) {
            throw new Refused(RejectReason.NODE_NOT_FOUND);
        }
        expect(node, set.expectedVersion(), set.expectedRevision());
        if (node == null) {
            create(new Command.Create(
                    set.path(),
                    ZnodeKind.PERSISTENT,
                    set.value(),
                    set.contentType(),
                    false,
                    null,
                    0,
                    false,
                    null,
                    false));
            nodes.get(path).nextSequence = set.leastSequence();
            return "updated " + path + " created=true changed=true revision=" + (revision + 1) + " previous=none "
                    + describe(path);
        }
        Object value = NaiveValues.read(set.value());
        if (NaiveValues.write(value).length > limits.value().maxBytes()) {
            throw new Refused(RejectReason.VALUE_TOO_LARGE);
        }
        if (set.leastSequence() > 0 && node.kind == ZnodeKind.EPHEMERAL) {
            throw new Refused(RejectReason.EPHEMERAL_PARENT);
        }
        String previous = set.returnPrevious() ? describe(path) : "none";
        if (set.ifChanged()
                && node.nextSequence >= set.leastSequence()
                && node.contentType.equals(set.contentType())
                && java.util.Arrays.equals(NaiveValues.write(node.value), set.value())) {
            return "updated " + path + " created=false changed=false revision=" + revision + " previous=" + previous
                    + " " + describe(path);
        }
        node.contentType = set.contentType();
        node.nextSequence = Math.max(node.nextSequence, set.leastSequence());
        return replaced(path, node, value, previous);
    }

    private String replaced(String path, Node node, Object value, String previous) {
        node.value(value);
        node.version++;
        node.modifiedRevision = revision + 1;
        node.modifiedAt = wall;
        if (node.kind == ZnodeKind.TTL && !node.absolute) {
            node.deadline = cluster + node.ttl;
        }
        return "updated " + path + " created=false changed=true revision=" + (revision + 1) + " previous=" + previous
                + " " + describe(path);
    }

    private String patch(Command.Patch patch) throws Refused, NaiveValues.Refused {
        String path = patch.path().toString();
        if (isReserved(path)) {
            throw new Refused(RejectReason.PATH_INVALID);
        }
        if (patch.operations().isEmpty() || patch.operations().size() > limits.maxTransactionOperations()) {
            throw new Refused(RejectReason.ARGUMENT_INVALID);
        }
        Node node = nodes.get(path);
        if (node == null) {
            throw new Refused(RejectReason.NODE_NOT_FOUND);
        }
        expect(node, patch.expectedVersion(), patch.expectedRevision());
        String previous = patch.returnPrevious() ? describe(path) : "none";
        Object value = NaiveValues.patch(NaiveValues.read(NaiveValues.write(node.value)), patch.operations());
        if (NaiveValues.write(value).length > limits.value().maxBytes()) {
            throw new Refused(RejectReason.VALUE_TOO_LARGE);
        }
        return replaced(path, node, value, previous);
    }

    private String delete(Command.Delete delete) throws Refused {
        String path = delete.path().toString();
        if (path.equals("/")) {
            throw new Refused(RejectReason.ROOT_IMMUTABLE);
        }
        if (isReserved(path)) {
            throw new Refused(RejectReason.PATH_INVALID);
        }
        Node node = nodes.get(path);
        if (node == null) {
            throw new Refused(RejectReason.NODE_NOT_FOUND);
        }
        expect(node, delete.expectedVersion(), delete.expectedRevision());
        if (!delete.recursive() && !children(path).isEmpty()) {
            throw new Refused(RejectReason.NODE_NOT_EMPTY);
        }
        if (deleted + descendants(path) + 1 > limits.maxRecursiveDelete()) {
            throw new Refused(RejectReason.TOO_MANY_NODES);
        }
        String previous = delete.returnPrevious() ? describe(path) : "none";
        int before = nodes.size();
        remove(path, ChangeCause.CLIENT);
        return "deleted " + path + " count=" + (before - nodes.size()) + " revision=" + (revision + 1) + " previous="
                + previous;
    }

    protected void remove(String path, ChangeCause cause) {
        Set<String> gone = new HashSet<>();
        for (String each : nodes.keySet()) {
            if (each.equals(path) || each.startsWith(path + "/")) {
                gone.add(each);
            }
        }
        gone.forEach(each -> causes.putIfAbsent(each, cause));
        nodes.keySet().removeAll(gone);
        deleted += gone.size();
        String parentPath = parentOf(path);
        Node parent = nodes.get(parentPath);
        parent.childrenVersion++;
        parent.childrenRevision = revision + 1;
        if (children(parentPath).isEmpty()) {
            if (parent.kind == ZnodeKind.CONTAINER) {
                remove(parentPath, ChangeCause.CONTAINER);
            } else if (parent.kind == ZnodeKind.TTL && !parent.absolute) {
                parent.deadline = cluster + parent.ttl;
            }
        }
    }

    private String tick(Command.Tick tick) {
        boolean changed = false;
        while (deleted < Math.min(tick.limit(), limits.maxRecursiveDelete())) {
            String due = null;
            for (Map.Entry<String, Node> each : nodes.entrySet()) {
                Node node = each.getValue();
                boolean isDue = node.deadline > 0
                        && node.deadline <= cluster
                        && children(each.getKey()).isEmpty();
                if (isDue
                        && (due == null
                                || node.deadline < nodes.get(due).deadline
                                || (node.deadline == nodes.get(due).deadline && treeOrder(each.getKey(), due) < 0))) {
                    due = each.getKey();
                }
            }
            if (due == null) {
                break;
            }
            remove(due, nodes.get(due).kind == ZnodeKind.TTL ? ChangeCause.TTL : ChangeCause.CONTAINER);
            changed = true;
        }
        coordination.tick(tick.limit());
        return "done revision=" + (changed || coordination.changed() ? revision + 1 : revision);
    }

    static int treeOrder(String a, String b) {
        return a.replace('/', '\u0001').compareTo(b.replace('/', '\u0001'));
    }

    /** The paths of all znodes in the order of a scan. */
    List<String> scanOrder() {
        List<String> paths = new ArrayList<>(nodes.keySet());
        paths.sort((a, b) -> a.equals("/") ? (b.equals("/") ? 0 : -1) : b.equals("/") ? 1 : treeOrder(a, b));
        return paths;
    }

    List<String> children(String path) {
        String prefix = path.equals("/") ? "/" : path + "/";
        return nodes.keySet().stream()
                .filter(each -> each.length() > prefix.length()
                        && each.startsWith(prefix)
                        && each.indexOf('/', prefix.length()) < 0)
                .sorted()
                .toList();
    }

    private long descendants(String path) {
        String prefix = path.equals("/") ? "/" : path + "/";
        return nodes.keySet().stream()
                .filter(each -> each.startsWith(prefix) && !each.equals(path))
                .count();
    }

    private boolean isReserved(String path) {
        boolean own = path.equals("/_sys") || path.startsWith("/_sys/");
        return internal
                ? !own
                : List.of("/_sys", "/zookeeper").stream()
                        .anyMatch(reserved -> path.equals(reserved) || path.startsWith(reserved + "/"));
    }

    static String parentOf(String path) {
        return path.lastIndexOf('/') == 0 ? "/" : path.substring(0, path.lastIndexOf('/'));
    }

    private Map<String, String> difference(Map<String, Node> before) {
        Map<String, String> changes = new HashMap<>();
        TreeMap<String, Node> after = nodes;
        Set<String> paths = new HashSet<>(before.keySet());
        paths.addAll(after.keySet());
        for (String path : paths) {
            Node old = before.get(path);
            Node now = after.get(path);
            boolean same = old != null && now != null && old.createdRevision == now.createdRevision;
            if (same && old.version != now.version) {
                changes.put("updated " + path, "CLIENT " + at(before, path) + " -> " + describe(path));
            }
            if (!same && old != null) {
                changes.put("deleted " + path, causes.get(path) + " " + at(before, path));
            }
            if (!same && now != null) {
                changes.put("created " + path, "CLIENT " + describe(path));
            }
        }
        return changes;
    }

    private String at(Map<String, Node> moment, String path) {
        TreeMap<String, Node> now = nodes;
        nodes = new TreeMap<>(moment);
        String text = describe(path);
        nodes = now;
        return text;
    }

    String describe(String path) {
        return facts(Objects.requireNonNull(nodes.get(path))) + " children="
                + children(path).size() + "/" + descendants(path);
    }

    private static String facts(Node n) {
        return n.kind + " v" + n.version + " c" + n.createdRevision + "@" + n.createdAt + " m" + n.modifiedRevision
                + "@" + n.modifiedAt + " ch" + n.childrenVersion + "@" + n.childrenRevision + " n" + n.nextSequence
                + " ttl" + n.ttl + (n.absolute ? "a" : "") + " d" + n.deadline + " o" + n.owner + " " + n.contentType
                + " "
                + n.valueHash;
    }

    /** The same text of a znode of the code under test. */
    static String describe(Znode n) {
        return n.kind() + " v" + n.version() + " c" + n.createdRevision() + "@" + n.createdAtMillis() + " m"
                + n.modifiedRevision() + "@" + n.modifiedAtMillis() + " ch" + n.childrenVersion() + "@"
                + n.childrenRevision() + " n" + n.nextSequence() + " ttl" + n.ttlMillis()
                + (n.ttlAbsolute() ? "a" : "") + " d" + n.deadlineMillis() + " o" + n.ownerSession() + " "
                + n.contentType() + " "
                + Long.toHexString(ValueHash.hash64(n.value())) + " children=" + n.childCount() + "/"
                + n.descendantCount();
    }

    /** The same text of a result of the code under test. */
    static String describe(CommandResult result) {
        if (result instanceof CommandResult.Created created) {
            return "created " + created.path() + " sequence=" + created.sequence() + " revision=" + created.revision()
                    + " " + describe(created.znode());
        } else if (result instanceof CommandResult.Updated updated) {
            return "updated " + updated.path() + " created=" + updated.created() + " changed=" + updated.changed()
                    + " revision=" + updated.revision() + " previous="
                    + (updated.previous() == null ? "none" : describe(updated.previous())) + " "
                    + describe(updated.znode());
        } else if (result instanceof CommandResult.Deleted gone) {
            return "deleted " + gone.path() + " count=" + gone.deletedCount() + " revision=" + gone.revision()
                    + " previous=" + (gone.previous() == null ? "none" : describe(gone.previous()));
        } else if (result instanceof CommandResult.Found found) {
            return "found " + (found.znode() == null ? "nothing" : describe(found.znode()));
        } else if (result instanceof CommandResult.Transacted transacted) {
            StringBuilder text = new StringBuilder("transacted " + transacted.succeeded());
            transacted
                    .results()
                    .forEach(each -> text.append(" [").append(describe(each)).append(']'));
            return text + " revision=" + transacted.revision();
        } else if (result instanceof CommandResult.Rejected rejected) {
            Rejection rejection = rejected.rejection();
            String index = rejection.metadata().get("op_index");
            return "rejected " + rejection.reason() + (index == null ? "" : " at " + index);
        } else if (result instanceof CommandResult.SessionOpened opened) {
            return "opened " + opened.session() + " revision=" + opened.revision();
        } else if (result instanceof CommandResult.SessionEnded ended) {
            return "ended count=" + ended.deletedCount() + " revision=" + ended.revision();
        } else if (result instanceof CommandResult.Acquired acquired) {
            return NaiveCoordination.acquired(
                    acquired.entry(), acquired.position(), acquired.holders(), acquired.revision());
        } else if (result instanceof CommandResult.Released released) {
            return "released revision=" + released.revision();
        } else if (result instanceof CommandResult.Proclaimed proclaimed) {
            return "proclaimed revision=" + proclaimed.revision();
        }
        return "done revision=" + ((CommandResult.Done) result).revision();
    }
}
