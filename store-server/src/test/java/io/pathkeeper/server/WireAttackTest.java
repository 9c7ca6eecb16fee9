package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.GetMemberStatusRequest;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.MaintenanceServiceGrpc;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.StoreServiceGrpc;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Attacks below and beside the calls, on a real server with TLS. Behind each the server still answers. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WireAttackTest {
    private static final int MOST = 300;
    private static final int MOST_PER_ADDRESS = 200;
    private static final String REFUSED = "pathkeeper_connections_refused_total{reason=\"%s\"}";

    private SecuredServer secured;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        secured = new SecuredServer(
                directory,
                Map.of(
                        "limits.handshake", "1s",
                        "limits.connections", "" + MOST,
                        "limits.connections_per_address", "" + MOST_PER_ADDRESS));
    }

    @AfterAll
    void stop() {
        secured.close();
    }

    @AfterEach
    void stillServes() throws IOException {
        Awaitility.await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
            ManagedChannel channel = channel();
            try {
                return MaintenanceServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(10, TimeUnit.SECONDS)
                        .getMemberStatus(GetMemberStatusRequest.getDefaultInstance())
                        .getReady();
            } finally {
                channel.shutdownNow();
            }
        });
    }

    private ManagedChannel channel() throws IOException {
        return secured.channel(secured.clients.client("app"));
    }

    private double refused(String reason) throws Exception {
        return secured.meter(String.format(REFUSED, reason));
    }

    /** Reads until the server ends the connection, which it must. */
    private static void awaitEnd(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    @Test
    void garbageEndsTheConnectionAndIsCounted() throws Exception {
        double before = refused("handshake");
        Random random = new Random(7);
        for (int port : new int[] {secured.server.clientPort(), secured.raftPort}) {
            for (int i = 0; i < 20; i++) {
                byte[] garbage = new byte[1 + random.nextInt(4_000)];
                random.nextBytes(garbage);
                try (Socket socket = secured.plain(port)) {
                    send(socket, garbage);
                    socket.shutdownOutput();
                    awaitEnd(socket);
                }
            }
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(refused("handshake")).isGreaterThanOrEqualTo(before + 20));
    }

    private static void send(Socket socket, byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
        } catch (SocketException e) {
            assertThat(e).hasMessageMatching("(?i).*(reset|broken pipe).*"); // refused while it was sent
        }
    }

    /** Every prefix class of a real handshake, cut off: the rest never comes. */
    @Test
    void truncatedHandshakesEndAfterTheirTimeAndAreCounted() throws Exception {
        double before = refused("handshake_time");
        byte[] recorded = record("/truncated");
        List<Socket> open = new ArrayList<>();
        for (int length : new int[] {1, 4, 5, 6, 40, 100}) {
            Socket socket = secured.plain(secured.server.clientPort());
            open.add(socket);
            send(socket, java.util.Arrays.copyOf(recorded, length));
        }
        long start = System.nanoTime();
        for (Socket socket : open) {
            awaitEnd(socket);
            socket.close();
        }
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(6));
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(refused("handshake_time")).isGreaterThanOrEqualTo(before + 6));
    }

    /** One byte now and then keeps no connection open: the time counts from its beginning. */
    @Test
    void slowHandshakesEndAfterTheirTime() throws Exception {
        byte[] recorded = record("/slow");
        long start = System.nanoTime();
        try (Socket socket = secured.plain(secured.server.clientPort())) {
            socket.setSoTimeout(100);
            int sent = 0;
            while (!ended(socket)) {
                assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
                send(socket, new byte[] {recorded[Math.min(sent, 150)]});
                sent++;
            }
            assertThat(sent).isGreaterThan(2);
        }
    }

    private static boolean ended(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    /** The bytes of a whole session with a write, sent again: they are of no use in another handshake. */
    @Test
    void replayedBytesDoNothing() throws Exception {
        byte[] recorded = record("/replayed");
        long revision = revision();
        for (int i = 0; i < 3; i++) {
            try (Socket socket = secured.plain(secured.server.clientPort())) {
                send(socket, recorded);
                awaitEnd(socket);
            }
        }
        assertThat(revision()).isEqualTo(revision);
    }

    private long revision() throws IOException {
        ManagedChannel channel = channel();
        try {
            return StoreServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .get(GetRequest.newBuilder().setPath("/").build())
                    .getHeader()
                    .getRevision();
        } finally {
            channel.shutdownNow();
        }
    }

    /** What a client sends while it creates a znode over TLS, as a listener on the wire sees it. */
    private byte[] record(String path) throws Exception {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread relay = new Thread(() -> relay(listener, seen), "relay");
            relay.setDaemon(true);
            relay.start();
            ManagedChannel channel = secured.channelTo(listener.getLocalPort(), secured.clients.client("app"));
            StoreServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .create(CreateRequest.newBuilder().setPath(path).build());
            channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
            relay.join(10_000);
        }
        synchronized (seen) {
            assertThat(seen.size()).isGreaterThan(500);
            return seen.toByteArray();
        }
    }

    private void relay(ServerSocket listener, ByteArrayOutputStream seen) {
        try (Socket client = listener.accept();
                Socket server = secured.plain(secured.server.clientPort())) {
            Thread back = new Thread(() -> copy(server, client, new ByteArrayOutputStream()), "relay-back");
            back.setDaemon(true);
            back.start();
            copy(client, server, seen);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void copy(Socket from, Socket to, ByteArrayOutputStream seen) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8_192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                synchronized (seen) {
                    seen.write(buffer, 0, n);
                }
                out.write(buffer, 0, n);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            assertThat(e).isInstanceOf(SocketException.class); // the other end is gone
        }
    }

    @Test
    void connectionsBeyondTheLimitOfAnAddressAreRefusedAndCounted() throws Exception {
        double before = refused("connections_per_address");
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < MOST_PER_ADDRESS + 100; i++) {
                open.add(secured.plain(secured.server.clientPort()));
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> assertThat(refused("connections_per_address")).isGreaterThanOrEqualTo(before + 90));
            assertThat(secured.meter("pathkeeper_connections")).isLessThanOrEqualTo(MOST_PER_ADDRESS);
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void raftPortRefusesTooManyConnectionsToo() throws Exception {
        String counted = "pathkeeper_raft_connections_refused_total{reason=\"connections_per_address\"}";
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                open.add(secured.plain(secured.raftPort));
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(secured.meter(counted)).isGreaterThanOrEqualTo(40));
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void hugeHeadersAreRefused() throws Exception {
        ManagedChannel channel = channel();
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("huge", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(1 << 20));
        try {
            assertThatThrownBy(() -> MaintenanceServiceGrpc.newBlockingStub(channel)
                            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                            .withDeadlineAfter(20, TimeUnit.SECONDS)
                            .getMemberStatus(GetMemberStatusRequest.getDefaultInstance()))
                    .isInstanceOf(StatusRuntimeException.class)
                    .satisfies(e -> assertThat(Status.fromThrowable(e).getCode())
                            .isNotIn(Status.Code.OK, Status.Code.DEADLINE_EXCEEDED));
        } finally {
            channel.shutdownNow();
        }
    }

    /** Each byte on the wire would become a thousand in the server. */
    @Test
    void compressedBombIsRefusedBeforeItIsUnpacked() throws Exception {
        ManagedChannel channel = channel();
        String counted = "pathkeeper_calls_cut_total{reason=\"message_bytes\"}";
        double cut = secured.meter(counted);
        String bomb = "0".repeat(64 << 20);
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = allocated(threads);
        try {
            assertThatThrownBy(() -> StoreServiceGrpc.newBlockingStub(channel)
                            .withCompression("gzip")
                            .withDeadlineAfter(60, TimeUnit.SECONDS)
                            .create(CreateRequest.newBuilder()
                                    .setPath("/bomb")
                                    .setData(Payload.newBuilder().setJson('"' + bomb + '"'))
                                    .build()))
                    .isInstanceOf(StatusRuntimeException.class)
                    .satisfies(e ->
                            assertThat(Status.fromThrowable(e).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
        } finally {
            channel.shutdownNow();
        }
        assertThat(allocated(threads) - before)
                .as("bytes that the server's threads allocated")
                .isLessThan(32L << 20);
        assertThat(secured.meter(counted)).isEqualTo(cut + 1);
    }

    private static long allocated(com.sun.management.ThreadMXBean threads) {
        long bytes = 0;
        for (java.lang.management.ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith("rpc-")) {
                bytes += threads.getThreadAllocatedBytes(thread.getThreadId());
            }
        }
        return bytes;
    }
}
