package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.it.cluster.ClusterKind;
import io.pathkeeper.it.cluster.ClusterOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The process of the leader ends: one of the others stands for election without waiting for a timeout. */
class EndedLeaderProcessIT extends ClusterScenarios {
    private static final String PROMPT = "pathkeeper_raft_prompt_elections_total";

    EndedLeaderProcessIT() {
        super(ClusterKind.PROCESSES, ClusterOptions.three());
    }

    @Test
    void aKilledLeaderIsReplacedAtOnceAndAStoppedOneHandsOver() throws Exception {
        try (PathkeeperClient client = cluster().client()) {
            client.store().create("/before", Value.of(1));
            String leader = cluster().awaitLeader();
            List<String> others = others(leader);
            cluster().kill(leader);
            client.store().create("/behind", Value.of(2));
            assertThat(promptElections(others))
                    .as("of %s behind the kill of %s", others, leader)
                    .isOne();

            cluster().start(leader);
            cluster().awaitReady();
            String second = cluster().awaitLeader();
            List<String> left = others(second);
            double counted = promptElections(left);
            cluster().stop(second);
            client.store().create("/stopped", Value.of(3));
            assertThat(promptElections(left))
                    .as("of %s behind the stop of %s", left, second)
                    .isEqualTo(counted);
        }
    }

    private List<String> others(String leader) {
        return cluster().members().stream()
                .filter(member -> !member.equals(leader))
                .toList();
    }

    private double promptElections(List<String> members) throws IOException, InterruptedException {
        double sum = 0;
        for (String member : members) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://" + cluster().httpAddress(member) + "/metrics"))
                    .timeout(Duration.ofSeconds(30))
                    .build();
            String text = HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
            String line = text.lines()
                    .filter(one -> one.startsWith(PROMPT + " "))
                    .findFirst()
                    .orElseThrow();
            sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
        }
        return sum;
    }
}
