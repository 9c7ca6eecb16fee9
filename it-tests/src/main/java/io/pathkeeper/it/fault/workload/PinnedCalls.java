package io.pathkeeper.it.fault.workload;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.v1.BatchGetRequest;
import io.pathkeeper.v1.BatchGetResult;
import io.pathkeeper.v1.Child;
import io.pathkeeper.v1.Condition;
import io.pathkeeper.v1.Consistency;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.CreateResponse;
import io.pathkeeper.v1.DeleteRequest;
import io.pathkeeper.v1.DeleteResponse;
import io.pathkeeper.v1.FieldCondition;
import io.pathkeeper.v1.FieldOperation;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.ListChildrenRequest;
import io.pathkeeper.v1.ListChildrenResponse;
import io.pathkeeper.v1.ListValue;
import io.pathkeeper.v1.PatchRequest;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.ReadOptions;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.StoreServiceGrpc.StoreServiceBlockingStub;
import io.pathkeeper.v1.TransactOperation;
import io.pathkeeper.v1.TransactRequest;
import io.pathkeeper.v1.TransactResponse;
import io.pathkeeper.v1.TransactResult;
import io.pathkeeper.v1.Value;
import io.pathkeeper.v1.View;
import io.pathkeeper.v1.Znode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Single calls to one server and no other, nothing repeated. */
final class PinnedCalls implements StoreCalls {
    private static final Duration TIME_LIMIT = Duration.ofSeconds(5);
    private static final Set<Status.Code> UNKNOWN = Set.of(
            Status.Code.UNAVAILABLE,
            Status.Code.DEADLINE_EXCEEDED,
            Status.Code.CANCELLED,
            Status.Code.UNKNOWN,
            Status.Code.INTERNAL);

    private final ServerStubs server;

    /** Calls over stubs that somebody else closes. */
    PinnedCalls(ServerStubs server) {
        this.server = server;
    }

    @Override
    public Created create(String path, @Nullable Long value) {
        Payload data = value == null
                ? Payload.newBuilder()
                        .setValue(Value.newBuilder().setListValue(ListValue.getDefaultInstance()))
                        .build()
                : payload(value);
        return created(call(store -> store.create(
                CreateRequest.newBuilder().setPath(path).setData(data).build())));
    }

    @Override
    public Created createLarge(String path, long value, int characters) {
        Payload data = Payload.newBuilder()
                .setValue(Value.newBuilder().setStringValue(LargeNumber.text(value, characters)))
                .build();
        return created(call(store -> store.create(
                CreateRequest.newBuilder().setPath(path).setData(data).build())));
    }

    @Override
    public Created createSequential(String parent, long value) {
        return created(call(store -> store.create(CreateRequest.newBuilder()
                .setPath(parent + "/")
                .setSequential(true)
                .setData(payload(value))
                .build())));
    }

    @Override
    public Seen get(String path) {
        try {
            Znode.Builder znode = Znode.newBuilder();
            var answer = call(
                    store -> store.get(GetRequest.newBuilder().setPath(path).build()));
            return seen(
                    znode.setStat(answer.getStat()).setData(answer.getData()).build());
        } catch (CallFailure e) {
            if (e.isRefused("NODE_NOT_FOUND")) {
                return new Seen(false, List.of(), 0);
            }
            throw e;
        }
    }

    @Override
    public List<Seen> getAll(List<String> paths, boolean local) {
        ReadOptions options = ReadOptions.newBuilder()
                .setConsistency(local ? Consistency.CONSISTENCY_LOCAL : Consistency.CONSISTENCY_LINEARIZABLE)
                .build();
        BatchGetRequest request = BatchGetRequest.newBuilder()
                .addAllPaths(paths)
                .setOptions(options)
                .build();
        return call(store -> store.batchGet(request)).getResultsList().stream()
                .map(PinnedCalls::seen)
                .toList();
    }

    @Override
    public long set(String path, long value) {
        return call(store -> store.set(SetRequest.newBuilder()
                        .setPath(path)
                        .setData(payload(value))
                        .build()))
                .getRevision();
    }

    @Override
    public long setIf(String path, long value, long expectedRevision) {
        return call(store -> store.set(SetRequest.newBuilder()
                        .setPath(path)
                        .setData(payload(value))
                        .setExpectedRevision(expectedRevision)
                        .build()))
                .getRevision();
    }

    @Override
    public long add(String path, long delta) {
        PatchRequest request =
                addition(path, delta).toBuilder().setReturnData(true).build();
        return call(store -> store.patch(request)).getData().getValue().getIntValue();
    }

    @Override
    public long append(String path, long number) {
        return call(store -> store.patch(appending(path, number))).getRevision();
    }

