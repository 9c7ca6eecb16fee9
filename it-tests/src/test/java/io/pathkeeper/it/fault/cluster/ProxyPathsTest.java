package io.pathkeeper.it.fault.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.it.process.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real connection of this process, which plays server 0, through the proxy of server 1. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ProxyPathsTest {
    private static final int SILENCE_MILLIS = 300;

    private final ProxyPaths paths = new ProxyPaths(2);
    private final SocketOwner owners = new SocketOwner(2);

    @Test
    void holdsOneWayOnlyAndGoesOnWhenHealed() throws IOException {
        owners.started(0, ProcessHandle.current().pid());
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            int port = FreePorts.find(1).get(0);
            try (PeerProxy proxy = new PeerProxy(port, server.getLocalPort(), 1, paths, owners);
                    Socket here = new Socket(InetAddress.getLoopbackAddress(), port);
                    Socket there = server.accept()) {
                here.setSoTimeout(SILENCE_MILLIS);
                there.setSoTimeout(SILENCE_MILLIS);
                assertThat(arrives(here, there)).isTrue();
                assertThat(arrives(there, here)).isTrue();

                assertThat(paths.hindered()).isZero();

                paths.cutOneWay(0, 1);
                assertThat(arrives(here, there)).isFalse();
                assertThat(arrives(there, here)).isTrue();
                assertThat(paths.hindered()).isEqualTo(1);

                there.setSoTimeout(20_000);
                paths.heal();
                assertThat(there.getInputStream().read()).as("what was held").isEqualTo('x');
                assertThat(paths.hindered()).isZero();

                paths.delay(1, Duration.ofMillis(400));
                long begun = System.nanoTime();
                assertThat(arrives(here, there)).isTrue();
                assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(390));
            }
        }
    }

    @Test
    void aConnectionOfNoServerIsClosed() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            int port = FreePorts.find(1).get(0);
            try (PeerProxy proxy = new PeerProxy(port, server.getLocalPort(), 1, paths, owners);
                    Socket here = new Socket(InetAddress.getLoopbackAddress(), port)) {
                here.setSoTimeout(20_000);
                assertThat(here.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    private static boolean arrives(Socket from, Socket to) throws IOException {
        from.getOutputStream().write('x');
        try {
            return to.getInputStream().read() == 'x';
        } catch (SocketTimeoutException e) {
            return false;
        }
    }
}
