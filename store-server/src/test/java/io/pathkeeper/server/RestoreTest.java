package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.pathkeeper.server.config.ConfigLoader;
import io.pathkeeper.v1.BackupRequest;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.CreateSessionRequest;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.LockRequest;
import io.pathkeeper.v1.LockServiceGrpc;
import io.pathkeeper.v1.MaintenanceServiceGrpc;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.ObserveServiceGrpc;
import io.pathkeeper.v1.ObserveTarget;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.ScanSubtreeRequest;
import io.pathkeeper.v1.SessionKey;
import io.pathkeeper.v1.SessionServiceGrpc;
import io.pathkeeper.v1.StoreServiceGrpc;
import io.pathkeeper.v1.TryAcquireLockRequest;
import io.pathkeeper.v1.ZnodeKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A backup of one cluster becomes the beginning of another one. */
@Timeout(120)
class RestoreTest {
    private static final long JUMP = 1_000_000;

    @TempDir
    static Path directory;

    private static Path backup = Path.of("");
    private static Path later = Path.of("");
    private static SessionKey session = SessionKey.getDefaultInstance();
    private static long token;
    private static long revision;

    @BeforeAll
    static void backUpAServer() throws Exception {
        try (PathkeeperServer server = start("old", directory.resolve("old"))) {
            ManagedChannel channel = channel(server);
            create(channel, "/config", "v1");
            create(channel, "/config/deep", "v2");
            session = SessionServiceGrpc.newBlockingStub(channel)
                    .createSession(CreateSessionRequest.newBuilder()
                            .setTimeoutMs(60_000)
                            .setClientIdentity("worker")
                            .build())
                    .getSession();
            StoreServiceGrpc.newBlockingStub(channel)
                    .create(CreateRequest.newBuilder()
                            .setPath("/member")
                            .setKind(ZnodeKind.ZNODE_KIND_EPHEMERAL)
                            .setSession(session)
                            .build());
            token = tryLock(channel, session);
            backup = save(channel, "one.backup");
            revision = server.node().view().revision();
            create(channel, "/behind", "v3");
            later = save(channel, "two.backup");
            channel.shutdownNow();
        }
    }

    @AfterAll
    static void configureTheLogAgain() {
        Logging.configure(new ConfigLoader().load().log());
    }

    static PathkeeperServer start(String cluster, Path data) throws StartException {
        PathkeeperServer server = PathkeeperServer.start(new ConfigLoader()
                .set("data.dir", data.toString(), "test")
                .set("cluster.id", cluster, "test")
                .set("member.id", "s1", "test")
                .set("client.listen", "127.0.0.1:0", "test")
                .set("raft.listen", "127.0.0.1:0", "test")
                .set("http.listen", "127.0.0.1:0", "test")
                .load());
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(server::isReady);
        return server;
    }

    static ManagedChannel channel(PathkeeperServer server) {
        return NettyChannelBuilder.forAddress("127.0.0.1", server.clientPort())
                .usePlaintext()
                .build();
    }

    static long create(ManagedChannel channel, String path, String value) {
        return StoreServiceGrpc.newBlockingStub(channel)
                .create(CreateRequest.newBuilder()
                        .setPath(path)
                        .setData(Payload.newBuilder().setJson("\"" + value + "\""))
                        .build())
                .getHeader()
                .getRevision();
    }

    static long tryLock(ManagedChannel channel, SessionKey holder) {
        return LockServiceGrpc.newBlockingStub(channel)
                .tryAcquireLock(TryAcquireLockRequest.newBuilder()
                        .setLock(LockRequest.newBuilder().setPath("/lock").setSession(holder))
                        .build())
                .getToken();
    }

    private static Path save(ManagedChannel channel, String name) throws IOException {
        Path file = directory.resolve(name);
        try (var out = Files.newOutputStream(file)) {
            var answers = MaintenanceServiceGrpc.newBlockingStub(channel).backup(BackupRequest.getDefaultInstance());
            while (answers.hasNext()) {
                answers.next().getChunk().writeTo(out);
            }
        }
        return file;
    }

