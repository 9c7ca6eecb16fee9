package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.it.cluster.Cluster;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.cluster.InProcessCluster;
import io.pathkeeper.it.process.FreePorts;
import io.pathkeeper.it.process.ServerProcess;
import io.pathkeeper.pathctl.etcd.KVGrpc;
import io.pathkeeper.pathctl.etcd.PutRequest;
import io.pathkeeper.pathctl.etcd.RangeRequest;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code pathctl migrate etcd} from a real etcd server into a real store. Skipped where etcd is not installed (Debian: etcd-server). */
@Timeout(300)
class MigrateEtcdIT {
    @TempDir
    Path directory;

    private @Nullable ServerProcess etcd;
    private @Nullable ManagedChannel channel;
    private @Nullable Cluster cluster;
    private @Nullable PathkeeperClient client;
    private KVGrpc.KVBlockingStub source;
    private String address = "";
    private String err = "";
    private String out = "";

    private static Optional<Path> program() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(place -> Path.of(place, "etcd"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @BeforeEach
    void start() {
        Optional<Path> program = program();
        Assumptions.assumeTrue(program.isPresent(), "etcd is not installed");
        List<Integer> ports = FreePorts.find(2);
        address = "127.0.0.1:" + ports.get(0);
        String peer = "http://127.0.0.1:" + ports.get(1);
        etcd = ServerProcess.start(
                List.of(
                        program.orElseThrow().toString(),
                        "--name=e1",
                        "--data-dir=" + directory.resolve("data"),
                        "--listen-client-urls=http://" + address,
                        "--advertise-client-urls=http://" + address,
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=e1=" + peer),
                directory,
                directory.resolve("etcd.log"));
        ManagedChannel opened = Grpc.newChannelBuilder(address, InsecureChannelCredentials.create())
                .build();
        channel = opened;
        source = KVGrpc.newBlockingStub(opened);
        await().atMost(Duration.ofSeconds(60)).until(this::answers);
        Cluster started = InProcessCluster.started("MigrateEtcd", new ClusterOptions("scenario", 1, Map.of()));
        cluster = started;
        client = started.client();
    }

    private boolean answers() {
        try {
            source.range(RangeRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8("x"))
                    .build());
            return true;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    @AfterEach
    void stop() {
        if (client != null) {
            client.close();
        }
        if (cluster != null) {
            cluster.close();
        }
        if (channel != null) {
            channel.shutdownNow();
        }
        if (etcd != null) {
            etcd.kill();
        }
    }

    private int migrate(String... arguments) {
        List<String> line =
                new ArrayList<>(List.of("--servers", cluster.clientAddress("s1"), "migrate", "etcd", address));
        line.addAll(List.of(arguments));
        Pathctl.Ended ended = Pathctl.run(line);
        out = ended.out();
        err = ended.err();
        return ended.code();
    }

    private void put(String key, String value) {
        put(ByteString.copyFromUtf8(key), ByteString.copyFromUtf8(value));
    }

    private void put(ByteString key, ByteString value) {
        source.put(PutRequest.newBuilder().setKey(key).setValue(value).build());
    }

    private Value ours(String path) {
        return client.store().get(path).value();
    }

    @Test
    void keysBecomeATreeAndWhatHasNoFormIsNamed() {
        put("/app", "root");
        put("/app/a", "1");
        put("/app/a-b", "{\"port\": 80}");
        put("/app/a/b/c", "deep");
        put("/app/empty", "");
        put(ByteString.copyFromUtf8("/app/bytes"), ByteString.copyFrom(new byte[] {0, (byte) 0xff, 7}));
        put("/app//x", "no name");
        put(ByteString.copyFromUtf8("/app/").concat(ByteString.copyFrom(new byte[] {(byte) 0xff})), ByteString.EMPTY);
        put("/app/" + "n".repeat(256), "n");
        put("/apple", "is not below /app");
        for (int i = 0; i < 250; i++) {
            put("/app/many/" + i, "m" + i); // more than a page
        }

        assertThat(migrate("/app/", "--to", "/moved/app", "--dry-run"))
                .as(() -> err)
                .isEqualTo(7);
        assertThat(client.store().batchGet(List.of("/moved")).results().get(0).znode())
                .isEmpty();

        assertThat(migrate("/app/", "--to", "/moved/app")).as(() -> err).isEqualTo(7);
        assertThat(err)
                .contains("left out /app//x: there is nothing between two of its slashes")
                .contains("left out /app/\\xff: its key is no UTF-8")
                .contains("the name has 256 bytes, the limit is 255")
                .contains("verified: 258 equal on both sides, 0 changed");
        assertThat(ours("/moved/app")).isEqualTo(Value.of("root".getBytes(StandardCharsets.UTF_8)));
        assertThat(ours("/moved/app/a/b")).as("there is no such key").isEqualTo(Value.NULL);
        assertThat(ours("/moved/app/a/b/c")).isEqualTo(Value.of("deep".getBytes(StandardCharsets.UTF_8)));
        assertThat(ours("/moved/app/empty")).isEqualTo(Value.of(new byte[0]));
        assertThat(ours("/moved/app/bytes")).isEqualTo(Value.of(new byte[] {0, (byte) 0xff, 7}));
        assertThat(ours("/moved/app/many/249")).isEqualTo(Value.of("m249".getBytes(StandardCharsets.UTF_8)));
        assertThat(client.store()
                        .batchGet(List.of("/moved/apple"))
                        .results()
                        .get(0)
                        .znode())
                .isEmpty();
    }

    @Test
    void aSecondRunMendsWithoutDoublingAndRefusesWhatDiffers() {
        put("cfg/port", "80");
        put("cfg/host", "h");
        assertThat(migrate("", "--values", "json")).as(() -> err).isZero();
        assertThat(ours("/cfg/port")).isEqualTo(Value.of(80L));
        client.store().delete("/cfg/host");
        client.store().create("/cfg/own", Value.of(1));

        assertThat(migrate("cfg", "--values", "json")).as(() -> err).isZero();
        assertThat(err)
                .contains("created 1, updated 0, equal already 2, refused 0")
                .contains("not at the source: /cfg/own");

        put("cfg/port", "81");
        assertThat(migrate("cfg/", "--values", "json")).isEqualTo(4);
        assertThat(err).contains("refused /cfg/port: it exists with another value");
        assertThat(migrate("cfg/", "--values", "json", "--overwrite", "-o", "json"))
                .as(() -> err)
                .isZero();
        assertThat(out).contains("\"updated\":1").contains("\"verified\":3").contains("\"not_at_source\":1");
        assertThat(ours("/cfg/port")).isEqualTo(Value.of(81L));
    }

    /** Where the source has no key, whatever the target has there is as good as any. */
    @Test
    void placeOfWhatHasNoKeyIsNeverOverwritten() {
        put("/app/db/host", "h");
        client.store().create("/app", Value.of("ours"));
        client.store().create("/app/db", Value.of("too"));
        assertThat(migrate("/app")).as(() -> err).isZero();
        assertThat(migrate("/app", "--overwrite")).as(() -> err).isZero();
        assertThat(ours("/app")).isEqualTo(Value.of("ours"));
        assertThat(ours("/app/db")).isEqualTo(Value.of("too"));
        assertThat(ours("/app/db/host")).isEqualTo(Value.of("h".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void ofTwoKeysWithOnePathTheOneWithoutASlashInFrontIsNamedAndLeftOut() {
        put("/a", "v");
        put("a/b", "w");
        put("c/d", "x");
        assertThat(migrate("", "--overwrite")).as(() -> err).isEqualTo(7);
        assertThat(err).contains("left out a/b: keys with a slash in front have the same path: /a;");
        assertThat(ours("/a")).isEqualTo(Value.of("v".getBytes(StandardCharsets.UTF_8)));
        assertThat(ours("/c/d")).isEqualTo(Value.of("x".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void nothingThereAndNobodyThereAreSaidAsSuch() {
        assertThat(migrate("/missing")).isEqualTo(3);
        assertThat(err).contains("/missing: there is no such key, nor one below it");
        assertThat(migrate("/missing", "--source-key", "k.pem")).isEqualTo(2);
        assertThat(err).contains("--source-cert, --source-key and --source-ca belong together");
        etcd.kill();
        assertThat(migrate("/missing", "--timeout", "2s")).isEqualTo(1);
        assertThat(err).contains("no etcd server of " + address + " answers within 2 s");
    }
}
