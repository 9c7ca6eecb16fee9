package io.pathkeeper.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.server.wire.ConnectionGate.Reason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ConnectionGateTest {
    private long now;
    private final ConnectionGate gate = new ConnectionGate(10, 4, Duration.ofSeconds(5), () -> now);

    private static InetSocketAddress at(String host, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void refusesWhatIsTooManyFromOneAddressAndLetsOthersIn() {
        List<Runnable> closed = new ArrayList<>();
        for (int port = 1; port <= 4; port++) {
            closed.add(gate.admit(at("10.0.0.1", port)));
        }
        assertThat(gate.admit(at("10.0.0.1", 5))).isNull();
        assertThat(gate.admit(at("10.0.0.2", 5))).isNotNull();
        assertThat(gate.refused(Reason.CONNECTIONS_PER_ADDRESS)).isEqualTo(1);

        closed.get(0).run();
        assertThat(gate.admit(at("10.0.0.1", 6))).isNotNull();
    }

    @Test
    void oneNetworkOfIpv6IsOneAddress() {
        for (int port = 1; port <= 4; port++) {
            assertThat(gate.admit(at("2001:db8:0:1::" + port, port))).isNotNull();
        }
        assertThat(gate.admit(at("2001:db8:0:1:ffff::1", 5))).isNull();
        assertThat(gate.admit(at("2001:db8:0:2::1", 5))).isNotNull();
    }

    @Test
    void refusesWhatIsTooManyInAll() {
        for (int i = 0; i < 10; i++) {
            assertThat(gate.admit(at("10.0.0." + i, 1))).isNotNull();
        }
        assertThat(gate.admit(at("10.0.1.1", 1))).isNull();
        assertThat(gate.refused(Reason.CONNECTIONS)).isEqualTo(1);
        assertThat(gate.open()).isEqualTo(10);
    }

    @Test
    void countsConnectionsThatEndBeforeTheirHandshakesByTheirTime() {
        Runnable good = gate.admit(at("10.0.0.1", 1));
        Runnable broken = gate.admit(at("10.0.0.1", 2));
        Runnable slow = gate.admit(at("10.0.0.1", 3));
        gate.ready(at("10.0.0.1", 1));
        broken.run();
        now = TimeUnit.SECONDS.toNanos(6);
        good.run();
        slow.run();

        assertThat(gate.refused(Reason.HANDSHAKE)).isEqualTo(1);
        assertThat(gate.refused(Reason.HANDSHAKE_TIME)).isEqualTo(1);
        assertThat(gate.open()).isZero();
    }
}
