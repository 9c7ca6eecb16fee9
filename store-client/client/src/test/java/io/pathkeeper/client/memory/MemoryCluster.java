package io.pathkeeper.client.memory;

import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import io.grpc.Status.Code;
import io.pathkeeper.v1.BatchGetResponse;
import io.pathkeeper.v1.BatchGetResult;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.Event;
import io.pathkeeper.v1.EventCause;
import io.pathkeeper.v1.GetResponse;
import io.pathkeeper.v1.Guards;
import io.pathkeeper.v1.PipelineOperation;
import io.pathkeeper.v1.PipelineResult;
import io.pathkeeper.v1.ResponseHeader;
import io.pathkeeper.v1.SessionKey;
import io.pathkeeper.v1.SyncResponse;
import io.pathkeeper.v1.TransactOperation;
import io.pathkeeper.v1.TransactRequest;
import io.pathkeeper.v1.TransactResponse;
import io.pathkeeper.v1.TransactResult;
import io.pathkeeper.v1.Znode;
import io.pathkeeper.v1.ZnodeKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The state of the cluster: every change has one revision, after which all watchers look. Sessions live until the test or their client ends
 * them. All methods hold its monitor, and watchers are called with it.
 */
public final class MemoryCluster {
    /** A session. */
    record Session(long id, ByteString secret, String identity, long timeoutMillis) {}

    final MemoryTree tree = new MemoryTree();
    final MemoryLocks locks = new MemoryLocks();
    final Map<Long, Session> sessions = new TreeMap<>();
    final NavigableMap<Long, List<Event>> history = new TreeMap<>();
    final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private final Map<String, PipelineResult> results = new HashMap<>();
    private long nextSession = 1;
    private long revision;

    /** Returns the revision. */
    public synchronized long revision() {
        return revision;
    }

    synchronized ResponseHeader header() {
        return ResponseHeader.newBuilder()
                .setClusterId("memory")
                .setMemberId("memory")
                .setLeaderId("memory")
                .setTerm(1)
                .setRevision(revision)
                .build();
    }

    /** Makes a change at the next revision, wholly or not at all, then grants what fits and lets all watchers look. */
    synchronized <R> R change(Supplier<R> change) {
        TreeMap<String, Znode> before = tree.copy();
        revision++;
        tree.begin(revision);
        R result;
        try {
            result = change.get();
        } catch (Refused e) {
            tree.restore(before);
            revision--;
            throw e;
        }
        locks.grant(revision);
        if (!tree.changes().isEmpty()) {
            history.put(revision, tree.changes());
        }
        watchers.forEach(Runnable::run);
        return result;
    }

    /** Returns the paths of all znodes but the root. */
    public synchronized List<String> paths() {
        return tree.all().stream()
                .map(Znode::getPath)
                .filter(path -> !path.equals("/"))
                .toList();
    }

    /** Returns the ids of the open sessions. */
    public synchronized List<Long> sessionIds() {
        return List.copyOf(sessions.keySet());
    }

    /** Returns how many hold and wait for a lock. */
    public synchronized List<Integer> lockSizes(String path) {
        MemoryLocks.Queue queue = locks.queues.get(path);
        return queue == null ? List.of(0, 0) : List.of(queue.holders.size(), queue.waiters.size());
    }

    synchronized Session open(String identity, long timeoutMillis) {
        return change(() -> {
            byte[] secret = new byte[32];
            secret[0] = (byte) nextSession;
            Session session = new Session(nextSession++, ByteString.copyFrom(secret), identity, timeoutMillis);
            sessions.put(session.id(), session);
            return session;
        });
    }

    synchronized Session find(SessionKey key) {
        Session session = sessions.get(key.getId());
        if (session == null) {
            throw Refused.precondition("SESSION_EXPIRED", "session " + key.getId());
        }
        if (!session.secret().equals(key.getSecret())) {
            throw new Refused(Code.PERMISSION_DENIED, "SESSION_SECRET_WRONG", "session " + key.getId());
        }
        return session;
    }

    /** Ends a session as its expiry does. */
    public synchronized void expire(long sessionId) {
        end(sessionId, EventCause.EVENT_CAUSE_SESSION_EXPIRED);
    }

    synchronized void end(long sessionId, EventCause cause) {
        change(() -> {
            sessions.remove(sessionId);
            for (Znode znode : tree.all()) {
                if (znode.getStat().getOwnerSession() == sessionId) {
                    tree.remove(znode.getPath(), cause);
                }
            }
            locks.removeSession(sessionId);
            return revision;
        });
    }

    private void check(Guards guards) {
        if (guards.hasRequireSession()) {
            find(guards.getRequireSession());
        }
        if (guards.hasRequireLock()
                && !locks.holds(
                        guards.getRequireLock().getPath(),
                        guards.getRequireLock().getToken())) {
            throw Refused.precondition("LOCK_NOT_HELD", guards.getRequireLock().getPath());
        }
    }

