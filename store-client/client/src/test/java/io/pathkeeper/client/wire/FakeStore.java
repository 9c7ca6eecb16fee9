package io.pathkeeper.client.wire;

import io.pathkeeper.v1.BatchGetResponse;
import io.pathkeeper.v1.BatchGetResult;
import io.pathkeeper.v1.Child;
import io.pathkeeper.v1.CreateResponse;
import io.pathkeeper.v1.DeleteResponse;
import io.pathkeeper.v1.GetResponse;
import io.pathkeeper.v1.ListChildrenResponse;
import io.pathkeeper.v1.PatchResponse;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.PipelineOperation;
import io.pathkeeper.v1.PipelineResult;
import io.pathkeeper.v1.SetResponse;
import io.pathkeeper.v1.Stat;
import io.pathkeeper.v1.SyncResponse;
import io.pathkeeper.v1.TransactOperation;
import io.pathkeeper.v1.TransactResponse;
import io.pathkeeper.v1.TransactResult;
import io.pathkeeper.v1.Znode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The state that all fake servers of a test share, as if they were one cluster: a tree, a revision, the order in which writes were applied, and the
 * first result of each write by client and sequence.
 */
public final class FakeStore {
    private record Entry(Payload data, long version, long created, long modified) {}

    private final TreeMap<String, Entry> znodes = new TreeMap<>();
    private final Map<String, PipelineResult> results = new HashMap<>();
    private final List<String> applied = new ArrayList<>();
    private long revision;
    private int repeats;

    /** Carries out an operation; a write that was carried out before gets its first result. */
    public synchronized PipelineResult apply(String clientId, PipelineOperation operation) {
        String key = clientId + "#" + operation.getSequence();
        PipelineResult known = operation.getSequence() > 0 ? results.get(key) : null;
        if (known != null) {
            repeats++;
            return known.toBuilder()
                    .setCorrelationId(operation.getCorrelationId())
                    .build();
        }
        PipelineResult.Builder result = PipelineResult.newBuilder().setCorrelationId(operation.getCorrelationId());
        switch (operation.getOperationCase()) {
            case SET -> set(operation.getSet().getPath(), operation.getSet().getData(), result);
            case CREATE ->
                create(operation.getCreate().getPath(), operation.getCreate().getData(), result);
            case DELETE -> delete(operation.getDelete().getPath(), result);
            case PATCH -> {
                String path = operation.getPatch().getPath();
                Entry entry = znodes.get(path);
                if (entry == null) {
                    result.setError(FakeErrors.notFound(path));
                } else {
                    put(path, entry.data());
                    result.setPatch(
                            PatchResponse.newBuilder().setStat(stat(path)).setRevision(revision));
                }
            }
            case TRANSACT -> transact(operation, result);
            case GET -> get(operation.getGet().getPath(), result);
            case BATCH_GET -> {
                BatchGetResponse.Builder batch = BatchGetResponse.newBuilder();
                operation.getBatchGet().getPathsList().forEach(path -> batch.addResults(read(path)));
                result.setBatchGet(batch);
            }
            case LIST_CHILDREN -> list(operation, result);
            case SYNC -> result.setSync(SyncResponse.getDefaultInstance());
            default -> result.setError(FakeErrors.invalid("no operation"));
        }
        PipelineResult done = result.build();
        if (operation.getSequence() > 0) {
            results.put(key, done);
        }
        return done;
    }

    private void put(String path, Payload data) {
        revision++;
        Entry old = znodes.get(path);
        znodes.put(
                path,
                new Entry(data, old == null ? 1 : old.version() + 1, old == null ? revision : old.created(), revision));
        applied.add(path + "=" + data.getValue().getIntValue());
    }

    private void set(String path, Payload data, PipelineResult.Builder result) {
        boolean created = !znodes.containsKey(path);
        put(path, data);
        result.setSet(SetResponse.newBuilder()
                .setStat(stat(path))
                .setCreated(created)
                .setChanged(true)
                .setRevision(revision));
    }

