package io.pathkeeper.server.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.metrics.RpcMeters;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.store.ProposalListener;
import io.pathkeeper.server.store.ProposalTimes;
import io.pathkeeper.server.store.ReadRequest;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.store.StoreService;
import io.pathkeeper.server.store.ViewListener;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.v1.BatchGetRequest;
import io.pathkeeper.v1.BatchGetResponse;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.CreateResponse;
import io.pathkeeper.v1.DeleteRequest;
import io.pathkeeper.v1.DeleteResponse;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.GetResponse;
import io.pathkeeper.v1.ListChildrenRequest;
import io.pathkeeper.v1.ListChildrenResponse;
import io.pathkeeper.v1.PatchRequest;
import io.pathkeeper.v1.PatchResponse;
import io.pathkeeper.v1.PipelineRequest;
import io.pathkeeper.v1.PipelineResponse;
import io.pathkeeper.v1.ScanSubtreeRequest;
import io.pathkeeper.v1.ScanSubtreeResponse;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.SetResponse;
import io.pathkeeper.v1.StoreServiceGrpc;
import io.pathkeeper.v1.SyncRequest;
import io.pathkeeper.v1.SyncResponse;
import io.pathkeeper.v1.TransactRequest;
import io.pathkeeper.v1.TransactResponse;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** StoreService on the wire. Calls are read on the transport's threads, which never wait here. */
final class StoreEndpoint extends StoreServiceGrpc.StoreServiceImplBase {
    private final StoreContext context;
    private final StoreService store;
    private final CommandReader commands;
    private final ScanRegistry scans;

    StoreEndpoint(StoreContext context, ScanRegistry scans) {
        this.context = context;
        this.store = context.store();
        this.commands = context.commands();
        this.scans = scans;
    }

    @Override
    public void create(CreateRequest r, StreamObserver<CreateResponse> observer) {
        write(
                observer,
                () -> commands.create(r),
                () -> FieldReader.requestId(r.hasRequestId(), r.getRequestId()),
                (result, shape) -> {
                    CreateResponse.Builder out = ResultWriter.create(result, context.owners());
                    return out.setHeader(context.headers().header(out.getRevision()))
                            .build();
                });
    }

    @Override
    public void set(SetRequest r, StreamObserver<SetResponse> observer) {
        write(
                observer,
                () -> commands.set(r),
                () -> FieldReader.requestId(r.hasRequestId(), r.getRequestId()),
                (result, shape) -> {
                    SetResponse.Builder out = ResultWriter.set(result, shape, context.owners());
                    return out.setHeader(context.headers().header(out.getRevision()))
                            .build();
                });
    }

    @Override
    public void patch(PatchRequest r, StreamObserver<PatchResponse> observer) {
        write(
                observer,
                () -> commands.patch(r),
                () -> FieldReader.requestId(r.hasRequestId(), r.getRequestId()),
                (result, shape) -> {
                    PatchResponse.Builder out = ResultWriter.patch(result, shape, context.owners());
                    return out.setHeader(context.headers().header(out.getRevision()))
                            .build();
                });
    }

    @Override
    public void delete(DeleteRequest r, StreamObserver<DeleteResponse> observer) {
        write(
                observer,
                () -> commands.delete(r),
                () -> FieldReader.requestId(r.hasRequestId(), r.getRequestId()),
                (result, shape) -> {
                    DeleteResponse.Builder out = ResultWriter.delete(result, shape, context.owners());
                    return out.setHeader(context.headers().header(out.getRevision()))
                            .build();
                });
    }

    @Override
    public void transact(TransactRequest r, StreamObserver<TransactResponse> observer) {
        write(
                observer,
                () -> commands.transact(r),
                () -> FieldReader.requestId(r.hasRequestId(), r.getRequestId()),
                (result, shape) -> {
                    TransactResponse.Builder out = ResultWriter.transact(result, shape, context.owners());
                    if (!out.getSucceeded()) {
                        context.meters().transactionConflicts(1);
                    }
                    return out.setHeader(context.headers().header(out.getRevision()))
                            .build();
                });
    }

    @Override
    public void get(GetRequest r, StreamObserver<GetResponse> observer) {
        read(
                observer,
                () -> {
                    TreeReads.check(r);
                    return FieldReader.readOptions(r.getOptions());
                },
                view -> TreeReads.get(r, view, context.owners())
                        .setHeader(context.headers().header(view.revision()))
                        .build());
    }

