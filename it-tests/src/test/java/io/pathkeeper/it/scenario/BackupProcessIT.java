package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.StreamObserver;
import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.BackupSummary;
import io.pathkeeper.client.model.Consistency;
import io.pathkeeper.client.model.MemberStatus;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.Cluster;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.cluster.PinnedServer;
import io.pathkeeper.it.cluster.ProcessCluster;
import io.pathkeeper.it.process.ServerProcess;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.ObserveTarget;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three real servers are backed up while they are written to, become three others, and of those one survives. */
@Timeout(300)
class BackupProcessIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ZNODES = 50;
    private static final long JUMP = 1_000_000;

    @TempDir
    private Path directory;

    private static ProcessCluster create(String clusterId) {
        ClusterOptions frequent = ClusterOptions.threeWithFrequentSnapshots();
        return ProcessCluster.create("backup", new ClusterOptions(clusterId, 3, frequent.settings()));
    }

    /** Sets znodes in turn to ever higher numbers until it is stopped; knows what was acknowledged. */
    private static final class Writer implements AutoCloseable {
        final AtomicLong acknowledged = new AtomicLong();
        private final AtomicBoolean stop = new AtomicBoolean();
        private final CompletableFuture<Void> running;

        Writer(PathkeeperClient client) {
            running = CompletableFuture.runAsync(() -> {
                for (long number = 1; !stop.get(); number++) {
                    client.store().set("/load/" + number % ZNODES, Value.of(number));
                    acknowledged.set(number);
                }
            });
        }

        @Override
        public void close() {
            stop.set(true);
            running.join();
        }
    }

    private BackupSummary save(Cluster cluster, Path file) throws IOException {
        try (PathkeeperClient client = cluster.client();
                OutputStream out = Files.newOutputStream(file)) {
            return client.store().backup(Consistency.LINEARIZABLE, out);
        }
    }

    /** Runs the server's program with a command and the arguments that a member is started with. */
    private String offline(ProcessCluster cluster, String member, String... command) throws IOException {
        List<String> all = cluster.command(member);
        int program = all.indexOf("-jar") + 2;
        List<String> line = new ArrayList<>(all.subList(0, program));
        line.addAll(List.of(command));
        if (!command[0].equals("backup")) {
            line.addAll(all.subList(program, all.size()));
        }
        Path log = Files.createTempFile(directory, "offline", ".log");
        ServerProcess process = ServerProcess.start(line, directory, log);
        assertThat(process.awaitExit(PATIENCE)).as(process.log()).isZero();
        return process.log();
    }

    @Test
    void aBackupUnderLoadHasWhatWasAcknowledgedAndBecomesAnotherClusterOfWhichOneSurvivesAlone() throws Exception {
        Path underLoad = directory.resolve("under-load.backup");
        Path atRest = directory.resolve("at-rest.backup");
        BackupSummary saved;
        long before;
        try (ProcessCluster old = create("old")) {
            old.startAll();
            try (PathkeeperClient client = old.client()) {
                client.store().create("/load", Value.NULL);
                for (int i = 0; i < ZNODES; i++) {
                    client.store().create("/load/" + i, Value.of(0));
                }
                try (Writer writer = new Writer(client)) {
                    Await.until("some writes", PATIENCE, () -> writer.acknowledged.get() > 300);
                    before = writer.acknowledged.get();
                    saved = save(old, underLoad);
                    Await.until("writes go on", PATIENCE, () -> writer.acknowledged.get() > before + 100);
                }
                save(old, atRest);
            }
            String verified = offline(old, "s1", "backup", "verify", underLoad.toString());
            assertThat(verified)
                    .contains("can be restored", "revision " + saved.info().revision());
            assertThat(offline(old, "s1", "backup", "inspect", underLoad.toString(), atRest.toString()))
                    .contains("0 added, 0 removed, ");
        }

        try (ProcessCluster restored = create("restored")) {
            for (String member : restored.members()) {
                offline(restored, member, "restore", "--expect-cluster", "old", "--from", underLoad.toString());
            }
            restored.startAll();
            requireSameTree(restored, underLoad);
            requireAcknowledged(restored, before);
            requireReset(restored, saved.info().revision());
            long written = write(restored);
            assertThat(written)
                    .isBetween(saved.info().revision() + JUMP, saved.info().revision() + 2 * JUMP);
            requireOneDigest(restored);
            survive(restored, written);
        }
    }

    private void requireSameTree(ProcessCluster restored, Path file) throws IOException {
        Path again = directory.resolve("again.backup");
        save(restored, again);
        assertThat(offline(restored, "s1", "backup", "inspect", file.toString(), again.toString()))
                .contains("0 added, 0 removed, 0 changed");
    }

    /** Numbers rise with time, so the largest one tells how far the backup goes. */
    private static void requireAcknowledged(Cluster cluster, long before) {
        long largest = 0;
        try (PathkeeperClient client = cluster.client()) {
            for (int i = 0; i < ZNODES; i++) {
                largest = Math.max(
                        largest, client.store().get("/load/" + i).value().asLong());
            }
        }
        assertThat(largest).isGreaterThanOrEqualTo(before);
    }

    private static void requireReset(Cluster cluster, long oldRevision) throws Exception {
        for (String member : cluster.members()) {
            CompletableFuture<String> cause = new CompletableFuture<>();
            try (PinnedServer server = cluster.pin(member)) {
                server.observations()
                        .withDeadlineAfter(60, TimeUnit.SECONDS)
                        .observe(
                                ObserveRequest.newBuilder()
                                        .addTargets(ObserveTarget.newBuilder().setPath("/load"))
                                        .setStartRevision(oldRevision + 1)
                                        .setResync(true)
                                        .build(),
                                new StreamObserver<>() {
                                    @Override
                                    public void onNext(ObserveResponse frame) {
                                        if (frame.hasReset()) {
                                            cause.complete(frame.getReset().getCause());
                                        }
                                    }

                                    @Override
                                    public void onError(Throwable error) {
                                        cause.completeExceptionally(error);
                                    }

                                    @Override
                                    public void onCompleted() {
                                        cause.complete("ended");
                                    }
                                });
                assertThat(cause.get(60, TimeUnit.SECONDS)).isEqualTo("restore");
            }
        }
    }

    private static long write(Cluster cluster) {
        try (PathkeeperClient client = cluster.client()) {
            for (int i = 0; i < 250; i++) {
                client.store().set("/load/" + i % ZNODES, Value.of("new " + i));
            }
            client.store().create("/written", Value.of("here"));
            return client.store().get("/written").stat().createdRevision();
        }
    }

    private static void requireOneDigest(Cluster cluster) {
        try (PathkeeperClient client = cluster.client()) {
            Await.until("all servers have one state", PATIENCE, () -> {
                Set<List<Long>> states = new HashSet<>();
                for (String member : cluster.members()) {
                    MemberStatus status = client.store().memberStatus(cluster.clientAddress(member));
                    states.add(List.of(status.header().revision(), status.digest()));
                }
                return states.size() == 1;
            });
        }
    }

    /** Two of three lose everything; the third one goes on alone under another name. */
    private void survive(ProcessCluster cluster, long written) throws IOException {
        cluster.members().forEach(cluster::kill);
        List<String> alone = new ArrayList<>(cluster.command("s2"));
        int members = alone.indexOf("--members");
        alone.subList(members, members + 2).clear();
        alone.set(alone.indexOf("--cluster-id") + 1, "rescue");
        List<String> force = new ArrayList<>(alone);
        force.addAll(alone.indexOf("-jar") + 2, List.of("force-new-cluster", "--accept-data-loss"));
        ServerProcess forced = ServerProcess.start(force, directory, Files.createTempFile(directory, "force", ".log"));
        assertThat(forced.awaitExit(PATIENCE)).as(forced.log()).isZero();
        assertThat(forced.log()).contains("member s2 of cluster restored", "may be lost", "made cluster rescue");

        cluster.start("s2", alone);
        cluster.awaitReady("s2");
        try (PathkeeperClient client =
                PathkeeperClient.builder().servers(cluster.clientAddress("s2")).build()) {
            assertThat(client.store().get("/written").stat().createdRevision()).isEqualTo(written);
            assertThat(client.store().set("/written", Value.of("on")).stat().modifiedRevision())
                    .isGreaterThan(written + JUMP - 1);
        }
    }
}
