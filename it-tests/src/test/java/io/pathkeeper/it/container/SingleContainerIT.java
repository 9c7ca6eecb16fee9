package io.pathkeeper.it.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.testcontainers.PathkeeperContainer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The example of {@link PathkeeperContainer}. */
@Tag("container")
class SingleContainerIT {
    @Test
    void servesWhatTheExampleSays() throws IOException, InterruptedException {
        try (PathkeeperContainer server = new PathkeeperContainer(Images.tested())) {
            server.start();
            try (PathkeeperClient client = server.newClient()) {
                client.store().create("/config", Value.of(8080));
                assertThat(client.store().get("/config").value()).isEqualTo(Value.of(8080));
            }
            String metrics = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(server.httpUri().resolve("/metrics"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            assertThat(metrics).contains("pathkeeper_");
        }
    }
}
