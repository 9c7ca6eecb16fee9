package io.pathkeeper.client.memory;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.v1.ClusterServiceGrpc;
import io.pathkeeper.v1.Event;
import io.pathkeeper.v1.ListMembersRequest;
import io.pathkeeper.v1.ListMembersResponse;
import io.pathkeeper.v1.ObserveCreated;
import io.pathkeeper.v1.ObserveEvents;
import io.pathkeeper.v1.ObserveExisting;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.ObserveServiceGrpc;
import io.pathkeeper.v1.ObserveSynced;
import io.pathkeeper.v1.ObserveTarget;
import io.pathkeeper.v1.PipelineRequest;
import io.pathkeeper.v1.PipelineResponse;
import io.pathkeeper.v1.StoreServiceGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/** One server of the cluster on a free loopback port. */
public final class MemoryServer implements AutoCloseable {
    static {
        // A machine that is short of time must not fail a test.
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    }

    final MemoryCluster cluster;
    private final Server server;
    /** Streams that {@link #breakStreams} ends. */
    final Set<ServerCallStreamObserver<?>> streams = ConcurrentHashMap.newKeySet();

    /** How sessions, locks and elections are served. */
    public final CoordinationEndpoints coordination;

    /** Starts a server. */
    public MemoryServer(MemoryCluster cluster) {
        this.cluster = cluster;
        this.coordination = new CoordinationEndpoints(this);
        try {
            this.server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                    .addService(new StoreEndpoint())
                    .addService(new ObserveEndpoint())
                    .addService(new ClusterEndpoint())
                    .addService(coordination.sessions)
                    .addService(coordination.locks)
                    .addService(coordination.elections)
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns where it listens. */
    public String address() {
        return "127.0.0.1:" + server.getPort();
    }

    /** Ends all streams as a broken connection does; the server does not see them leave. */
    public void breakStreams() {
        synchronized (cluster) {
            for (ServerCallStreamObserver<?> stream : streams) {
                streams.remove(stream);
                if (!stream.isCancelled()) {
                    stream.onError(Status.UNAVAILABLE.asRuntimeException());
                }
            }
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    <R> void answer(StreamObserver<R> responses, Supplier<R> answer) {
        R result;
        try {
            result = answer.get();
        } catch (Refused e) {
            responses.onError(StatusProto.toStatusRuntimeException(e.status));
            return;
        }
        responses.onNext(result);
        responses.onCompleted();
    }

    private final class StoreEndpoint extends StoreServiceGrpc.StoreServiceImplBase {
        @Override
        public StreamObserver<PipelineRequest> pipeline(StreamObserver<PipelineResponse> responses) {
            return new StreamObserver<>() {
                private String clientId = "";

                @Override
                public void onNext(PipelineRequest message) {
                    if (!message.getClientId().isEmpty()) {
                        clientId = message.getClientId();
                    }
                    PipelineResponse.Builder response = PipelineResponse.newBuilder();
                    message.getOperationsList().forEach(one -> response.addResults(cluster.apply(clientId, one)));
                    responses.onNext(response.setHeader(cluster.header()).build());
                }

                @Override
                public void onError(Throwable error) {
                    // The client has gone.
                }

                @Override
                public void onCompleted() {
                    responses.onCompleted();
                }
            };
        }
    }

    private final class ClusterEndpoint extends ClusterServiceGrpc.ClusterServiceImplBase {
        @Override
        public void listMembers(ListMembersRequest request, StreamObserver<ListMembersResponse> responses) {
            answer(
                    responses,
                    () -> ListMembersResponse.newBuilder()
                            .setHeader(cluster.header())
                            .build());
        }
    }

    private static boolean matches(ObserveRequest request, String path, boolean childrenChange) {
        for (ObserveTarget target : request.getTargetsList()) {
            String root = target.getPath();
            String below = root.equals("/") ? "/" : root + "/";
            boolean inside = path.startsWith(below) && !path.equals("/");
            long depth = !inside
                    ? 0
                    : path.substring(below.length())
                                    .chars()
                                    .filter(c -> c == '/')
                                    .count()
                            + 1;
            boolean matches = switch (target.getScope()) {
                case OBSERVE_SCOPE_CHILDREN -> childrenChange && depth == 1;
                case OBSERVE_SCOPE_SUBTREE ->
                    path.equals(root) || (inside && (request.getMaxDepth() == 0 || depth <= request.getMaxDepth()));
                default -> path.equals(root);
            };
            if (matches) {
                return true;
            }
        }
        return false;
    }

    private final class ObserveEndpoint extends ObserveServiceGrpc.ObserveServiceImplBase {
        @Override
        public void observe(ObserveRequest request, StreamObserver<ObserveResponse> responses) {
            synchronized (cluster) {
                ServerCallStreamObserver<ObserveResponse> out = (ServerCallStreamObserver<ObserveResponse>) responses;
                streams.add(out);
                long[] told = {request.getStartRevision() > 0 ? request.getStartRevision() - 1 : cluster.revision()};
                send(
                        out,
                        ObserveResponse.newBuilder()
                                .setCreated(ObserveCreated.newBuilder().setStartRevision(told[0] + 1)));
                if (request.getInitialState()) {
                    ObserveExisting.Builder existing =
                            ObserveExisting.newBuilder().setRevision(cluster.revision());
                    cluster.tree.all().stream()
                            .filter(znode -> matches(request, znode.getPath(), true))
                            .forEach(existing::addZnodes);
                    send(out, ObserveResponse.newBuilder().setExisting(existing));
                    send(
                            out,
                            ObserveResponse.newBuilder()
                                    .setSynced(ObserveSynced.newBuilder().setRevision(cluster.revision())));
                }
                Runnable watcher = () -> {
                    cluster.history.tailMap(told[0], false).forEach((revision, events) -> {
                        List<Event> matching = events.stream()
                                .filter(event -> matches(
                                        request,
                                        event.getPath(),
                                        event.getType() != io.pathkeeper.v1.EventType.EVENT_TYPE_UPDATED))
                                .toList();
                        if (!matching.isEmpty()) {
                            send(
                                    out,
                                    ObserveResponse.newBuilder()
                                            .setEvents(ObserveEvents.newBuilder()
                                                    .setRevision(revision)
                                                    .addAllEvents(matching)));
                        }
                    });
                    told[0] = Math.max(told[0], cluster.revision());
                };
                cluster.watchers.add(watcher);
                out.setOnCancelHandler(() -> cluster.watchers.remove(watcher));
                watcher.run();
            }
        }

        private void send(ServerCallStreamObserver<ObserveResponse> out, ObserveResponse.Builder frame) {
            if (streams.contains(out) && !out.isCancelled()) {
                out.onNext(frame.setHeader(cluster.header()).build());
            }
        }
    }
}
