package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.ClusterKind;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.cluster.InProcessCluster;
import io.pathkeeper.it.coordination.KeepAlives;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.LockRequest;
import io.pathkeeper.v1.SessionKey;
import io.pathkeeper.v1.ZnodeKind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The wall clocks of the servers are set forward and back by an hour, and no session, znode or lock goes sooner or later. */
class WallClockIT extends CoordinationScenarios {
    private static final Duration KEPT = Duration.ofSeconds(4);
    private static final Duration SILENT = Duration.ofSeconds(6);
    private static final Duration DELAY = Duration.ofSeconds(3);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ConcurrentLinkedQueue<Long> lost = new ConcurrentLinkedQueue<>();
    private final AtomicInteger probes = new AtomicInteger();
    private long newestMillis;

    WallClockIT() {
        super(ClusterKind.IN_PROCESS, ClusterOptions.three());
    }

    @Test
    void stepsOfAnHourChangeNoExpiryWhoeverLeads() {
        try (KeepAlives keepAlives = new KeepAlives(servers(), KEPT.dividedBy(4), lost::add)) {
            SessionKey kept = anyServer().open(KEPT, "kept");
            keepAlives.add(kept);
            anyServer().createEphemeral(kept, "/stepped/kept");
            anyServer().createEphemeral(anyServer().open(LONG, "patient"), "/stepped/patient");
            createTtl("/stepped/long", LONG);

            String first = cluster().awaitLeader();
            silentOnesGoInTimeWhile("first", () -> {
                stepForward(first, HOUR);
                stepBack(first, HOUR.negated());
            });
            // the next leader's clock is two hours ahead of this one's
            cluster().members().stream()
                    .filter(member -> !member.equals(first))
                    .forEach(member -> clocks().setWallClock(member, HOUR));
            cluster().kill(first);
            String second = cluster().awaitLeader();
            silentOnesGoInTimeWhile("second", () -> {
                assertWallClockIsAhead(HOUR);
                stepForward(second, HOUR.multipliedBy(2));
                stepBack(second, HOUR.negated());
            });
        }
    }

    /** Opens a silent session with a lock and makes a TTL znode, lets the clocks be stepped, and sees all of them go in time. */
    private void silentOnesGoInTimeWhile(String name, Runnable steps) {
        String owned = "/stepped/" + name + "-owned";
        String timed = "/stepped/" + name + "-timed";
        String lock = "/locks/" + name;
        long begun = System.nanoTime();
        SessionKey silent = anyServer().open(SILENT, name);
        LockRequest delayed = exclusive(lock, silent, name).toBuilder()
                .setLockDelayMs(DELAY.toMillis())
                .build();
        anyServer().acquire(delayed);
        anyServer().createEphemeral(silent, owned);
        createTtl(timed, SILENT);
        long done = System.nanoTime();
        steps.run();
        for (String path : List.of(timed, owned)) {
            Await.until(path + " is gone", SILENT.plus(SLACK), () -> !exists(path));
            assertThat(millisSince(begun)).as(path).isGreaterThanOrEqualTo(SILENT.toMillis());
            assertThat(millisSince(done)).as(path).isLessThan(SILENT.plus(SLACK).toMillis());
        }
        long gone = System.nanoTime();
        anyServer().acquire(exclusive(lock, anyServer().open(LONG, "next"), "next"));
        assertThat(millisSince(begun)).isGreaterThanOrEqualTo(SILENT.plus(DELAY).toMillis());
        assertThat(millisSince(gone)).isLessThan(DELAY.plus(SLACK).toMillis());
        assertThat(lost).as("sessions that were kept alive and ended").isEmpty();
        for (String path : List.of("/stepped/kept", "/stepped/patient", "/stepped/long")) {
            assertThat(exists(path)).as(path).isTrue();
        }
    }

    /** Steps the clock of the leader forward; the time in a new znode proves that entries carry the stepped clock. */
    private void stepForward(String leader, Duration ahead) {
        clocks().setWallClock(leader, ahead);
        assertWallClockIsAhead(ahead);
    }

    /** Steps the clock of the leader back; times that users are shown never go back, so they stand still now. */
    private void stepBack(String leader, Duration ahead) {
        clocks().setWallClock(leader, ahead);
        long standing = createdAtMillis();
        awaitElapsed(System.nanoTime(), Duration.ofMillis(100));
        assertThat(createdAtMillis()).isEqualTo(standing).isGreaterThanOrEqualTo(newestMillis);
    }

    private void assertWallClockIsAhead(Duration ahead) {
        newestMillis = createdAtMillis();
        assertThat(Duration.ofMillis(newestMillis - System.currentTimeMillis()))
                .isBetween(ahead.minus(MINUTE), ahead.plus(MINUTE));
    }

    private long createdAtMillis() {
        CreateRequest request = Requests.create("/probe-" + probes.incrementAndGet(), 1);
        return anyServer()
                .call(server -> server.store(CALL_LIMIT).create(request))
                .getStat()
                .getCreatedAtMs();
    }

    private void createTtl(String path, Duration ttl) {
        CreateRequest request = CreateRequest.newBuilder()
                .setPath(path)
                .setKind(ZnodeKind.ZNODE_KIND_TTL)
                .setTtlMs(ttl.toMillis())
                .setCreateParents(true)
                .build();
        anyServer().call(server -> server.store(CALL_LIMIT).create(request));
    }

    private InProcessCluster clocks() {
        return (InProcessCluster) cluster();
    }
}
