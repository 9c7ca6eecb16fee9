package io.pathkeeper.client.internal;

import io.pathkeeper.client.model.BatchGetResult;
import io.pathkeeper.client.model.Child;
import io.pathkeeper.client.model.ChildrenPage;
import io.pathkeeper.client.model.CreateResult;
import io.pathkeeper.client.model.DeleteResult;
import io.pathkeeper.client.model.Operation;
import io.pathkeeper.client.model.OperationResult;
import io.pathkeeper.client.model.PatchResult;
import io.pathkeeper.client.model.ReadResult;
import io.pathkeeper.client.model.ScanChunk;
import io.pathkeeper.client.model.SetResult;
import io.pathkeeper.client.model.Stat;
import io.pathkeeper.client.model.TransactResult;
import io.pathkeeper.client.model.Transaction;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.View;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.client.model.ZnodeKind;
import io.pathkeeper.v1.BatchGetResponse;
import io.pathkeeper.v1.CreateResponse;
import io.pathkeeper.v1.DeleteResponse;
import io.pathkeeper.v1.GetResponse;
import io.pathkeeper.v1.ListChildrenResponse;
import io.pathkeeper.v1.MapEntry;
import io.pathkeeper.v1.PatchResponse;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.ScanSubtreeResponse;
import io.pathkeeper.v1.SetResponse;
import io.pathkeeper.v1.TransactResponse;
import io.pathkeeper.v1.TransactResult.ResultCase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads results of the store from the form of the wire. */
final class FromProto {
    private FromProto() {}

    static Value value(Payload payload) {
        return switch (payload.getBodyCase()) {
            case VALUE -> value(payload.getValue());
            case JSON -> Value.json(payload.getJson());
            case RAW -> Value.of(payload.getRaw().toByteArray());
            case BODY_NOT_SET -> Value.NULL;
        };
    }

    static Value value(io.pathkeeper.v1.Value value) {
        return switch (value.getKindCase()) {
            case NULL_VALUE, KIND_NOT_SET -> Value.NULL;
            case BOOL_VALUE -> Value.of(value.getBoolValue());
            case INT_VALUE -> Value.of(value.getIntValue());
            case DOUBLE_VALUE -> Value.of(value.getDoubleValue());
            case STRING_VALUE -> Value.of(value.getStringValue());
            case BYTES_VALUE -> Value.of(value.getBytesValue().toByteArray());
            case LIST_VALUE -> {
                List<Value> items = new ArrayList<>(value.getListValue().getItemsCount());
                value.getListValue().getItemsList().forEach(item -> items.add(value(item)));
                yield Value.of(items);
            }
            case MAP_VALUE -> {
                Map<String, Value> entries = new LinkedHashMap<>();
                for (MapEntry entry : value.getMapValue().getEntriesList()) {
                    entries.put(entry.getKey(), value(entry.getValue()));
                }
                yield Value.of(entries);
            }
        };
    }

    static Stat stat(io.pathkeeper.v1.Stat stat) {
        return new Stat(
                stat.getCreatedRevision(),
                stat.getModifiedRevision(),
                stat.getChildrenRevision(),
                stat.getAclRevision(),
                Instant.ofEpochMilli(stat.getCreatedAtMs()),
                Instant.ofEpochMilli(stat.getModifiedAtMs()),
                stat.getVersion(),
                stat.getChildrenVersion(),
                stat.getAclVersion(),
                stat.getOwnerSession(),
                stat.getOwnerIdentity(),
                stat.getDataBytes(),
                stat.getChildCount(),
                stat.getDescendantCount(),
                stat.getNextSequence(),
                switch (stat.getKind()) {
                    case ZNODE_KIND_EPHEMERAL -> ZnodeKind.EPHEMERAL;
                    case ZNODE_KIND_CONTAINER -> ZnodeKind.CONTAINER;
                    case ZNODE_KIND_TTL -> ZnodeKind.TTL;
                    default -> ZnodeKind.PERSISTENT;
                },
                stat.getTtlMs() == 0 ? Duration.ZERO : Duration.ofMillis(stat.getTtlMs()),
                stat.getContentHash());
    }

    /** Reads a znode; with the full view a value that is not set is null, with the others it was left out. */
    static Znode znode(io.pathkeeper.v1.Znode znode, boolean full, long revision) {
        return new Znode(
                znode.getPath(),
                znode.hasStat() ? stat(znode.getStat()) : null,
                full || znode.hasData() ? value(znode.getData()) : null,
                znode.getData().getContentType(),
                revision);
    }