    /** How a command ended, and what it printed. */
    record Ended(int code, String out, String err) {}

    static Ended run(Object... arguments) {
        StringWriter err = new StringWriter();
        CommandLine command = ServerMain.commandLine().setErr(new PrintWriter(err, true));
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            int code = command.execute(
                    Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
            return new Ended(code, out.toString(StandardCharsets.UTF_8), err.toString());
        } finally {
            System.setOut(before);
        }
    }

    private static Ended restore(Path file, Path data, Object... more) {
        Object[] base = {"restore", "--from", file, "--data", data, "--member-id", "s1"};
        Object[] all = Arrays.copyOf(base, base.length + more.length);
        System.arraycopy(more, 0, all, base.length, more.length);
        return run(all);
    }

    static String reason(Runnable call) throws Exception {
        StatusRuntimeException error = catchThrowableOfType(StatusRuntimeException.class, call::run);
        return Reasons.of(StatusProto.fromThrowable(error));
    }

    @Test
    void theNewClusterHasTheTreeAndNoSessionAndItsRevisionsLieAbove() throws Exception {
        Path data = directory.resolve("new");

        Ended restored = restore(backup, data, "--cluster-id", "new", "--expect-cluster", "old");

        assertThat(restored.err()).isEmpty();
        assertThat(restored.code()).isZero();
        assertThat(restored.out()).contains("cluster new, member s1").contains("ended 1 sessions");
        long written;
        try (PathkeeperServer server = start("new", data)) {
            ManagedChannel channel = channel(server);
            assertThat(paths(channel)).containsExactlyInAnyOrder("/", "/config", "/config/deep");
            assertThat(server.node().sessions().count()).isZero();
            assertThat(reason(() -> tryLock(channel, session))).isEqualTo("SESSION_EXPIRED");
            written = create(channel, "/more", "v4");
            assertThat(written).isBetween(revision + JUMP, revision + JUMP + 10);
            SessionKey fresh = SessionServiceGrpc.newBlockingStub(channel)
                    .createSession(CreateSessionRequest.newBuilder()
                            .setTimeoutMs(60_000)
                            .build())
                    .getSession();
            assertThat(fresh.getId()).isGreaterThan(session.getId() + JUMP - 1);
            assertThat(tryLock(channel, fresh)).isGreaterThan(token + JUMP - 1);
            assertThat(resync(channel, revision + 1).getReset().getCause()).isEqualTo("restore");
            assertThat(reason(() -> observe(channel, revision + 1, false).next()))
                    .isEqualTo("REVISION_COMPACTED");
            channel.shutdownNow();
        }
        try (PathkeeperServer again = start("new", data)) {
            ManagedChannel channel = channel(again);
            assertThat(paths(channel)).containsExactlyInAnyOrder("/", "/config", "/config/deep", "/more");
            assertThat(StoreServiceGrpc.newBlockingStub(channel)
                            .get(GetRequest.newBuilder().setPath("/more").build())
                            .getStat()
                            .getCreatedRevision())
                    .isEqualTo(written);
            channel.shutdownNow();
        }
    }

    static Set<String> paths(ManagedChannel channel) {
        Set<String> paths = new TreeSet<>();
        StoreServiceGrpc.newBlockingStub(channel)
                .scanSubtree(ScanSubtreeRequest.newBuilder().setPath("/").build())
                .forEachRemaining(chunk -> chunk.getZnodesList().forEach(znode -> paths.add(znode.getPath())));
        return paths;
    }

    private static Iterator<ObserveResponse> observe(ManagedChannel channel, long from, boolean resync) {
        return ObserveServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .observe(ObserveRequest.newBuilder()
                        .addTargets(ObserveTarget.newBuilder().setPath("/config"))
                        .setStartRevision(from)
                        .setResync(resync)
                        .build());
    }

