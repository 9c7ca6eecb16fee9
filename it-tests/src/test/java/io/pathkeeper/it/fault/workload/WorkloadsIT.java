package io.pathkeeper.it.fault.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.cluster.InProcessCluster;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.DeleteRequest;
import io.pathkeeper.v1.ListChildrenRequest;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.StoreServiceGrpc;
import io.pathkeeper.v1.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On servers that are well every workload gets answers and finds nothing; that they find what is wrong is shown by the checkers' tests and by planted faults. */
final class WorkloadsIT {
    /** Enough for each load to be answered well a few times, also where all of them share a starved processor: what the first calls find missing is refused. */
    private static final long SECONDS = 10;

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void findNothingOnServersThatAreWell() throws Exception {
        List<ServerStubs> stubs = new ArrayList<>();
        try (InProcessCluster cluster = InProcessCluster.started("workloads", ClusterOptions.three())) {
            cluster.awaitReady();
            List<String> addresses =
                    cluster.members().stream().map(cluster::clientAddress).toList();
            addresses.forEach(address -> stubs.add(new ServerStubs(address)));
            List<Workload> workloads =
                    Workloads.names().stream().map(Workloads::make).toList();
            for (Workload workload : workloads) {
                workload.prepare(new Servers(addresses, stubs));
            }
            runAll(workloads);
            for (Workload workload : workloads) {
                Findings findings = workload.check();
                assertThat(findings.violations()).as(workload.name()).isEmpty();
                assertThat(findings.succeeded()).as(findings.toString()).isPositive();
                if (workload instanceof RollingWorkload<?> rolling) {
                    assertThat(rolling.pinnedTo()).as(workload.name()).containsExactlyInAnyOrderElementsOf(addresses);
                }
                assertThat(findings.unknownCount()).as(findings.toString()).isZero();
                workload.close();
            }
        } finally {
            stubs.forEach(ServerStubs::close);
        }
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void findsWhatIsLeftBelowTheParentOfEphemeralsThoughNoObserverSaysSo() throws Exception {
        try (InProcessCluster cluster = InProcessCluster.started("orphans", ClusterOptions.three())) {
            cluster.awaitReady();
            String address = cluster.clientAddress(cluster.members().get(0));
            try (ServerStubs server = new ServerStubs(address);
                    Workload workload = Workloads.make("sessions-locks")) {
                workload.prepare(new Servers(List.of(address), List.of(server)));
                assertThat(workload.check().violations()).isEmpty();

                server.store(Duration.ofSeconds(10))
                        .create(CreateRequest.newBuilder()
                                .setPath("/members/left")
                                .setCreateParents(true)
                                .build());

                assertThat(workload.check().violations())
                        .anyMatch(violation -> violation.startsWith("orphans:") && violation.contains("[left]"));
            }
        }
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aZnodeThatIsGoneIsLostAndNotMerelyRefused() throws Exception {
        try (InProcessCluster cluster = InProcessCluster.started("gone", ClusterOptions.three())) {
            cluster.awaitReady();
            String address = cluster.clientAddress(cluster.members().get(0));
            try (ServerStubs server = new ServerStubs(address);
                    Workload workload = Workloads.make("fresh-reads")) {
                workload.prepare(new Servers(List.of(address), List.of(server)));
                server.store(Duration.ofSeconds(10))
                        .delete(DeleteRequest.newBuilder()
                                .setPath("/fresh-reads")
                                .build());

                runAll(List.of(workload));

                assertThat(workload.check().violations()).anyMatch(violation -> violation.startsWith("lost: "));
            }
        }
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whatWasLeftBehindIsReadAgainAtTheEnd() throws Exception {
        try (InProcessCluster cluster = InProcessCluster.started("behind", ClusterOptions.three())) {
            cluster.awaitReady();
            String address = cluster.clientAddress(cluster.members().get(0));
            try (ServerStubs server = new ServerStubs(address);
                    Workload workload = Workloads.make("counter")) {
                StoreServiceGrpc.StoreServiceBlockingStub store = server.store(Duration.ofSeconds(60));
                workload.prepare(new Servers(List.of(address), List.of(server)));
                while (!hasChild(store, "/counter", "o2")) {
                    runAll(List.of(workload));
                }
                store.set(SetRequest.newBuilder()
                        .setPath("/counter/o0")
                        .setData(
                                Payload.newBuilder().setValue(Value.newBuilder().setIntValue(-1)))
                        .build());

                assertThat(workload.check().violations())
                        .singleElement(STRING)
                        .startsWith("changed behind its end: /counter/o0 was ")
                        .contains("-1");
            }
        }
    }

    private static boolean hasChild(StoreServiceGrpc.StoreServiceBlockingStub store, String parent, String name) {
        return store
                .listChildren(ListChildrenRequest.newBuilder().setPath(parent).build())
                .getChildrenList()
                .stream()
                .anyMatch(child -> child.getName().equals(name));
    }

    private static void runAll(List<Workload> workloads) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        List<Future<?>> clients = new ArrayList<>();
        for (Workload workload : workloads) {
            for (int i = 0; i < workload.clients(); i++) {
                int client = i;
                clients.add(threads.submit(() -> {
                    workload.run(client, new SplittableRandom(client), () -> System.nanoTime() - end > 0);
                    return client;
                }));
            }
        }
        for (Future<?> client : clients) {
            client.get(60, TimeUnit.SECONDS);
        }
        threads.shutdownNow();
    }
}
