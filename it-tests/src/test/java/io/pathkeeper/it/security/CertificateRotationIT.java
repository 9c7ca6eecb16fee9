package io.pathkeeper.it.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.it.check.CallTally;
import io.pathkeeper.it.check.ClosedLoop;
import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.process.FreePorts;
import io.pathkeeper.server.PathkeeperServer;
import io.pathkeeper.server.StartException;
import io.pathkeeper.server.config.ConfigLoader;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Keys, certificates and authorities of three servers and their client are replaced while it writes: no write fails. */
class CertificateRotationIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /** A client looks at its files when it connects and ten seconds have gone by. */
    private static final Duration CLIENT_LOOKS = Duration.ofSeconds(10);

    private static final List<String> MEMBERS = List.of("s1", "s2", "s3");

    @TempDir
    private Path directory;

    private final List<Integer> ports = FreePorts.find(9);
    private final Map<String, PathkeeperServer> servers = new LinkedHashMap<>();

    @AfterEach
    void stop() {
        servers.values().forEach(PathkeeperServer::close);
    }

    private int clientPort(String member) {
        return ports.get(3 * MEMBERS.indexOf(member));
    }

    private int raftPort(String member) {
        return ports.get(3 * MEMBERS.indexOf(member) + 1);
    }

    private void start(String member, Certificates certificates) throws StartException {
        List<String> members = new ArrayList<>();
        for (String each : MEMBERS) {
            members.add(each + "=localhost:" + raftPort(each) + "/localhost:" + clientPort(each));
        }
        ConfigLoader loader = new ConfigLoader()
                .set("data.dir", directory.resolve(member).toString(), "test")
                .set("member.id", member, "test")
                .set("cluster.id", "rotation", "test")
                .set("cluster.members", String.join(",", members), "test")
                .set("client.listen", "127.0.0.1:" + clientPort(member), "test")
                .set("raft.listen", "127.0.0.1:" + raftPort(member), "test")
                .set("http.listen", "127.0.0.1:" + ports.get(3 * MEMBERS.indexOf(member) + 2), "test")
                .set("client.max_connection_age", "10s", "test");
        certificates.settings(member).forEach((key, value) -> loader.set(key, value, "test"));
        servers.put(member, PathkeeperServer.start(loader.load()));
    }

    private void awaitReady() {
        for (Map.Entry<String, PathkeeperServer> each : servers.entrySet()) {
            Await.until(each.getKey() + " is ready", PATIENCE, each.getValue()::isReady);
        }
    }

    @Test
    @Timeout(value = 500, unit = TimeUnit.SECONDS)
    void everythingIsReplacedUnderLoadAndNoWriteFails() throws Exception {
        Certificates certificates = new Certificates(directory.resolve("certs"));
        certificates.make("--server", "s1", "--server", "s2", "--server", "s3", "--client", "app");
        for (String member : MEMBERS) {
            start(member, certificates);
        }
        awaitReady();
        CallTally tally;
        try (PathkeeperClient client = PathkeeperClient.builder()
                .servers(MEMBERS.stream().map(m -> "localhost:" + clientPort(m)).toArray(String[]::new))
                .tls(certificates.client("app"))
                .requestTimeout(Duration.ofSeconds(60))
                .build()) {
            client.store().create("/load", Value.NULL);
            try (ClosedLoop writes = ClosedLoop.start(8, n -> client.async().create("/load/n" + n, Value.of(n)))) {
                tally = writes.tally();
                progress(tally, 100);

                certificates.make("--rotate-ca");
                awaitClientLooks();
                progress(tally, 100);

                // they trust the old and the new authority and show what the old one signed
                SSLContext outdatedClient = certificates.context("ca", "client-app");
                SSLContext outdatedServer = certificates.context("raft-ca", "s2-raft");
                Knock.at(clientPort("s1"), outdatedClient);
                Knock.at(raftPort("s1"), outdatedServer);
                certificates.make("--renew", "--server", "s1", "--server", "s2", "--server", "s3", "--client", "app");
                for (String member : MEMBERS) {
                    awaitShown(clientPort(member), certificates.context("ca", "client-app"), certificates.read(member));
                    awaitShown(
                            raftPort(member),
                            certificates.context("raft-ca", "s1-raft"),
                            certificates.read(member + "-raft"));
                }
                awaitClientLooks();
                progress(tally, 100);

                certificates.make("--drop-old-ca");
                for (String member : MEMBERS) {
                    awaitRefused(clientPort(member), outdatedClient);
                    awaitRefused(raftPort(member), outdatedServer);
                }
                awaitClientLooks();
                progress(tally, 100);

                // every connection to and from one server is made anew, with the new authority alone
                String follower = MEMBERS.stream()
                        .filter(m -> !m.equals(servers.get("s1").status().leaderId()))
                        .findFirst()
                        .orElseThrow();
                servers.remove(follower).close();
                start(follower, certificates);
                awaitReady();
                progress(tally, 100);
            }
            assertThat(client.store().get("/load").stat().childCount()).isEqualTo(tally.acknowledged());
        }
        assertThat(tally.refused()).as(tally.toString()).isZero();
        assertThat(tally.unknown()).as(tally.toString()).isZero();
        assertThat(tally.unexpected()).isEmpty();
        assertThat(tally.acknowledged()).isGreaterThan(500);
    }

    private static void awaitClientLooks() {
        long from = System.nanoTime();
        Await.until(
                "the client looks at its files again",
                PATIENCE,
                () -> System.nanoTime() - from > CLIENT_LOOKS.plusSeconds(1).toNanos());
    }

    private static void progress(CallTally tally, long writes) {
        long before = tally.acknowledged();
        Await.until("writes go on", PATIENCE, () -> tally.acknowledged() >= before + writes);
    }

    private static void awaitShown(int port, SSLContext context, List<java.security.cert.X509Certificate> expected) {
        BigInteger serial = expected.get(0).getSerialNumber();
        Await.until(
                "port " + port + " shows the new certificate",
                PATIENCE,
                () -> Knock.at(port, context).getSerialNumber().equals(serial));
    }

    private static void awaitRefused(int port, SSLContext outdated) {
        Await.until("port " + port + " refuses the old certificate", PATIENCE, () -> {
            try {
                Knock.at(port, outdated);
                return false;
            } catch (IOException e) {
                return true;
            }
        });
    }
}
