package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.pathkeeper.client.model.Child;
import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.ListOptions;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.recipe.CacheListener;
import io.pathkeeper.client.recipe.ChildrenCache;
import io.pathkeeper.client.recipe.GroupMembership;
import io.pathkeeper.client.recipe.GrpcNaming;
import io.pathkeeper.client.recipe.NodeCache;
import io.pathkeeper.client.recipe.PersistentEphemeral;
import io.pathkeeper.client.recipe.ServiceDiscovery;
import io.pathkeeper.client.recipe.ServiceInstance;
import io.pathkeeper.client.recipe.TreeCache;
import io.pathkeeper.client.session.SessionOptions;
import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.Cluster;
import io.pathkeeper.v1.GetMemberStatusRequest;
import io.pathkeeper.v1.MaintenanceServiceGrpc;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The recipes that tell who and what is there go on telling it when the leader is killed in the middle. */
class RecipePresenceProcessIT extends RecipeScenarios {
    private static final CacheListener SILENT = (before, after) -> {};
    private static final SessionOptions BRIEF = SessionOptions.defaults().timeout(Duration.ofSeconds(3));

    @Test
    void membersSeeOneAnotherThroughTheLossOfTheLeaderAndNoticeWhoHasGone() {
        GroupMembership one = GroupMembership.join(one().client(), BRIEF, "/groups/g", "one", Value.of(1), SILENT);
        GroupMembership two = GroupMembership.join(two().client(), BRIEF, "/groups/g", "two", Value.of(2), SILENT);
        get(one.joined());
        get(two.joined());
        awaitMembers(one, Set.of("one", "two"));
        loseLeader();
        get(one.set(Value.of(10)));
        Await.until(
                "the other one sees the new value",
                Cluster.PATIENCE,
                () -> two.members().equals(Map.of("one", Value.of(10), "two", Value.of(2))));
        // without a word, as a program that is killed
        two().client().close();
        awaitMembers(one, Set.of("one"));
        one.close();
    }

    @Test
    void cachesShowWhatIsThereBehindTheLossOfTheLeader() {
        var store = one().client().store();
        store.create("/cached/a", Value.of(0), CreateOptions.defaults().createParents(true));
        try (NodeCache node = NodeCache.start(two().client(), "/cached/a", SILENT);
                ChildrenCache children = ChildrenCache.start(two().client(), "/cached", SILENT);
                TreeCache tree = TreeCache.start(two().client(), "/cached", SILENT)) {
            get(node.initialized());
            get(children.initialized());
            get(tree.initialized());
            for (int i = 1; i <= 20; i++) {
                store.set("/cached/a", Value.of(i));
                store.create("/cached/c" + i, Value.of(i));
                if (i == 10) {
                    loseLeader();
                }
            }
            store.create("/cached/c1/deep", Value.of("deep"));
            store.delete("/cached/c2");
            long revision = store.get("/cached/c1/deep").stat().modifiedRevision();

            Await.until(
                    "all three have come so far",
                    Cluster.PATIENCE,
                    () -> tree.revision() > revision
                            && children.find("c2").isEmpty()
                            && children.find("c20").isPresent()
                            && node.current().orElseThrow().value().asLong() == 20);
            Set<String> names = new HashSet<>();
            store.allChildren("/cached", ListOptions.defaults()).forEach(child -> names.add(child.name()));
            assertThat(children.children().keySet()).isEqualTo(names);
            assertThat(tree.znodes()).hasSize(names.size() + 2);
            assertThat(tree.find("/cached/c1/deep").orElseThrow().value()).isEqualTo(Value.of("deep"));
            assertThat(tree.find("/cached/c2")).isEmpty();
        }
    }

    @Test
    void anEphemeralComesBackWhenItsSessionEndsAndStaysThroughTheLossOfTheLeader() {
        try (PersistentEphemeral here =
                PersistentEphemeral.start(one().client(), BRIEF.identity("here"), "/here", Value.of("up"))) {
            get(here.created());
            long owner = two().client().store().get("/here").stat().ownerSession();
            here.session().orElseThrow().close();
            Await.until(
                    "it is there under another session",
                    Cluster.PATIENCE,
                    () -> two().client().store().get("/here").stat().ownerSession() != owner);
            loseLeader();
            get(here.set(Value.of("busy")));
            assertThat(two().client().store().get("/here").value()).isEqualTo(Value.of("busy"));
        }
        Await.until(
                "it has gone",
                Cluster.PATIENCE,
                () -> two().client().store().listChildren("/").children().stream()
                        .map(Child::name)
                        .noneMatch("here"::equals));
    }

    @Test
    void aStubThatDialsAServiceByNameFollowsItsInstancesThroughTheLossOfTheLeader() {
        ServiceDiscovery discovery = new ServiceDiscovery(two().client(), "/services");
        String first = cluster().awaitLeader();
        String second = cluster().members().stream()
                .filter(member -> !member.equals(first))
                .findFirst()
                .orElseThrow();
        ServiceDiscovery registry = new ServiceDiscovery(one().client(), "/services");
        PersistentEphemeral registered = registry.register(BRIEF, instance(first));
        get(registered.created());
        GrpcNaming.use(discovery);
        ManagedChannel channel = NettyChannelBuilder.forTarget("pathkeeper:///members")
                .usePlaintext()
                .build();
        try {
            assertThat(answering(channel)).isEqualTo(first);
            loseLeader();
            PersistentEphemeral other = registry.register(BRIEF, instance(second));
            get(other.created());
            registered.close();
            Await.until(
                    "the stub reaches the other one",
                    Cluster.PATIENCE,
                    () -> answering(channel).equals(second));
            Await.until(
                    "the first one, whose registration was closed, is gone",
                    Cluster.PATIENCE,
                    () -> get(discovery.instances("members")).equals(List.of(instance(second))));
            other.close();
        } finally {
            channel.shutdownNow();
            GrpcNaming.stop();
        }
    }

    private static void awaitMembers(GroupMembership group, Set<String> names) {
        Await.until(
                "the members are " + names,
                Cluster.PATIENCE,
                () -> group.members().keySet().equals(names));
    }

    /** The service is the cluster itself: each instance is one of its servers. */
    private ServiceInstance instance(String member) {
        String address = cluster().clientAddress(member);
        int colon = address.lastIndexOf(':');
        return new ServiceInstance(
                "members",
                member,
                address.substring(0, colon),
                Integer.parseInt(address.substring(colon + 1)),
                Map.of());
    }

    private static String answering(ManagedChannel channel) {
        return MaintenanceServiceGrpc.newBlockingStub(channel)
                .withWaitForReady()
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .getMemberStatus(GetMemberStatusRequest.getDefaultInstance())
                .getHeader()
                .getMemberId();
    }
}
