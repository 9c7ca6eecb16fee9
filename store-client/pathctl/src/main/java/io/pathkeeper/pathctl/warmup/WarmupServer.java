package io.pathkeeper.pathctl.warmup;

import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.v1.BatchGetResult;
import io.pathkeeper.v1.Child;
import io.pathkeeper.v1.ClusterServiceGrpc;
import io.pathkeeper.v1.CreateResponse;
import io.pathkeeper.v1.DeleteResponse;
import io.pathkeeper.v1.Event;
import io.pathkeeper.v1.EventCause;
import io.pathkeeper.v1.EventType;
import io.pathkeeper.v1.GetClusterInfoRequest;
import io.pathkeeper.v1.GetClusterInfoResponse;
import io.pathkeeper.v1.GetMemberStatusRequest;
import io.pathkeeper.v1.GetMemberStatusResponse;
import io.pathkeeper.v1.GetResponse;
import io.pathkeeper.v1.Limits;
import io.pathkeeper.v1.ListChildrenResponse;
import io.pathkeeper.v1.ListMembersRequest;
import io.pathkeeper.v1.ListMembersResponse;
import io.pathkeeper.v1.ListValue;
import io.pathkeeper.v1.MaintenanceServiceGrpc;
import io.pathkeeper.v1.MapEntry;
import io.pathkeeper.v1.MapValue;
import io.pathkeeper.v1.Member;
import io.pathkeeper.v1.MemberRole;
import io.pathkeeper.v1.ObserveCreated;
import io.pathkeeper.v1.ObserveEvents;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.ObserveServiceGrpc;
import io.pathkeeper.v1.PatchResponse;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.PipelineOperation;
import io.pathkeeper.v1.PipelineRequest;
import io.pathkeeper.v1.PipelineResponse;
import io.pathkeeper.v1.PipelineResult;
import io.pathkeeper.v1.ResponseHeader;
import io.pathkeeper.v1.ScanSubtreeRequest;
import io.pathkeeper.v1.ScanSubtreeResponse;
import io.pathkeeper.v1.SetResponse;
import io.pathkeeper.v1.Stat;
import io.pathkeeper.v1.StoreServiceGrpc;
import io.pathkeeper.v1.SyncResponse;
import io.pathkeeper.v1.TransactResponse;
import io.pathkeeper.v1.TransactResult;
import io.pathkeeper.v1.Value;
import io.pathkeeper.v1.ValueFormat;
import io.pathkeeper.v1.Znode;
import io.pathkeeper.v1.ZnodeKind;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * A server on a free port of 127.0.0.1 that answers every call with the same example; {@code /missing} is not there. It keeps
 * nothing: it is there to have answers read, not to be right.
 */
final class WarmupServer implements AutoCloseable {
    private final Server server;

    private WarmupServer(Server server) {
        this.server = server;
    }

