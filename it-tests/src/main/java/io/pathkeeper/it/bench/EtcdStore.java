package io.pathkeeper.it.bench;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.pathkeeper.pathctl.etcd.CompactionRequest;
import io.pathkeeper.pathctl.etcd.Compare;
import io.pathkeeper.pathctl.etcd.DeleteRangeRequest;
import io.pathkeeper.pathctl.etcd.KVGrpc;
import io.pathkeeper.pathctl.etcd.PutRequest;
import io.pathkeeper.pathctl.etcd.RangeRequest;
import io.pathkeeper.pathctl.etcd.RequestOp;
import io.pathkeeper.pathctl.etcd.TxnRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Three etcd servers and plain stubs of etcd's API: its Java client costs several times their processor time. A create is a transaction that puts the key
 * if there is none, the only one that etcd has. Behind each measurement old revisions are dropped, as etcd asks of its users.
 */
final class EtcdStore implements Store {
    private static final int PUTS_PER_TRANSACTION = 100;
    private static final int TRANSACTIONS_IN_FLIGHT = 32;
    private static final long CALL_SECONDS = 60;

    private final EtcdServers servers;
    private final Path directory;
    private final Optional<PythonProgram> python;
    private final FreshZnodes fresh = new FreshZnodes();
    private @Nullable Connections connections;
    private @Nullable PythonLoad pythonLoad;
    private long compactedRevision;

    /** Describes them; a Python program loads them where there is one. */
    EtcdStore(Path program, Path directory, Optional<PythonProgram> python) {
        this.directory = directory;
        this.python = python;
        this.servers = new EtcdServers(program, directory);
    }

    @Override
    public String name() {
        return python.isPresent() ? "etcd, Python" : "etcd";
    }

    @Override
    public void start() throws Exception {
        servers.start();
        connections = new Connections(servers.addresses());
        for (int i = 0; i < EtcdServers.COUNT; i++) {
            servers.awaitReady(i, connections().to(i));
        }
    }

    private Connections connections() {
        if (connections == null) {
            throw new IllegalStateException("etcd was not started");
        }
        return connections;
    }

    @Override
    public void load(Znodes znodes) throws Exception {
        KVGrpc.KVStub stub = KVGrpc.newStub(connections().to(leader()));
        ByteString value = ByteString.copyFrom(znodes.value());
        Semaphore room = new Semaphore(TRANSACTIONS_IN_FLIGHT);
        AtomicReference<@Nullable String> failure = new AtomicReference<>();
        for (int i = 0; i < znodes.count(); ) {
            TxnRequest.Builder puts = TxnRequest.newBuilder();
            for (; puts.getSuccessCount() < PUTS_PER_TRANSACTION && i < znodes.count(); i++) {
                puts.addSuccess(put(Znodes.path(i), value));
            }
            room.acquire();
            stub.txn(puts.build(), new Answer<>(error -> {
                if (error != null) {
                    failure.compareAndSet(null, error);
                }
                room.release();
            }));
        }
        room.acquire(TRANSACTIONS_IN_FLIGHT);
        String error = failure.get();
        if (error != null) {
            throw new IllegalStateException("loading etcd: " + error);
        }
    }

    @Override
    public SessionCrowd sessions(Duration timeout, int sharedConnections, int perMessage) {
        Connections own = new Connections(servers.addresses(), sharedConnections);
        return new StreamSessions<>(new EtcdLeases(timeout), own, timeout, 1);
    }

    @Override
    public int leader() {
        return servers.leader(connections().all()).orElseThrow(() -> new IllegalStateException("etcd has no leader"));
    }

    @Override
    public List<Operation> operations(Workload workload, Znodes znodes, int outstanding) {
        ByteString value = ByteString.copyFrom(znodes.value());
        List<Operation> operations = new ArrayList<>();
        for (ManagedChannel channel : connections().forCalls(outstanding, outstanding == 1 ? leader() : 0)) {
            KVGrpc.KVStub stub = KVGrpc.newStub(channel);
            operations.add((random, completion) -> call(workload, stub, znodes, value, random, completion));
        }
        return operations;
    }

