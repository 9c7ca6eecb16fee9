package io.pathkeeper.it.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.pathctl.etcd.KVGrpc;
import io.pathkeeper.pathctl.etcd.KeyValue;
import io.pathkeeper.pathctl.etcd.PutRequest;
import io.pathkeeper.pathctl.etcd.PutResponse;
import io.pathkeeper.pathctl.etcd.RangeRequest;
import io.pathkeeper.pathctl.etcd.RangeResponse;
import io.pathkeeper.v1.Consistency;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.GetResponse;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.SetResponse;
import io.pathkeeper.v1.StoreServiceGrpc;
import io.pathkeeper.v1.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Python program against a server of this JVM that answers as a test wants it, as Pathkeeper and as etcd. */
@Timeout(120)
class PythonLoadProcessIT {
    private static final Znodes ZNODES = new Znodes(5, 16);
    private static final Set<String> PATHS =
            IntStream.range(0, ZNODES.count()).mapToObj(Znodes::path).collect(Collectors.toSet());
    private static final ByteString VALUE = ByteString.copyFrom(ZNODES.value());
    private static final List<Long> NO_SERVERS = List.of();

    @TempDir
    Path directory;

    private final AtomicInteger answered = new AtomicInteger();
    private final Set<String> kinds = ConcurrentHashMap.newKeySet();
    private volatile ByteString read = VALUE;
    private volatile Optional<Status> failure = Optional.empty();
    private Server server;
    private PythonProgram program;

    @BeforeEach
    void start() throws Exception {
        Optional<PythonProgram> found = program();
        assumeTrue(found.isPresent(), "skipped: Python has no grpcio");
        program = found.get();
        server = NettyServerBuilder.forPort(0)
                .addService(new FakePathkeeper())
                .addService(new FakeEtcd())
                .build()
                .start();
    }

    /** The program; empty where what it needs is not installed. */
    static Optional<PythonProgram> program() throws Exception {
        try {
            return Optional.of(PythonProgram.find(Path.of(".."), System.getenv()));
        } catch (WrongUseException e) {
            return Optional.empty();
        }
    }

