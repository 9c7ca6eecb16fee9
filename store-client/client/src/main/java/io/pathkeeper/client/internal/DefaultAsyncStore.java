package io.pathkeeper.client.internal;

import com.google.protobuf.MessageLite;
import io.pathkeeper.client.AsyncStore;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.model.AlarmList;
import io.pathkeeper.client.model.BackupPart;
import io.pathkeeper.client.model.BatchGetResult;
import io.pathkeeper.client.model.Child;
import io.pathkeeper.client.model.ChildrenPage;
import io.pathkeeper.client.model.ClusterInfo;
import io.pathkeeper.client.model.Consistency;
import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.CreateResult;
import io.pathkeeper.client.model.DeleteOptions;
import io.pathkeeper.client.model.DeleteResult;
import io.pathkeeper.client.model.ListOptions;
import io.pathkeeper.client.model.Member;
import io.pathkeeper.client.model.MemberStatus;
import io.pathkeeper.client.model.Patch;
import io.pathkeeper.client.model.PatchOptions;
import io.pathkeeper.client.model.PatchResult;
import io.pathkeeper.client.model.ReadOptions;
import io.pathkeeper.client.model.ScanChunk;
import io.pathkeeper.client.model.ScanOptions;
import io.pathkeeper.client.model.SetOptions;
import io.pathkeeper.client.model.SetResult;
import io.pathkeeper.client.model.TransactResult;
import io.pathkeeper.client.model.Transaction;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.v1.ClusterServiceGrpc;
import io.pathkeeper.v1.GetClusterInfoRequest;
import io.pathkeeper.v1.GetMemberStatusRequest;
import io.pathkeeper.v1.ListAlarmsRequest;
import io.pathkeeper.v1.ListMembersRequest;
import io.pathkeeper.v1.MaintenanceServiceGrpc;
import io.pathkeeper.v1.SyncRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The store: turns calls into operations of the pipeline. Has no state of its own; any thread. */
final class DefaultAsyncStore implements AsyncStore {
    private static final long MAX_REQUEST_BYTES = 2L << 20;

    private final PipelineEngine engine;
    private final UnaryCalls calls;
    private final Scans scans;
    private final long requestTimeoutNanos;

    DefaultAsyncStore(PipelineEngine engine, UnaryCalls calls, Scans scans, Duration requestTimeout) {
        this.engine = engine;
        this.calls = calls;
        this.scans = scans;
        this.requestTimeoutNanos = requestTimeout.toNanos();
    }

    @Override
    public CompletableFuture<CreateResult> create(String path, Value value, CreateOptions options) {
        return send(
                path,
                options.timeout(),
                () -> ToProto.create(path, value, options),
                (result, revision) -> FromProto.create(result.getCreate()));
    }

    @Override
    public CompletableFuture<Znode> get(String path, ReadOptions options) {
        return send(
                path,
                options.timeout(),
                () -> ReadProto.get(path, options),
                (result, revision) -> FromProto.get(result.getGet(), options.view(), revision));
    }

    @Override
    public CompletableFuture<BatchGetResult> batchGet(List<String> paths, ReadOptions options) {
        List<String> copy = List.copyOf(paths);
        return send(
                copy.isEmpty() ? "" : copy.get(0),
                options.timeout(),
                () -> ReadProto.batchGet(copy, options),
                (result, revision) -> FromProto.batchGet(result.getBatchGet(), options.view(), revision));
    }

    @Override
    public CompletableFuture<SetResult> set(String path, Value value, SetOptions options) {
        return send(
                path,
                options.timeout(),
                () -> ToProto.set(path, value, options),
                (result, revision) -> FromProto.set(path, result.getSet()));
    }

    @Override
    public CompletableFuture<PatchResult> patch(String path, Patch patch, PatchOptions options) {
        return send(
                path,
                options.timeout(),
                () -> ToProto.patch(path, patch, options),
                (result, revision) -> FromProto.patch(path, result.getPatch()));
    }

