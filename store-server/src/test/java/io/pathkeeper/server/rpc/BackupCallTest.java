package io.pathkeeper.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.pathkeeper.server.backup.BackupFile;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.state.StoreState;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.v1.BackupRequest;
import io.pathkeeper.v1.BackupResponse;
import io.pathkeeper.v1.Consistency;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.MaintenanceServiceGrpc;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.ReadOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BackupCallTest {
    /** Tells of every call that is cancelled while it sends, with a stack trace. */
    private static final Logger STREAM_ERRORS =
            Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler");

    @TempDir
    private Path directory;

    @BeforeAll
    static void beQuiet() {
        STREAM_ERRORS.setLevel(Level.SEVERE);
    }

    private static MaintenanceServiceGrpc.MaintenanceServiceBlockingStub service(WireFixture wire) {
        return MaintenanceServiceGrpc.newBlockingStub(wire.channel).withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    private static BackupRequest local() {
        return BackupRequest.newBuilder()
                .setOptions(ReadOptions.newBuilder().setConsistency(Consistency.CONSISTENCY_LOCAL))
                .build();
    }

    /** Random bytes, which cannot be compressed. */
    private static void createLarge(WireFixture wire, int count) {
        Random random = new Random(1);
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[1_000_000];
            random.nextBytes(bytes);
            wire.soon()
                    .create(CreateRequest.newBuilder()
                            .setPath("/large-" + i)
                            .setData(Payload.newBuilder().setRaw(ByteString.copyFrom(bytes)))
                            .build());
        }
    }

    private BackupFile save(Iterator<BackupResponse> answers) throws IOException {
        Path file = directory.resolve("backup");
        BackupResponse last = BackupResponse.getDefaultInstance();
        BackupResponse first = null;
        try (var out = Files.newOutputStream(file)) {
            while (answers.hasNext()) {
                last = answers.next();
                first = first == null ? last : first;
                assertThat(last.getChunk().size()).isLessThanOrEqualTo(512 << 10);
                last.getChunk().writeTo(out);
            }
        }
        BackupFile backup = BackupFile.open(file);
        assertThat(last.getEnd().getFileBytes()).isEqualTo(backup.fileBytes());
        assertThat(last.getEnd().getSha256().toByteArray()).isEqualTo(backup.sha256());
        assertThat(first.getInfo().getRevision()).isEqualTo(backup.head().revision());
        assertThat(first.getHeader().getRevision()).isEqualTo(backup.head().revision());
        assertThat(first.getInfo().getClusterId()).isEqualTo(DirectStore.CLUSTER);
        return backup;
    }

    @Test
    void streamsAFileThatHoldsTheWholeState() throws Exception {
        try (WireFixture wire = new WireFixture()) {
            createLarge(wire, 3);
            wire.create("/a/b", "v");

            BackupFile backup = save(service(wire).backup(BackupRequest.getDefaultInstance()));
            StoreState state = backup.read(StateLimits.DEFAULT).state();

            assertThat(state.digest()).isEqualTo(wire.direct.digest());
            assertThat(state.view().find(ZnodePath.parse("/a/b"))).isNotNull();
            assertThat(wire.meters.scrape())
                    .contains("pathkeeper_backups_total 1.0", "pathkeeper_backups_failed_total 0.0")
                    .contains("pathkeeper_backup_bytes_total " + (double) backup.fileBytes());
        }
    }

    @Test
    void asksForALeaderUnlessTheReadIsLocal() throws Exception {
        try (WireFixture wire = new WireFixture()) {
            wire.direct.readFailure = new StoreFailure(
                    Rejection.of(RejectReason.NO_LEADER, "no leader"), StoreFailure.Outcome.NOT_APPLIED);

            String refused = WireFixture.reasonOf(() ->
                    service(wire).backup(BackupRequest.getDefaultInstance()).hasNext());
            BackupFile backup = save(service(wire).backup(local()));

            assertThat(refused).isEqualTo("NO_LEADER");
            assertThat(backup.head().znodeCount()).isEqualTo(1);
        }
    }

    /** A call that takes what it asks for and no more. */
    private static final class Slow extends ClientCall.Listener<BackupResponse> {
        final AtomicLong taken = new AtomicLong();
        final CompletableFuture<Status> end = new CompletableFuture<>();
        final ClientCall<BackupRequest, BackupResponse> call;

        Slow(WireFixture wire) {
            call = wire.channel.newCall(MaintenanceServiceGrpc.getBackupMethod(), CallOptions.DEFAULT);
            call.start(this, new Metadata());
            call.sendMessage(BackupRequest.getDefaultInstance());
            call.halfClose();
            call.request(1);
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> taken.get() > 0);
        }

        @Override
        public void onMessage(BackupResponse message) {
            taken.addAndGet(message.getChunk().size());
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            end.complete(status);
        }
    }

    @Test
    void makesNoMoreThanIsReadAndKeepsTheMomentOfItsBegin() throws Exception {
        try (WireFixture wire = new WireFixture()) {
            createLarge(wire, 30);
            Slow slow = new Slow(wire);
            wire.create("/later", "v");
            double sentAtRest = sentAtRest(wire);

            slow.call.request(Integer.MAX_VALUE);

            assertThat(slow.end.get(60, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.OK);
            assertThat(sentAtRest).isLessThan(5_000_000);
            assertThat(slow.taken.get()).isGreaterThan(30_000_000);
        }
    }

    /** Bytes that were made while nobody read on: when two looks in a row show the same. */
    private static double sentAtRest(WireFixture wire) {
        double[] before = {-1};
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> {
                    double now = sent(wire);
                    boolean same = now == before[0];
                    before[0] = now;
                    return same;
                });
        return before[0];
    }

    private static double sent(WireFixture wire) {
        return wire.meters
                .scrape()
                .lines()
                .filter(line -> line.startsWith("pathkeeper_backup_bytes_total "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .sum();
    }

    @Test
    void refusesAThirdAndForgetsOneWhoseReaderHasGone() throws Exception {
        try (WireFixture wire = new WireFixture()) {
            createLarge(wire, 30);
            Slow first = new Slow(wire);
            Slow second = new Slow(wire);

            String third = WireFixture.reasonOf(() ->
                    service(wire).backup(BackupRequest.getDefaultInstance()).hasNext());
            first.call.cancel("enough", null);

            assertThat(third).isEqualTo("OVERLOADED");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> wire.meters.scrape().contains("pathkeeper_backups_failed_total 1.0"));
            Slow again = new Slow(wire);
            again.call.cancel("enough", null);
            second.call.cancel("enough", null);
        }
    }
}
