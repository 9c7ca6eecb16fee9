package io.pathkeeper.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What can be told without an engine; the rest is tested on real containers by the integration tests. */
class DescriptionTest {
    @Test
    void refusesWhatCannotBeStarted() {
        assertThatThrownBy(() -> new PathkeeperCluster("pathkeeper:dev", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a cluster of 0 servers: allowed are 1 to 9");
        assertThatThrownBy(() -> new PathkeeperContainer("not an image"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not an image");
        try (PathkeeperCluster cluster = new PathkeeperCluster("pathkeeper:dev", 3)) {
            assertThatThrownBy(() -> cluster.server(1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("server 1: the cluster was not started");
            assertThat(cluster.addresses()).isEmpty();
        }
    }
}