    @Override
    public CompletableFuture<DeleteResult> delete(String path, DeleteOptions options) {
        return send(
                path,
                options.timeout(),
                () -> ToProto.delete(path, options),
                (result, revision) -> FromProto.delete(path, result.getDelete()));
    }

    @Override
    public CompletableFuture<ChildrenPage> listChildren(String path, ListOptions options) {
        return send(
                path,
                options.timeout(),
                () -> ReadProto.list(path, options),
                (result, revision) -> FromProto.page(result.getListChildren(), options.view()));
    }

    @Override
    public Flow.Publisher<Child> allChildren(String path, ListOptions options) {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(options, "options");
        return subscriber -> new ChildrenSubscription(this, path, options, subscriber, scans.newCallbacks()).start();
    }

    @Override
    public Flow.Publisher<ScanChunk> scanSubtree(String path, ScanOptions options) {
        return scans.scan(path, options, requestTimeoutNanos);
    }

    @Override
    public Flow.Publisher<BackupPart> backup(Consistency consistency) {
        return scans.backup(consistency, requestTimeoutNanos);
    }

    @Override
    public CompletableFuture<TransactResult> transact(Transaction transaction) {
        return send(
                pathOf(transaction),
                transaction.timeout(),
                () -> ToProto.transaction(transaction),
                (result, revision) -> FromProto.transaction(transaction, result.getTransact()));
    }

    private static String pathOf(Transaction transaction) {
        if (!transaction.then().isEmpty()) {
            return transaction.then().get(0).path();
        }
        return transaction.conditions().isEmpty()
                ? ""
                : transaction.conditions().get(0).path();
    }

    @Override
    public CompletableFuture<Long> sync() {
        return send("the store", null, SyncRequest::getDefaultInstance, (result, revision) -> revision);
    }

    @Override
    public CompletableFuture<ClusterInfo> clusterInfo() {
        return calls.call(
                ClusterServiceGrpc.getGetClusterInfoMethod(),
                GetClusterInfoRequest.getDefaultInstance(),
                requestTimeoutNanos,
                ClusterProto::clusterInfo);
    }

    @Override
    public CompletableFuture<List<Member>> listMembers() {
        return calls.call(
                ClusterServiceGrpc.getListMembersMethod(),
                ListMembersRequest.getDefaultInstance(),
                requestTimeoutNanos,
                response -> ClusterProto.members(response.getMembersList()));
    }

    @Override
    public CompletableFuture<MemberStatus> memberStatus() {
        return calls.call(
                MaintenanceServiceGrpc.getGetMemberStatusMethod(),
                GetMemberStatusRequest.getDefaultInstance(),
                requestTimeoutNanos,
                ClusterProto::memberStatus);
    }

    @Override
    public CompletableFuture<MemberStatus> memberStatus(String address) {
        return calls.callAt(
                address,
                MaintenanceServiceGrpc.getGetMemberStatusMethod(),
                GetMemberStatusRequest.getDefaultInstance(),
                requestTimeoutNanos,
                ClusterProto::memberStatus);
    }

    @Override
    public CompletableFuture<AlarmList> listAlarms() {
        return calls.gather(
                MaintenanceServiceGrpc.getListAlarmsMethod(),
                ListAlarmsRequest.getDefaultInstance(),
                requestTimeoutNanos,
                ClusterProto::alarms);
    }

    private <R> CompletableFuture<R> send(
            String path,
            @Nullable Duration timeout,
            Supplier<? extends MessageLite> request,
            Operations.Decoder<R> decoder) {
        try {
            PendingOperation<R> operation = Operations.of(
                    Objects.requireNonNull(path, "path"),
                    request.get(),
                    timeout == null ? requestTimeoutNanos : timeout.toNanos(),
                    decoder);
            if (operation.sizeBytes > MAX_REQUEST_BYTES) {
                throw Errors.tooLarge(path, operation.sizeBytes, MAX_REQUEST_BYTES);
            }
            engine.submit(operation);
            return operation.future;
        } catch (PathkeeperException e) {
            return CompletableFuture.failedFuture(e);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(Errors.invalid(Reason.VALUE_INVALID, e, Map.of("path", path)));
        }
    }
}