    static @Nullable Znode previous(boolean present, io.pathkeeper.v1.Znode znode, long revision) {
        return present ? znode(znode, true, revision - 1) : null;
    }

    static CreateResult create(CreateResponse response) {
        return new CreateResult(
                response.getPath(), stat(response.getStat()), response.getSequence(), response.getRevision());
    }

    static SetResult set(String path, SetResponse response) {
        return new SetResult(
                path,
                stat(response.getStat()),
                response.getCreated(),
                response.getChanged(),
                response.getRevision(),
                previous(response.hasPrevious(), response.getPrevious(), response.getRevision()));
    }

    static PatchResult patch(String path, PatchResponse response) {
        return new PatchResult(
                path,
                stat(response.getStat()),
                response.getRevision(),
                response.hasData() ? value(response.getData()) : null,
                previous(response.hasPrevious(), response.getPrevious(), response.getRevision()));
    }

    static DeleteResult delete(String path, DeleteResponse response) {
        return new DeleteResult(
                path,
                response.getRevision(),
                response.getDeletedCount(),
                previous(response.hasPrevious(), response.getPrevious(), response.getRevision()));
    }

    static Znode get(GetResponse response, View view, long revision) {
        return new Znode(
                response.getPath(),
                response.hasStat() ? stat(response.getStat()) : null,
                view == View.FULL || response.hasData() ? value(response.getData()) : null,
                response.getData().getContentType(),
                revision);
    }

    static ReadResult read(io.pathkeeper.v1.BatchGetResult result, boolean full, long revision) {
        return new ReadResult(
                result.getPath(),
                result.getFound() ? Optional.of(znode(result.getZnode(), full, revision)) : Optional.empty());
    }

    static BatchGetResult batchGet(BatchGetResponse response, View view, long revision) {
        List<ReadResult> results = new ArrayList<>(response.getResultsCount());
        response.getResultsList().forEach(result -> results.add(read(result, view == View.FULL, revision)));
        return new BatchGetResult(results, revision);
    }

    static ChildrenPage page(ListChildrenResponse response, View view) {
        List<Child> children = new ArrayList<>(response.getChildrenCount());
        for (io.pathkeeper.v1.Child child : response.getChildrenList()) {
            children.add(new Child(
                    child.getName(),
                    child.hasStat() ? stat(child.getStat()) : null,
                    view == View.FULL || child.hasData() ? value(child.getData()) : null,
                    child.getData().getContentType()));
        }
        return new ChildrenPage(
                children, response.getNextPageToken(), response.getRevision(), stat(response.getParentStat()));
    }

    static ScanChunk chunk(ScanSubtreeResponse response, View view) {
        List<Znode> znodes = new ArrayList<>(response.getZnodesCount());
        response.getZnodesList().forEach(znode -> znodes.add(znode(znode, view == View.FULL, response.getRevision())));
        return new ScanChunk(znodes, response.getRevision(), response.getLast());
    }

    /**
     * Reads what a transaction did.
     *
     * @throws IllegalStateException when the results do not fit the operations: the answer breaks the protocol
     */
    static TransactResult transaction(Transaction transaction, TransactResponse response) {
        List<Operation> operations = response.getSucceeded() ? transaction.then() : transaction.otherwise();
        if (operations.size() != response.getResultsCount()) {
            throw new IllegalStateException("the server answered " + operations.size() + " operations with "
                    + response.getResultsCount() + " results");
        }
        List<OperationResult> results = new ArrayList<>(operations.size());
        for (int i = 0; i < operations.size(); i++) {
            results.add(operation(operations.get(i), response.getResults(i), response.getRevision()));
        }
        return new TransactResult(response.getSucceeded(), results, response.getRevision());
    }

    private static OperationResult operation(
            Operation operation, io.pathkeeper.v1.TransactResult result, long revision) {
        ResultCase got = result.getResultCase();
        if (operation instanceof Operation.Create && got == ResultCase.CREATE) {
            return create(result.getCreate());
        } else if (operation instanceof Operation.Set set && got == ResultCase.SET) {
            return set(set.path(), result.getSet());
        } else if (operation instanceof Operation.Change change && got == ResultCase.PATCH) {
            return patch(change.path(), result.getPatch());
        } else if (operation instanceof Operation.Delete delete && got == ResultCase.DELETE) {
            return delete(delete.path(), result.getDelete());
        } else if (operation instanceof Operation.Get get && got == ResultCase.GET) {
            return read(result.getGet(), get.options().view() == View.FULL, revision);
        }
        throw new IllegalStateException("the server answered " + operation + " with a result of kind " + got);
    }
}
