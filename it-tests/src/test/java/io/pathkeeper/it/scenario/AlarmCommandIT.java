package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.DeleteOptions;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.Cluster;
import io.pathkeeper.it.cluster.ClusterKind;
import io.pathkeeper.it.cluster.ClusterOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code pathctl alarm} at servers whose store may have a hundred znodes: above 85 of them each server has the alarm MEMORY. */
class AlarmCommandIT extends ClusterScenarios {
    private static final int MANY = 90;
    private static final Pathctl.Ended NONE = new Pathctl.Ended(0, "no alarm stands\n", "");

    AlarmCommandIT() {
        super(
                ClusterKind.IN_PROCESS,
                ClusterOptions.three().with("limits.max_nodes", "100").with("disk.slow_fsync", "1m"));
    }

    @AfterEach
    void allRun() {
        startAll();
    }

    private Pathctl.Ended list(String asked, String... options) {
        List<String> line = new ArrayList<>(
                List.of("--servers", cluster().clientAddress(asked), "--timeout", "60s", "alarm", "list"));
        line.addAll(List.of(options));
        return Pathctl.run(line);
    }

    /** Runs it until it ends in that way: a server that answers the others too late counts as not reached. */
    private Pathctl.Ended awaitList(String asked, Predicate<Pathctl.Ended> wanted, String... options) {
        return Await.value(
                "what " + asked + " tells",
                Cluster.PATIENCE,
                () -> Optional.of(list(asked, options)).filter(wanted));
    }

    @Test
    void everyServerTellsTheAlarmsOfAllUntilTheyGo() {
        awaitList("s1", NONE::equals);
        try (PathkeeperClient client = cluster().client()) {
            client.store().create("/many", Value.of(0));
            for (int i = 0; i < MANY; i++) {
                client.store().create("/many/" + i, Value.of(i));
            }
            for (String asked : cluster().members()) {
                Pathctl.Ended ended =
                        awaitList(asked, list -> list.out().lines().count() == 4);

                List<String> lines = ended.out().lines().toList();
                assertThat(lines.get(0)).matches("ALARM +MEMBER +SINCE +WHAT");
                assertThat(lines.subList(1, 4))
                        .allSatisfy(
                                line -> assertThat(line).startsWith("MEMORY ").contains("limits.max_nodes"))
                        .extracting(line -> line.split(" +")[1])
                        .containsExactlyInAnyOrderElementsOf(cluster().members());
                assertThat(ended.code()).isEqualTo(5);
            }
            Pathctl.Ended json = awaitList("s2", list -> list.out().endsWith("],\"unreached\":[]}\n"), "-o", "json");
            assertThat(json.out())
                    .startsWith("{\"alarms\":[{\"type\":\"MEMORY\",\"member_id\":\"s")
                    .contains("\"subject\":\"limits.max_nodes\"");
            assertThat(json.code()).isEqualTo(5);

            client.store().delete("/many", DeleteOptions.defaults().recursive(true));
        }
        awaitList("s3", NONE::equals);
    }

    @Test
    void aServerThatIsNotReachedIsNamed() {
        cluster().stop("s3");
        String named = "pathctl: the alarms of server s3 are not known: it was not reached by s1\n";

        Pathctl.Ended ended = awaitList("s1", list -> list.err().equals(named));
        Pathctl.Ended json = awaitList("s1", list -> list.err().equals(named), "-o", "json");

        assertThat(ended).isEqualTo(new Pathctl.Ended(1, "", named));
        assertThat(json).isEqualTo(new Pathctl.Ended(1, "{\"alarms\":[],\"unreached\":[\"s3\"]}\n", named));
    }
}