    @AfterEach
    void end() {
        if (server != null) {
            server.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pathkeeper", "etcd"})
    void everyAnsweredCallCounts(String store) throws Exception {
        try (PythonLoad load = load(store)) {
            for (Workload workload : List.of(Workload.SET, Workload.GET_LIN, Workload.GET_LOCAL)) {
                for (int outstanding : List.of(1, 3)) { // blocking calls and asynchronous ones
                    kinds.clear();

                    Sample sample = run(load, workload, outstanding);

                    assertThat(sample.failedCount()).as(sample.firstError()).isZero();
                    assertThat(sample.latencies().getTotalCount())
                            .isPositive()
                            .isBetween((long) answered.get() - outstanding, (long)
                                    answered.get()); // of the last ones some came behind the end
                    assertThat(kinds).containsExactly(workload.label());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pathkeeper", "etcd"})
    void aValueThatNobodyWroteIsAFailure(String store) throws Exception {
        try (PythonLoad load = load(store)) {
            for (int outstanding : List.of(1, 3)) {
                for (ByteString wrong : List.of(ByteString.copyFromUtf8("sixteen letters!"), ByteString.EMPTY)) {
                    read = wrong;

                    Sample sample = run(load, Workload.GET_LIN, outstanding);

                    assertThat(sample.latencies().getTotalCount()).isZero();
                    assertThat(sample.failedCount()).isPositive();
                    assertThat(sample.firstError())
                            .isEqualTo("read " + wrong.size() + " bytes that are not the 16 that were written");
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pathkeeper", "etcd"})
    void aCallThatFailsIsAFailureAndARunOfThemIsRed(String store) throws Exception {
        failure = Optional.of(Status.UNAVAILABLE.withDescription("no leader"));
        try (PythonLoad load = load(store)) {
            for (int outstanding : List.of(1, 3)) {
                Sample sample = run(load, Workload.SET, outstanding);

                assertThat(sample.latencies().getTotalCount()).isZero();
                assertThat(sample.failedCount()).isPositive();
                assertThat(sample.firstError()).isEqualTo("UNAVAILABLE: no leader");
            }

            assertThatThrownBy(() -> comparison(load).run())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("a fake answered no call of set: ");
        }
    }

    @Test
    void aSingleCallGoesToTheServerThatIsNamed() throws Exception {
        Server without = NettyServerBuilder.forPort(0).build().start(); // knows no method
        List<String> addresses = List.of(address(server), address(without));
        try (PythonLoad load = program.start("pathkeeper", addresses, ZNODES, "", directory)) {
            assertThat(run(load, Workload.SET, 1, 0).failedCount()).isZero();
            assertThat(run(load, Workload.SET, 1, 1).latencies().getTotalCount())
                    .isZero();
        } finally {
            without.shutdownNow();
        }
    }

    @Test
    void tellsWhyTheProgramEnded() {
        assertThatThrownBy(() -> load("consul"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the Python program ended; its log, ")
                .hasMessageContaining("KeyError: 'consul'");
    }

    private PythonLoad load(String store) throws Exception {
        return program.start(store, List.of(address(server)), ZNODES, "", directory);
    }

    private static String address(Server server) {
        return "127.0.0.1:" + server.getPort();
    }

    private Sample run(PythonLoad load, Workload workload, int outstanding) throws Exception {
        return run(load, workload, outstanding, 0);
    }

    /** Until a call has ended: on a busy machine the first one may take longer than a run. */
    private Sample run(PythonLoad load, Workload workload, int outstanding, int single) throws Exception {
        while (true) {
            answered.set(0);
            Sample sample = load.run(workload, outstanding, single, Duration.ZERO, Duration.ofMillis(200), NO_SERVERS);
            if (sample.latencies().getTotalCount() + sample.failedCount() > 0) {
                return sample;
            }
        }
    }

    private Comparison comparison(PythonLoad load) {
        Store store = new FakeStore() {
            @Override
            public PythonLoad python(Znodes znodes) {
                return load;
            }
        };
        BenchOptions options = new BenchOptions(
                false,
                Optional.of(program),
                List.of(Workload.SET),
                List.of(),
                List.of(2),
                0,
                1,
                16,
                ZNODES.count(),
                Duration.ofMillis(10),
                Duration.ofMillis(200),
                1,
                1,
                "",
                List.of(),
                List.of(),
                directory,
                directory);
        return new Comparison(List.of(store), options, new TrialResults(), System.err);
    }

    /** Answers, unless it is to fail or was asked for something else than the load has. */
    private <T> void answer(String kind, boolean expected, T answer, StreamObserver<T> observer) {
        kinds.add(kind);
        if (!expected) {
            observer.onError(Status.INVALID_ARGUMENT.withDescription(kind).asRuntimeException());
        } else if (failure.isPresent()) {
            observer.onError(failure.get().asRuntimeException());
        } else {
            answered.incrementAndGet();
            observer.onNext(answer);
            observer.onCompleted();
        }
    }

    private final class FakePathkeeper extends StoreServiceGrpc.StoreServiceImplBase {
        @Override
        public void set(SetRequest request, StreamObserver<SetResponse> observer) {
            boolean expected = PATHS.contains(request.getPath())
                    && request.getData().getRaw().equals(VALUE);
            answer("set", expected, SetResponse.getDefaultInstance(), observer);
        }

        @Override
        public void get(GetRequest request, StreamObserver<GetResponse> observer) {
            boolean local = request.getOptions().getConsistency() == Consistency.CONSISTENCY_LOCAL;
            Payload data = Payload.newBuilder()
                    .setValue(Value.newBuilder().setBytesValue(read))
                    .build();
            answer(
                    local ? "get-local" : "get-lin",
                    PATHS.contains(request.getPath()),
                    GetResponse.newBuilder().setData(data).build(),
                    observer);
        }
    }

    private final class FakeEtcd extends KVGrpc.KVImplBase {
        @Override
        public void put(PutRequest request, StreamObserver<PutResponse> observer) {
            boolean expected = PATHS.contains(request.getKey().toStringUtf8())
                    && request.getValue().equals(VALUE);
            answer("set", expected, PutResponse.getDefaultInstance(), observer);
        }

        @Override
        public void range(RangeRequest request, StreamObserver<RangeResponse> observer) {
            RangeResponse.Builder found = RangeResponse.newBuilder();
            if (!read.isEmpty()) {
                found.addKvs(KeyValue.newBuilder().setValue(read));
            }
            answer(
                    request.getSerializable() ? "get-local" : "get-lin",
                    PATHS.contains(request.getKey().toStringUtf8()),
                    found.build(),
                    observer);
        }
    }
}
