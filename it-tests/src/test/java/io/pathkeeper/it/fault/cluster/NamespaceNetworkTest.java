package io.pathkeeper.it.fault.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs in the places of servers dial each other, where nobody listens: a refusal comes back from an open way, nothing from a cut one. Needs root; elsewhere it is aborted with the reason. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class NamespaceNetworkTest {
    private static final int REFUSED = 1;
    private static final int NO_ANSWER = 124;

    @Test
    void cutsOneWayAndCountsWhatItDropsUntilHealed() {
        try (NamespaceNetwork network = network()) {
            assertThat(dial(network, 0, 1)).isEqualTo(REFUSED);
            assertThat(network.hindered()).isZero();

            network.cutOneWay(0, 1);
            assertThat(dial(network, 0, 1)).isEqualTo(NO_ANSWER);
            assertThat(network.hindered()).as("dropped").isPositive();
            assertThat(dial(network, 0, 2)).isEqualTo(REFUSED);
            assertThat(dial(network, 2, 1)).isEqualTo(REFUSED);

            network.heal();
            assertThat(dial(network, 0, 1)).isEqualTo(REFUSED);
            assertThat(network.hindered()).isZero();
        }
    }

    @Test
    void losesAShareOfThePackets() {
        try (NamespaceNetwork network = network()) {
            Optional<String> whyNoLoss = network.whyNoLoss();
            assumeTrue(whyNoLoss.isEmpty(), () -> whyNoLoss.orElse(""));

            network.lose(1, 1);
            assertThat(dial(network, 0, 1)).isEqualTo(NO_ANSWER);
            assertThat(dial(network, 0, 2)).isEqualTo(REFUSED);
            assertThat(network.hindered()).isPositive();
        }
    }

    @Test
    void delaysPacketsAndCountsThem() {
        try (NamespaceNetwork network = network()) {
            Optional<String> whyNoDelay = network.whyNoDelay();
            assumeTrue(whyNoDelay.isEmpty(), () -> whyNoDelay.orElse(""));

            network.delay(1, Duration.ofMillis(10));
            assertThat(dial(network, 0, 1)).isEqualTo(REFUSED);
            assertThat(network.hindered()).isPositive();
        }
    }

    private static NamespaceNetwork network() {
        Optional<String> whyNot = NamespaceNetwork.whyNot();
        assumeTrue(whyNot.isEmpty(), () -> whyNot.orElse(""));
        return new NamespaceNetwork(RunName.next(), 3);
    }

    private static int dial(NamespaceNetwork network, int from, int to) {
        String host = network.place(to).clientAddress().split(":")[0];
        return network.inside(from, "timeout", "2", "bash", "-c", "exec 3<>/dev/tcp/" + host + "/9")
                .code();
    }
}