    static WarmupServer start() throws IOException {
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", 0);
        Cluster cluster = new Cluster();
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address);
        WarmupCoordination.services().forEach(builder::addService);
        Server server = builder.addService(new Store())
                .addService(new Observe())
                .addService(cluster)
                .addService(new Maintenance())
                .build()
                .start();
        cluster.address = "127.0.0.1:" + server.getPort();
        return new WarmupServer(server);
    }

    String address() {
        return "127.0.0.1:" + server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private static ResponseHeader header() {
        return ResponseHeader.newBuilder()
                .setClusterId("warmup")
                .setMemberId("s1")
                .setLeaderId("s1")
                .setTerm(1)
                .setRevision(7)
                .build();
    }

    private static Stat stat() {
        return Stat.newBuilder()
                .setVersion(1)
                .setKind(ZnodeKind.ZNODE_KIND_PERSISTENT)
                .setChildCount(1)
                .build();
    }

    private static Payload data(ValueFormat format) {
        if (format == ValueFormat.VALUE_FORMAT_RAW) {
            return Payload.newBuilder().setRaw(ByteString.copyFromUtf8("raw")).build();
        }
        ListValue list = ListValue.newBuilder()
                .addItems(Value.newBuilder().setDoubleValue(1.5))
                .addItems(Value.newBuilder().setBoolValue(true))
                .addItems(Value.newBuilder().setBytesValue(ByteString.copyFromUtf8("bytes")))
                .build();
        MapValue map = MapValue.newBuilder()
                .addEntries(MapEntry.newBuilder()
                        .setKey("host")
                        .setValue(Value.newBuilder().setStringValue("localhost")))
                .addEntries(MapEntry.newBuilder()
                        .setKey("list")
                        .setValue(Value.newBuilder().setListValue(list)))
                .addEntries(MapEntry.newBuilder()
                        .setKey("port")
                        .setValue(Value.newBuilder().setIntValue(8080)))
                .build();
        return Payload.newBuilder()
                .setValue(Value.newBuilder().setMapValue(map))
                .build();
    }

    private static <T> void answer(StreamObserver<T> caller, T answer) {
        caller.onNext(answer);
        caller.onCompleted();
    }

    private static final class Store extends StoreServiceGrpc.StoreServiceImplBase {
        @Override
        public StreamObserver<PipelineRequest> pipeline(StreamObserver<PipelineResponse> caller) {
            return new StreamObserver<>() {
                @Override
                public void onNext(PipelineRequest request) {
                    PipelineResponse.Builder answers =
                            PipelineResponse.newBuilder().setHeader(header());
                    request.getOperationsList().forEach(operation -> answers.addResults(result(operation)));
                    caller.onNext(answers.build());
                }

                @Override
                public void onError(Throwable error) {}

                @Override
                public void onCompleted() {
                    caller.onCompleted();
                }
            };
        }

        private static PipelineResult result(PipelineOperation operation) {
            PipelineResult.Builder result = PipelineResult.newBuilder().setCorrelationId(operation.getCorrelationId());
            switch (operation.getOperationCase()) {
                case CREATE ->
                    result.setCreate(CreateResponse.newBuilder()
                            .setPath(operation.getCreate().getPath())
                            .setStat(stat())
                            .setRevision(7));
                case SET ->
                    result.setSet(SetResponse.newBuilder()
                            .setStat(stat())
                            .setChanged(true)
                            .setRevision(7));
                case PATCH ->
                    result.setPatch(PatchResponse.newBuilder()
                            .setStat(stat())
                            .setRevision(7)
                            .setData(data(ValueFormat.VALUE_FORMAT_VALUE)));
                case DELETE ->
                    result.setDelete(
                            DeleteResponse.newBuilder().setDeletedCount(1).setRevision(7));
                case TRANSACT ->
                    result.setTransact(TransactResponse.newBuilder()
                            .setSucceeded(true)
                            .setRevision(7)
                            .addResults(TransactResult.newBuilder()
                                    .setGet(BatchGetResult.newBuilder().setPath("/a"))));
                case LIST_CHILDREN ->
                    result.setListChildren(ListChildrenResponse.newBuilder()
                            .addChildren(Child.newBuilder().setName("a").setStat(stat()))
                            .setRevision(7)
                            .setParentStat(stat()));
                case SYNC -> result.setSync(SyncResponse.newBuilder());
                case GET -> {
                    if (operation.getGet().getPath().equals("/missing")) {
                        result.setError(missing());
                    } else {
                        result.setGet(GetResponse.newBuilder()
                                .setPath(operation.getGet().getPath())
                                .setStat(stat())
                                .setData(data(operation.getGet().getValueFormat())));
                    }
                }
                default ->
                    result.setError(com.google.rpc.Status.newBuilder().setCode(Status.Code.UNIMPLEMENTED.value()));
            }
            return result.build();
        }

        private static com.google.rpc.Status missing() {
            ErrorInfo info = ErrorInfo.newBuilder()
                    .setDomain("pathkeeper")
                    .setReason("NODE_NOT_FOUND")
                    .putMetadata("path", "/missing")
                    .build();
            return com.google.rpc.Status.newBuilder()
                    .setCode(Status.Code.NOT_FOUND.value())
                    .setMessage("there is no znode /missing")
                    .addDetails(com.google.protobuf.Any.pack(info))
                    .build();
        }

        @Override
        public void scanSubtree(ScanSubtreeRequest request, StreamObserver<ScanSubtreeResponse> caller) {
            answer(
                    caller,
                    ScanSubtreeResponse.newBuilder()
                            .setHeader(header())
                            .addZnodes(Znode.newBuilder()
                                    .setPath(request.getPath())
                                    .setStat(stat()))
                            .setRevision(7)
                            .setLast(true)
                            .build());
        }
    }

    private static final class Observe extends ObserveServiceGrpc.ObserveServiceImplBase {
        @Override
        public void observe(ObserveRequest request, StreamObserver<ObserveResponse> caller) {
            caller.onNext(ObserveResponse.newBuilder()
                    .setHeader(header())
                    .setCreated(ObserveCreated.newBuilder().setStartRevision(8))
                    .build());
            Event event = Event.newBuilder()
                    .setType(EventType.EVENT_TYPE_UPDATED)
                    .setCause(EventCause.EVENT_CAUSE_CLIENT)
                    .setPath("/a")
                    .setRevision(8)
                    .setStat(stat())
                    .setData(data(ValueFormat.VALUE_FORMAT_VALUE))
                    .build();
            answer(
                    caller,
                    ObserveResponse.newBuilder()
                            .setHeader(header())
                            .setEvents(ObserveEvents.newBuilder().setRevision(8).addEvents(event))
                            .build());
        }
    }

    private static final class Cluster extends ClusterServiceGrpc.ClusterServiceImplBase {
        volatile String address = "";

        private Member member() {
            return Member.newBuilder()
                    .setMemberId("s1")
                    .setClientAddress(address)
                    .setRole(MemberRole.MEMBER_ROLE_LEADER)
                    .build();
        }

        @Override
        public void getClusterInfo(GetClusterInfoRequest request, StreamObserver<GetClusterInfoResponse> caller) {
            answer(
                    caller,
                    GetClusterInfoResponse.newBuilder()
                            .setHeader(header())
                            .addMembers(member())
                            .setLimits(Limits.newBuilder()
                                    .setMaxValueBytes(1 << 20)
                                    .setMaxRequestBytes(2 << 20))
                            .build());
        }

        @Override
        public void listMembers(ListMembersRequest request, StreamObserver<ListMembersResponse> caller) {
            answer(
                    caller,
                    ListMembersResponse.newBuilder()
                            .setHeader(header())
                            .addMembers(member())
                            .build());
        }
    }

    private static final class Maintenance extends MaintenanceServiceGrpc.MaintenanceServiceImplBase {
        @Override
        public void getMemberStatus(GetMemberStatusRequest request, StreamObserver<GetMemberStatusResponse> caller) {
            answer(
                    caller,
                    GetMemberStatusResponse.newBuilder()
                            .setHeader(header())
                            .setRole(MemberRole.MEMBER_ROLE_LEADER)
                            .build());
        }
    }
}