    /** The first frame that is not the greeting. */
    private static ObserveResponse resync(ManagedChannel channel, long from) {
        Iterator<ObserveResponse> frames = observe(channel, from, true);
        ObserveResponse first = frames.next();
        return first.getFrameCase() == ObserveResponse.FrameCase.CREATED ? frames.next() : first;
    }

    @Test
    void everyMemberOfTheNewClusterBeginsWithTheSameBytes() throws Exception {
        restore(backup, directory.resolve("m1"), "--cluster-id", "trio");
        run(
                "restore",
                "--from",
                backup,
                "--data",
                directory.resolve("m2"),
                "--member-id",
                "s2",
                "--cluster-id",
                "trio");

        assertThat(snapshot("m1")).hasSameBinaryContentAs(snapshot("m2"));
    }

    private static Path snapshot(String data) throws IOException {
        try (var files = Files.walk(directory.resolve(data))) {
            return files.filter(file -> file.getFileName().toString().matches("snapshot\\.\\d+_\\d+"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void nothingIsChangedWhenItIsRefused() throws Exception {
        Path data = directory.resolve("refused");
        byte[] bytes = Files.readAllBytes(backup);
        Path cut = Files.write(directory.resolve("cut"), Arrays.copyOf(bytes, bytes.length - 10));
        byte[] changed = bytes.clone();
        changed[bytes.length / 2] ^= 1;
        Path damaged = Files.write(directory.resolve("damaged"), changed);
        byte[] version = bytes.clone();
        version[8] = 9;
        Path newer = Files.write(directory.resolve("newer"), version);

        refused(restore(cut, data, "--cluster-id", "new"), 5, "cut off");
        refused(restore(damaged, data, "--cluster-id", "new"), 5, "its checksum differs");
        refused(restore(newer, data, "--cluster-id", "new"), 5, "format version is 9");
        refused(restore(directory.resolve("none"), data, "--cluster-id", "new"), 2, "there is no file");
        refused(restore(backup, data, "--cluster-id", "old"), 2, "give it another name");
        refused(restore(backup, data, "--cluster-id", "new", "--expect-cluster", "x"), 2, "backup of cluster 'old'");
        refused(restore(backup, data, "--cluster-id", "new", "--revision-jump", "999999"), 2, "1000000 to");
        assertThat(data).doesNotExist();

        Files.createDirectory(data);
        Files.writeString(data.resolve("mine"), "x");
        refused(restore(backup, data, "--cluster-id", "new"), 4, "not empty");
        assertThat(names(data)).containsExactly("mine");
        Path used = directory.resolve("old");
        Set<String> before = names(used);
        refused(restore(backup, used, "--cluster-id", "new"), 4, "in use by a server already");
        assertThat(names(used)).isEqualTo(before);
    }

    static Set<String> names(Path data) throws IOException {
        try (var files = Files.list(data)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    static void refused(Ended ended, int code, String text) {
        assertThat(ended.err()).contains(text).hasLineCount(1);
        assertThat(ended.code()).as(ended.err()).isEqualTo(code);
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void verifiesAndComparesBackups() {
        Ended verified = run("backup", "verify", backup);
        assertThat(verified.code()).isZero();
        assertThat(verified.out())
                .contains(
                        "can be restored",
                        "cluster old",
                        "revision " + revision + ", 4 znodes",
                        "sessions 1, locks and elections 1");

        List<String> paths =
                run("backup", "inspect", "--paths", backup).out().lines().toList();
        assertThat(paths).anyMatch(line -> line.startsWith("/member\tephemeral\tversion 1"));
        assertThat(run("backup", "inspect", backup).out())
                .contains("2 znodes, ")
                .contains("\t/config");

        Ended difference = run("backup", "inspect", backup, later);
        assertThat(difference.code()).isZero();
        assertThat(difference.out()).contains("+ /behind\tpersistent").contains("1 added, 0 removed, 0 changed");
        assertThat(run("backup", "inspect", later, backup).out())
                .contains("- /behind\tpersistent")
                .contains("0 added, 1 removed, 0 changed");
        assertThat(run("backup").code()).isEqualTo(2);
    }
}