    @Override
    public PythonLoad python(Znodes znodes) throws Exception {
        if (pythonLoad == null) {
            pythonLoad = python.orElseThrow().start("etcd", servers.addresses(), znodes, "", directory);
        }
        return pythonLoad;
    }

    @Override
    public Writer writer() {
        List<KVGrpc.KVStub> stubs =
                connections().all().stream().map(KVGrpc::newStub).toList();
        AtomicInteger next = new AtomicInteger();
        return (path, value, completion) -> set(
                stubs.get(Math.floorMod(next.getAndIncrement(), stubs.size())),
                path,
                ByteString.copyFrom(value),
                completion);
    }

    @Override
    public Observers observe(String path, int count, int sharedConnections, Observers.Sink sink) throws Exception {
        return StreamObservers.open(
                servers.addresses(),
                count,
                sharedConnections,
                sink,
                (channel, observers) -> EtcdObserver.open(path, channel, observers));
    }

    private void call(
            Workload workload,
            KVGrpc.KVStub stub,
            Znodes znodes,
            ByteString value,
            SplittableRandom random,
            Operation.Completion completion) {
        switch (workload) {
            case SET -> set(stub, znodes.random(random), value, completion);
            case CREATE -> stub.txn(create(fresh.create(), value), new Answer<>(completion));
            case DELETE ->
                stub.deleteRange(
                        DeleteRangeRequest.newBuilder()
                                .setKey(ByteString.copyFromUtf8(fresh.delete()))
                                .build(),
                        new Answer<>(completion));
            case TXN10 -> {
                TxnRequest.Builder sets = TxnRequest.newBuilder();
                znodes.randomDistinct(random, Znodes.IN_TRANSACTION).forEach(path -> sets.addSuccess(put(path, value)));
                stub.txn(sets.build(), new Answer<>(completion));
            }
            case GET_LIN -> get(stub, znodes.random(random), false, completion);
            case GET_LOCAL -> get(stub, znodes.random(random), true, completion);
            case MIXED_LIN -> {
                if (random.nextInt(10) == 0) {
                    set(stub, znodes.random(random), value, completion);
                } else {
                    get(stub, znodes.random(random), false, completion);
                }
            }
        }
    }

    private static void set(KVGrpc.KVStub stub, String path, ByteString value, Operation.Completion completion) {
        stub.put(putRequest(path, value), new Answer<>(completion));
    }

    private static void get(KVGrpc.KVStub stub, String path, boolean local, Operation.Completion completion) {
        stub.range(
                RangeRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(path))
                        .setSerializable(local)
                        .build(),
                new Answer<>(completion));
    }

    private static TxnRequest create(String path, ByteString value) {
        return TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder()
                        .setResult(Compare.CompareResult.EQUAL)
                        .setTarget(Compare.CompareTarget.VERSION)
                        .setKey(ByteString.copyFromUtf8(path))
                        .setVersion(0))
                .addSuccess(put(path, value))
                .build();
    }

    private static RequestOp put(String path, ByteString value) {
        return RequestOp.newBuilder().setRequestPut(putRequest(path, value)).build();
    }

    private static PutRequest putRequest(String path, ByteString value) {
        return PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(path))
                .setValue(value)
                .build();
    }

    @Override
    public void tidy() {
        KVGrpc.KVBlockingStub stub =
                KVGrpc.newBlockingStub(connections().to(leader())).withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS);
        long revision = stub.range(RangeRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(Znodes.ROOT))
                        .build())
                .getHeader()
                .getRevision();
        if (revision > compactedRevision) {
            stub.compact(CompactionRequest.newBuilder().setRevision(revision).build());
            compactedRevision = revision;
        }
    }

    @Override
    public void kill(int server) {
        servers.kill(server);
    }

    @Override
    public void launch(int server) {
        servers.restart(server);
    }

    @Override
    public boolean serversAreJvms() {
        return false;
    }

    @Override
    public void awaitServing(int server) throws Exception {
        servers.awaitReady(server, connections().to(server));
    }

    @Override
    public FreshZnodes fresh() {
        return fresh;
    }

    @Override
    public List<Long> serverPids() {
        return servers.pids();
    }

    @Override
    public void close() {
        if (pythonLoad != null) {
            pythonLoad.close();
        }
        if (connections != null) {
            connections.close();
        }
        servers.killAll();
    }
}