    private void create(String path, Payload data, PipelineResult.Builder result) {
        if (znodes.containsKey(path)) {
            result.setError(FakeErrors.exists(path, znodes.get(path).modified()));
            return;
        }
        put(path, data);
        result.setCreate(
                CreateResponse.newBuilder().setPath(path).setStat(stat(path)).setRevision(revision));
    }

    private void delete(String path, PipelineResult.Builder result) {
        if (znodes.remove(path) == null) {
            result.setError(FakeErrors.notFound(path));
            return;
        }
        revision++;
        applied.add(path + " deleted");
        result.setDelete(DeleteResponse.newBuilder().setRevision(revision).setDeletedCount(1));
    }

    private void transact(PipelineOperation operation, PipelineResult.Builder result) {
        TransactResponse.Builder response = TransactResponse.newBuilder().setSucceeded(true);
        for (TransactOperation part : operation.getTransact().getThenList()) {
            if (part.hasSet()) {
                PipelineResult.Builder one = PipelineResult.newBuilder();
                set(part.getSet().getPath(), part.getSet().getData(), one);
                response.addResults(TransactResult.newBuilder().setSet(one.getSet()));
            } else {
                response.addResults(
                        TransactResult.newBuilder().setGet(read(part.getGet().getPath())));
            }
        }
        result.setTransact(response.setRevision(revision));
    }

    private void get(String path, PipelineResult.Builder result) {
        Entry entry = znodes.get(path);
        if (entry == null) {
            result.setError(FakeErrors.notFound(path));
        } else {
            result.setGet(
                    GetResponse.newBuilder().setPath(path).setStat(stat(path)).setData(entry.data()));
        }
    }

    private BatchGetResult read(String path) {
        Entry entry = znodes.get(path);
        BatchGetResult.Builder result =
                BatchGetResult.newBuilder().setPath(path).setFound(entry != null);
        return entry == null ? result.build() : result.setZnode(znode(path)).build();
    }

    private void list(PipelineOperation operation, PipelineResult.Builder result) {
        var request = operation.getListChildren();
        int from = request.getPageToken().isEmpty() ? 0 : Integer.parseInt(request.getPageToken());
        String prefix = request.getPath() + "/";
        List<String> names = znodes.keySet().stream()
                .filter(path -> path.startsWith(prefix))
                .map(path -> path.substring(prefix.length()))
                .toList();
        int to = Math.min(names.size(), from + request.getPageSize());
        ListChildrenResponse.Builder page = ListChildrenResponse.newBuilder().setRevision(revision);
        names.subList(from, to)
                .forEach(name -> page.addChildren(Child.newBuilder().setName(name)));
        result.setListChildren(page.setNextPageToken(to < names.size() ? Integer.toString(to) : ""));
    }

    private Stat stat(String path) {
        Entry entry = Objects.requireNonNull(znodes.get(path));
        return Stat.newBuilder()
                .setVersion(entry.version())
                .setCreatedRevision(entry.created())
                .setModifiedRevision(entry.modified())
                .build();
    }

    /** Returns a znode that exists. */
    public synchronized Znode znode(String path) {
        return Znode.newBuilder()
                .setPath(path)
                .setStat(stat(path))
                .setData(Objects.requireNonNull(znodes.get(path)).data())
                .build();
    }

    /** Returns the paths of all znodes. */
    public synchronized List<String> paths() {
        return List.copyOf(znodes.keySet());
    }

    /** Returns the changes in the order in which they were applied, as {@code path=integer}. */
    public synchronized List<String> applied() {
        return List.copyOf(applied);
    }

    /** Returns how many writes came again and were answered with their first result. */
    public synchronized int repeats() {
        return repeats;
    }

    /** Returns the revision. */
    public synchronized long revision() {
        return revision;
    }

    /** Raises the revision, as if others had written. */
    public synchronized void advanceTo(long newRevision) {
        revision = Math.max(revision, newRevision);
    }
}