    @Override
    public Deleted delete(String path, boolean recursive) {
        DeleteResponse response = call(store -> store.delete(
                DeleteRequest.newBuilder().setPath(path).setRecursive(recursive).build()));
        return new Deleted(response.getDeletedCount(), response.getRevision());
    }

    @Override
    public List<Long> children(String parent) {
        List<Long> numbers = new ArrayList<>();
        String token = "";
        do {
            ListChildrenRequest request = ListChildrenRequest.newBuilder()
                    .setPath(parent)
                    .setPageSize(1000)
                    .setView(View.VIEW_FULL)
                    .setPageToken(token)
                    .build();
            ListChildrenResponse page = call(store -> store.listChildren(request));
            for (Child child : page.getChildrenList()) {
                numbers.addAll(numbers(child.getData().getValue()));
            }
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        return numbers;
    }

    @Override
    public Transacted transact(List<AtLeast> conditions, List<Step> steps) {
        TransactRequest.Builder request = TransactRequest.newBuilder();
        for (AtLeast condition : conditions) {
            request.addConditions(Condition.newBuilder()
                    .setPath(condition.path())
                    .setField(FieldCondition.newBuilder()
                            .setComparison(Condition.Comparison.COMPARISON_GREATER_OR_EQUAL)
                            .setValue(payload(condition.number()))));
        }
        steps.forEach(step -> request.addThen(operation(step)));
        TransactResponse response = call(store -> store.transact(request.build()));
        List<Seen> reads = response.getResultsList().stream()
                .filter(TransactResult::hasGet)
                .map(result -> seen(result.getGet()))
                .toList();
        return new Transacted(response.getSucceeded(), reads, response.getRevision());
    }

    @Override
    public void close() {
        // the stubs are somebody else's
    }

    private static TransactOperation operation(Step step) {
        TransactOperation.Builder operation = TransactOperation.newBuilder();
        if (step instanceof AppendTo append) {
            return operation.setPatch(appending(append.path(), append.number())).build();
        }
        if (step instanceof AddTo add) {
            return operation.setPatch(addition(add.path(), add.delta())).build();
        }
        if (step instanceof PutTo put) {
            return operation
                    .setSet(SetRequest.newBuilder().setPath(put.path()).setData(payload(put.number())))
                    .build();
        }
        return operation.setGet(GetRequest.newBuilder().setPath(step.path())).build();
    }

    private static PatchRequest addition(String path, long delta) {
        return PatchRequest.newBuilder()
                .setPath(path)
                .addOperations(FieldOperation.newBuilder()
                        .setType(FieldOperation.Type.TYPE_INCREMENT)
                        .setDelta(delta))
                .build();
    }

    private static PatchRequest appending(String path, long number) {
        return PatchRequest.newBuilder()
                .setPath(path)
                .addOperations(FieldOperation.newBuilder()
                        .setType(FieldOperation.Type.TYPE_LIST_APPEND)
                        .setValue(payload(number)))
                .build();
    }

    private static Payload payload(long value) {
        return Payload.newBuilder()
                .setValue(Value.newBuilder().setIntValue(value))
                .build();
    }

    private static Created created(CreateResponse response) {
        return new Created(response.getPath(), response.getSequence(), response.getRevision());
    }

    private static Seen seen(BatchGetResult result) {
        return result.getFound() ? seen(result.getZnode()) : new Seen(false, List.of(), 0);
    }

    private static Seen seen(Znode znode) {
        return new Seen(
                true, numbers(znode.getData().getValue()), znode.getStat().getModifiedRevision());
    }

    /** The only number; 0 when there is none. */
    static long number(Payload data) {
        List<Long> numbers = numbers(data.getValue());
        return numbers.isEmpty() ? 0 : numbers.get(0);
    }

    private static List<Long> numbers(Value value) {
        return switch (value.getKindCase()) {
            case STRING_VALUE -> List.of(LargeNumber.number(value.getStringValue()));
            case INT_VALUE -> List.of(value.getIntValue());
            case LIST_VALUE ->
                value.getListValue().getItemsList().stream()
                        .map(Value::getIntValue)
                        .toList();
            default -> List.of();
        };
    }

    private <T> T call(Function<StoreServiceBlockingStub, T> call) {
        try {
            return call.apply(server.store(TIME_LIMIT));
        } catch (StatusRuntimeException e) {
            throw failure(e);
        }
    }

    /** What a status says of the outcome. */
    static CallFailure failure(StatusRuntimeException e) {
        return new CallFailure(!UNKNOWN.contains(e.getStatus().getCode()), ServerStubs.reasonOf(e), e);
    }
}