    /** Carries out an operation of a pipeline; a write that was carried out before gets its first result. */
    synchronized PipelineResult apply(String clientId, PipelineOperation operation) {
        String name = clientId + "#" + operation.getSequence();
        PipelineResult known = operation.getSequence() > 0 ? results.get(name) : null;
        PipelineResult.Builder result;
        if (known != null) {
            result = known.toBuilder();
        } else {
            result = PipelineResult.newBuilder();
            try {
                run(operation, result);
            } catch (Refused e) {
                result.setError(e.status);
            }
            if (operation.getSequence() > 0) {
                results.put(name, result.build());
            }
        }
        return result.setCorrelationId(operation.getCorrelationId()).build();
    }

    private void run(PipelineOperation operation, PipelineResult.Builder out) {
        switch (operation.getOperationCase()) {
            case CREATE ->
                out.setCreate(change(() -> {
                    check(operation.getCreate().getGuards());
                    return create(operation.getCreate());
                }));
            case SET ->
                out.setSet(change(() -> {
                    check(operation.getSet().getGuards());
                    return tree.set(operation.getSet());
                }));
            case PATCH ->
                out.setPatch(change(() -> {
                    check(operation.getPatch().getGuards());
                    return tree.patch(operation.getPatch());
                }));
            case DELETE ->
                out.setDelete(change(() -> {
                    check(operation.getDelete().getGuards());
                    return tree.delete(operation.getDelete(), EventCause.EVENT_CAUSE_CLIENT);
                }));
            case TRANSACT -> out.setTransact(transact(operation.getTransact()));
            case GET -> {
                Znode found = tree.get(operation.getGet().getPath());
                out.setGet(GetResponse.newBuilder()
                        .setPath(found.getPath())
                        .setStat(found.getStat())
                        .setData(found.getData()));
            }
            case BATCH_GET -> {
                BatchGetResponse.Builder batch = BatchGetResponse.newBuilder();
                operation.getBatchGet().getPathsList().forEach(path -> batch.addResults(read(path)));
                out.setBatchGet(batch);
            }
            case LIST_CHILDREN -> out.setListChildren(tree.list(operation.getListChildren(), revision));
            case SYNC -> out.setSync(SyncResponse.getDefaultInstance());
            default -> out.setError(Status.newBuilder().setCode(Code.INVALID_ARGUMENT.value()));
        }
    }

    private BatchGetResult read(String path) {
        Znode found = tree.find(path);
        BatchGetResult.Builder result =
                BatchGetResult.newBuilder().setPath(path).setFound(found != null);
        return found == null ? result.build() : result.setZnode(found).build();
    }

    private io.pathkeeper.v1.CreateResponse create(CreateRequest request) {
        if (request.getKind() != ZnodeKind.ZNODE_KIND_EPHEMERAL) {
            return tree.create(request, 0, "", false);
        }
        Session session = find(request.getSession());
        Znode old = tree.find(request.getPath());
        boolean takeOver = old != null
                && request.getTakeOverIdentity()
                && !session.identity().isEmpty()
                && old.getStat().getOwnerSession() != session.id()
                && old.getStat().getOwnerIdentity().equals(session.identity());
        return tree.create(request, session.id(), session.identity(), takeOver);
    }

    private TransactResponse transact(TransactRequest request) {
        check(request.getGuards());
        boolean succeeded = request.getConditionsList().stream().allMatch(tree::holds);
        List<TransactOperation> operations = succeeded ? request.getThenList() : request.getOtherwiseList();
        TransactResponse.Builder response = TransactResponse.newBuilder().setSucceeded(succeeded);
        if (operations.stream().allMatch(TransactOperation::hasGet)) {
            operations.forEach(one -> response.addResults(one(one)));
            return response.setRevision(revision).build();
        }
        return change(() -> {
            List<TransactResult> parts = new ArrayList<>();
            operations.forEach(one -> parts.add(one(one)));
            return response.addAllResults(parts).setRevision(revision).build();
        });
    }

    private TransactResult one(TransactOperation operation) {
        TransactResult.Builder result = TransactResult.newBuilder();
        switch (operation.getOperationCase()) {
            case CREATE -> result.setCreate(create(operation.getCreate()));
            case SET -> result.setSet(tree.set(operation.getSet()));
            case PATCH -> result.setPatch(tree.patch(operation.getPatch()));
            case DELETE -> result.setDelete(tree.delete(operation.getDelete(), EventCause.EVENT_CAUSE_CLIENT));
            case GET -> result.setGet(read(operation.getGet().getPath()));
            default -> throw new Refused(Code.INVALID_ARGUMENT, "ARGUMENT_INVALID", "operation");
        }
        return result.build();
    }
}
