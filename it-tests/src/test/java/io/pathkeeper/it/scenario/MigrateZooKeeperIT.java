package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.ZnodeKind;
import io.pathkeeper.it.cluster.Cluster;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.cluster.InProcessCluster;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code pathctl migrate zookeeper} from a real ZooKeeper server into a real store. */
@Timeout(300)
class MigrateZooKeeperIT {
    private static final String TTL_NODES = "zookeeper.extendedTypesEnabled";

    private final Cluster cluster =
            InProcessCluster.started("MigrateZooKeeper", new ClusterOptions("scenario", 1, Map.of()));
    private final PathkeeperClient client = cluster.client();

    @TempDir
    Path directory;

    private ServerCnxnFactory source;
    private ZooKeeper zookeeper;
    private String err = "";
    private String out = "";

    @BeforeEach
    void startZooKeeper() throws Exception {
        System.setProperty(TTL_NODES, "true");
        source = new NIOServerCnxnFactory();
        source.configure(new InetSocketAddress("127.0.0.1", 0), 100);
        source.startup(new ZooKeeperServer(directory.toFile(), directory.toFile(), 2_000));
        CountDownLatch connected = new CountDownLatch(1);
        zookeeper = new ZooKeeper("127.0.0.1:" + source.getLocalPort(), 60_000, event -> {
            if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
            }
        });
        assertThat(connected.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @AfterEach
    void stop() throws Exception {
        System.clearProperty(TTL_NODES);
        zookeeper.close();
        source.shutdown();
        client.close();
        cluster.close();
    }

    private int migrate(String... arguments) {
        List<String> line = new java.util.ArrayList<>(List.of(
                "--servers",
                cluster.clientAddress("s1"),
                "migrate",
                "zookeeper",
                "127.0.0.1:" + source.getLocalPort()));
        line.addAll(List.of(arguments));
        Pathctl.Ended ended = Pathctl.run(line);
        out = ended.out();
        err = ended.err();
        return ended.code();
    }

    private String make(String path, byte[] data, CreateMode mode) throws Exception {
        return zookeeper.create(path, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, mode);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void valuesKindsAndCountersComeAlongAndTheRestIsNamed() throws Exception {
        make("/app", bytes("root"), CreateMode.PERSISTENT);
        make("/app/none", null, CreateMode.PERSISTENT);
        make("/app/empty", new byte[0], CreateMode.PERSISTENT);
        make("/app/bytes", new byte[] {0, (byte) 0xff, 7}, CreateMode.PERSISTENT);
        make("/app/queue", bytes("q"), CreateMode.PERSISTENT);
        for (int i = 0; i < 7; i++) {
            make("/app/queue/job-", bytes("job" + i), CreateMode.PERSISTENT_SEQUENTIAL);
        }
        zookeeper.delete("/app/queue/job-0000000006", -1);
        zookeeper.delete("/app/queue/job-0000000002", -1);
        make("/app/box", bytes("box"), CreateMode.CONTAINER);
        make("/app/box/in", bytes("in"), CreateMode.PERSISTENT);
        zookeeper.create(
                "/app/ttl",
                bytes("t"),
                ZooDefs.Ids.OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT_WITH_TTL,
                new Stat(),
                600_000);
        make("/app/gone", bytes("e"), CreateMode.EPHEMERAL);
        make("/app/" + "n".repeat(256), bytes("n"), CreateMode.PERSISTENT);
        zookeeper.create("/app/readers", bytes("r"), ZooDefs.Ids.READ_ACL_UNSAFE, CreateMode.PERSISTENT);

        assertThat(migrate("/app", "--to", "/moved", "--dry-run")).as(() -> err).isEqualTo(7);
        assertThat(client.store().batchGet(List.of("/moved")).results().get(0).znode())
                .isEmpty();

        assertThat(migrate("/app", "--to", "/moved")).as(() -> err).isEqualTo(7);
        assertThat(err)
                .contains("left out /app/gone: it is ephemeral")
                .contains("the name has 256 bytes, the limit is 255")
                .contains("1 had access rules of their own")
                .contains("verified: 14 equal on both sides, 0 changed");
        assertThat(client.store().get("/moved").value()).isEqualTo(Value.of(bytes("root")));
        assertThat(client.store().get("/moved/none").value()).isEqualTo(Value.NULL);
        assertThat(client.store().get("/moved/empty").value()).isEqualTo(Value.of(new byte[0]));
        assertThat(client.store().get("/moved/bytes").value()).isEqualTo(Value.of(new byte[] {0, (byte) 0xff, 7}));
        assertThat(client.store().get("/moved/box").stat().kind())
                .as("ZooKeeper shows containers and TTL znodes as persistent ones")
                .isEqualTo(ZnodeKind.PERSISTENT);
        assertThat(client.store().get("/moved/ttl").stat().kind()).isEqualTo(ZnodeKind.PERSISTENT);
        String theirs = make("/app/queue/job-", null, CreateMode.PERSISTENT_SEQUENTIAL);
        String ours = client.store()
                .create(
                        "/moved/queue/job-",
                        Value.NULL,
                        CreateOptions.defaults().sequential(true))
                .path();
        assertThat(theirs).isEqualTo("/app/queue/job-0000000007");
        assertThat(ours).isEqualTo("/moved/queue/job-0000000007");
    }

    @Test
    void aSecondRunMendsWithoutDoublingAndRefusesWhatDiffers() throws Exception {
        make("/a", bytes("{\"port\": 80}"), CreateMode.PERSISTENT);
        make("/a/text", bytes("plain"), CreateMode.PERSISTENT);
        make("/a/later", bytes("later"), CreateMode.PERSISTENT);
        assertThat(migrate("/a", "--values", "auto")).as(() -> err).isZero();
        assertThat(client.store().get("/a").value()).isEqualTo(Value.map("port", 80L));
        assertThat(client.store().get("/a/text").value()).isEqualTo(Value.of("plain"));
        client.store().delete("/a/later");
        client.store().create("/a/own", Value.of(1));

        assertThat(migrate("/a", "--values", "auto")).as(() -> err).isZero();
        assertThat(err)
                .contains("created 1, updated 0, equal already 2, refused 0")
                .contains("not at the source: /a/own");

        zookeeper.setData("/a/text", bytes("changed"), -1);
        assertThat(migrate("/a", "--values", "auto")).isEqualTo(4);
        assertThat(err).contains("refused /a/text: it exists with another value");
        assertThat(client.store().get("/a/text").value()).isEqualTo(Value.of("plain"));

        assertThat(migrate("/a", "--values", "auto", "--overwrite", "-o", "json"))
                .as(() -> err)
                .isZero();
        assertThat(out).contains("\"updated\":1").contains("\"verified\":3").contains("\"not_at_source\":1");
        assertThat(client.store().get("/a/text").value()).isEqualTo(Value.of("changed"));
    }

    @Test
    void nothingThereIsSaidAsSuch() {
        assertThat(migrate("/missing")).isEqualTo(3);
        assertThat(err).contains("/missing does not exist");
    }
}
