package io.pathkeeper.client.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.client.session.SessionOptions;
import io.pathkeeper.v1.ClusterServiceGrpc;
import io.pathkeeper.v1.ListMembersRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class PresenceTest extends MemoryFixture {
    private static final CreateOptions PARENTS = CreateOptions.defaults().createParents(true);

    /** Writes down what a cache tells. */
    private static final class Recorder implements CacheListener {
        final List<String> told = new CopyOnWriteArrayList<>();

        private static String text(@Nullable Znode znode) {
            return znode == null ? "-" : znode.path() + "=" + znode.value().toJson();
        }

        @Override
        public void onChange(@Nullable Znode before, @Nullable Znode after) {
            told.add(text(before) + " > " + text(after));
        }

        @Override
        public void onInitialized() {
            told.add("initialized");
        }

        @Override
        public void onResynced() {
            told.add("resynced");
        }
    }

    @Test
    void treeCacheFollowsFromTheFirstStateOn() {
        client.store().create("/c/a", Value.of(1), PARENTS);
        Recorder recorder = new Recorder();
        try (TreeCache cache = TreeCache.start(client, "/c", recorder)) {
            get(cache.initialized());
            client.store().set("/c/a", Value.of(2));
            client.store().delete("/c/a");
            client.store().create("/c/a", Value.of(3));
            await().until(() -> recorder.told.size() == 6);
            assertThat(recorder.told)
                    .containsExactly(
                            "- > /c=null", "- > /c/a=1", "initialized", "/c/a=1 > /c/a=2", "/c/a=2 > -", "- > /c/a=3");
            assertThat(cache.znodes().keySet()).containsExactly("/c", "/c/a");
            assertThat(cache.find("/c/a").orElseThrow().value()).isEqualTo(Value.of(3));
            assertThat(cache.revision()).isEqualTo(cluster.revision());
        }
    }

    @Test
    void cachesGoOnBehindABrokenConnection() {
        client.store().create("/c/a", Value.of(1), PARENTS);
        Recorder recorder = new Recorder();
        try (ChildrenCache cache = ChildrenCache.start(client, "/c", recorder)) {
            get(cache.initialized());
            server.breakStreams();
            client.store().create("/c/b", Value.of(2));
            client.store().create("/c/b/deeper", Value.of(3));
            client.store().delete("/c/a");
            await().until(() -> cache.children().keySet().equals(java.util.Set.of("b")));
            assertThat(recorder.told).containsExactly("- > /c/a=1", "initialized", "- > /c/b=2", "/c/a=1 > -");
            assertThat(cache.find("b").orElseThrow().value()).isEqualTo(Value.of(2));
        }
    }

    @Test
    void nodeCacheShowsTheZnodeThatIsCreatedLater() {
        try (NodeCache cache = NodeCache.start(client, "/n", new Recorder())) {
            get(cache.initialized());
            assertThat(cache.current()).isEmpty();
            client.store().create("/n", Value.of(1));
            await().until(() -> cache.current().isPresent());
            client.store().delete("/n");
            await().until(() -> cache.current().isEmpty());
        }
    }

    @Test
    void persistentEphemeralComesBackUnderANewSessionAndWhenItIsDeleted() {
        PersistentEphemeral here = PersistentEphemeral.start(client, SessionOptions.defaults(), "/p/x", Value.of("up"));
        get(here.created());
        long owner = client.store().get("/p/x").stat().ownerSession();
        client.store().delete("/p/x");
        await().until(() -> cluster.paths().contains("/p/x"));
        here.session().orElseThrow().close();
        await().until(() -> cluster.paths().contains("/p/x")
                && client.store().get("/p/x").stat().ownerSession() != owner);
        get(here.set(Value.of("busy")));
        assertThat(client.store().get("/p/x").value()).isEqualTo(Value.of("busy"));
        here.close();
        await().until(() -> cluster.paths().isEmpty());
    }

    @Test
    void persistentEphemeralWaitsForThePathOfAnotherOne() {
        client.store().create("/p", Value.NULL, CreateOptions.defaults().ephemeral(other));
        PersistentEphemeral here = PersistentEphemeral.start(client, SessionOptions.defaults(), "/p", Value.of(2));
        await().until(() -> here.session().isPresent());
        assertThat(here.created()).isNotDone();
        other.close();
        get(here.created());
        assertThat(client.store().get("/p").value()).isEqualTo(Value.of(2));
        here.close();
    }

    @Test
    void membersOfAGroupSeeOneAnotherComeAndGo() {
        SessionOptions options = SessionOptions.defaults();
        GroupMembership one = GroupMembership.join(client, options, "/g", "one", Value.of(1), new Recorder());
        get(one.joined());
        assertThat(one.members()).containsExactly(Map.entry("one", Value.of(1)));
        GroupMembership two = GroupMembership.join(client, options, "/g", "two", Value.of(2), new Recorder());
        await().until(() -> one.members().equals(Map.of("one", Value.of(1), "two", Value.of(2))));
        get(two.joined());
        two.close();
        await().until(() -> one.members().keySet().equals(java.util.Set.of("one")));
        one.close();
    }

    @Test
    void servicesAreFoundAndDialledByName() {
        ServiceDiscovery discovery = new ServiceDiscovery(client, "/services");
        int port = Integer.parseInt(server.address().substring(server.address().indexOf(':') + 1));
        ServiceInstance instance = new ServiceInstance("members", "m1", "127.0.0.1", port, Map.of("zone", "a"));
        PersistentEphemeral registration = discovery.register(SessionOptions.defaults(), instance);
        get(registration.created());
        client.store().create("/services/members/broken", Value.of("no instance"));
        assertThat(get(discovery.instances("members"))).containsExactly(instance);
        assertThat(get(discovery.instances("none"))).isEmpty();
        GrpcNaming.use(discovery);
        ManagedChannel channel = NettyChannelBuilder.forTarget("pathkeeper:///members")
                .usePlaintext()
                .build();
        try {
            String answered = ClusterServiceGrpc.newBlockingStub(channel)
                    .withWaitForReady()
                    .listMembers(ListMembersRequest.getDefaultInstance())
                    .getHeader()
                    .getMemberId();
            assertThat(answered).isEqualTo("memory");
        } finally {
            channel.shutdownNow();
            GrpcNaming.stop();
        }
        registration.close();
        await().until(() -> !cluster.paths().contains("/services/members/m1"));
    }
}