    @Override
    public void batchGet(BatchGetRequest r, StreamObserver<BatchGetResponse> observer) {
        read(
                observer,
                () -> {
                    TreeReads.check(r);
                    return FieldReader.readOptions(r.getOptions());
                },
                view -> TreeReads.batchGet(r, view, context.owners())
                        .setHeader(context.headers().header(view.revision()))
                        .build());
    }

    @Override
    public void listChildren(ListChildrenRequest r, StreamObserver<ListChildrenResponse> observer) {
        UnaryCall<ListChildrenResponse> call = call(observer);
        Access access = Access.current();
        call.read(() -> {
            TreeReads.check(r);
            ReadRequest options = FieldReader.readOptions(r.getOptions());
            Function<TreeView, ListChildrenResponse> page = view -> TreeReads.listChildren(r, view, context, access)
                    .setHeader(context.headers().header(store.view().revision()))
                    .build();
            if (r.getPageToken().isEmpty()) {
                read(call, options, page);
            } else {
                context.meters().reads(RpcMeters.ReadKind.PINNED, 1);
                call.answer(() -> page.apply(store.view()));
            }
        });
    }

    @Override
    public void sync(SyncRequest r, StreamObserver<SyncResponse> observer) {
        read(
                observer,
                () -> ReadRequest.LINEARIZABLE,
                view -> SyncResponse.newBuilder()
                        .setHeader(context.headers().header(view.revision()))
                        .build());
    }

    @Override
    public void scanSubtree(ScanSubtreeRequest r, StreamObserver<ScanSubtreeResponse> observer) {
        ScanCall.start(r, (ServerCallStreamObserver<ScanSubtreeResponse>) observer, context, scans);
    }

    @Override
    public StreamObserver<PipelineRequest> pipeline(StreamObserver<PipelineResponse> observer) {
        return new PipelineCall((ServerCallStreamObserver<PipelineResponse>) observer, context).start();
    }

    private interface Answer<R> {
        R build(CommandResult result, Shape shape);
    }

    private <R extends com.google.protobuf.Message> void write(
            StreamObserver<R> observer,
            Supplier<WriteRequest> request,
            Supplier<@Nullable RequestId> id,
            Answer<R> answer) {
        UnaryCall<R> call = call(observer);
        call.read(() -> {
            WriteRequest write = request.get();
            Access access = Access.current();
            store.write(write.command(), id.get(), deadline(), new ProposalListener() {
                @Override
                public void applied(CommandResult result, ProposalTimes times) {
                    access.proposed(times);
                    applied(result);
                }

                @Override
                public void applied(CommandResult result) {
                    call.answer(() -> {
                        if (result instanceof CommandResult.Rejected rejected) {
                            if (rejected.rejection().reason() == RejectReason.VERSION_MISMATCH) {
                                context.meters().transactionConflicts(1);
                            }
                            throw new RejectedException(rejected.rejection());
                        }
                        return context.fitting(answer.build(result, write.shape()), true);
                    });
                }

                @Override
                public boolean isBrief() {
                    return true;
                }

                @Override
                public void failed(StoreFailure failure) {
                    call.fail(failure);
                }
            });
        });
    }

    private <R extends com.google.protobuf.Message> void read(
            StreamObserver<R> observer, Supplier<ReadRequest> request, Function<TreeView, R> answer) {
        UnaryCall<R> call = call(observer);
        call.read(() -> read(call, request.get(), answer));
    }

    private <R extends com.google.protobuf.Message> void read(
            UnaryCall<R> call, ReadRequest request, Function<TreeView, R> answer) {
        context.meters().reads(StoreContext.readKind(request), 1);
        Access access = Access.current();
        store.read(request, deadline(), new ViewListener() {
            @Override
            public void view(TreeView view) {
                access.gotView();
                call.answer(() -> context.fitting(answer.apply(view), false));
            }

            @Override
            public void failed(StoreFailure failure) {
                call.fail(failure);
            }
        });
    }

    private <R> UnaryCall<R> call(StreamObserver<R> observer) {
        return new UnaryCall<>(observer, context.workers(), context.headers());
    }

    private long deadline() {
        return UnaryCall.deadlineNanos(context.defaultDeadlineNanos());
    }
}
