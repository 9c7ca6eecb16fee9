package io.pathkeeper.it.scenario;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.pathkeeper.it.check.RegisterHistory;
import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.Cluster;
import io.pathkeeper.it.cluster.PinnedServer;
import io.pathkeeper.it.cluster.ProcessCluster;
import io.pathkeeper.v1.GetResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A leader is stopped, a new one commits a value, the old one goes on and is asked at once, before it can have noticed. All reads are sent before it
 * went on or in the 500 ms behind. Processes only: a part of a JVM cannot be stopped. Used by one test thread.
 */
final class StaleReads {
    private static final int READS_BEFORE = 40;
    private static final long CRITICAL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int MAX_OUTSTANDING = 200;
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(2);
    private static final Duration READ_LIMIT = Duration.ofSeconds(3);
    private static final String PATH = "/register";

    private final RegisterHistory history = new RegisterHistory();

    private final ProcessCluster cluster;

    /** Makes the register on a cluster that is ready. */
    StaleReads(ProcessCluster cluster) {
        this.cluster = cluster;
        try (PinnedServer server = cluster.pin("s1")) {
            long sent = System.nanoTime();
            server.store().create(Requests.create(PATH, 0));
            history.wrote(0, sent, System.nanoTime());
        }
    }

    /** What was written and read in all rounds. */
    RegisterHistory history() {
        return history;
    }

    /** One round; rounds are numbered from 0. */
    Answers stopCommitContinueAndRead(int round) {
        String oldLeader = cluster.awaitLeader();
        String other = cluster.members().stream()
                .filter(member -> !member.equals(oldLeader))
                .findFirst()
                .orElseThrow();
        try (PinnedServer old = cluster.pin(oldLeader);
                PinnedServer fresh = cluster.pin(other)) {
            write(fresh, 2L * round + 1);
            old.store().get(Requests.get(PATH)); // the connection stands before the server is stopped
            cluster.process(oldLeader).pause();
            try {
                write(fresh, 2L * round + 2);
                Answers answers = new Answers();
                for (int i = 0; i < READS_BEFORE; i++) {
                    answers.read(old); // these lie in the socket when the server goes on
                }
                cluster.process(oldLeader).resume();
                answers.continuedNanos = System.nanoTime();
                while (System.nanoTime() - answers.continuedNanos < CRITICAL_NANOS) {
                    if (answers.outstanding.getRegisteredParties() < MAX_OUTSTANDING) {
                        answers.read(old);
                    } else {
                        Thread.onSpinWait();
                    }
                }
                answers.outstanding.arriveAndAwaitAdvance();
                return answers;
            } finally {
                cluster.process(oldLeader).resume();
            }
        }
    }

    /** Writes through a server until it is acknowledged; the same value again does no harm. */
    private void write(PinnedServer server, long value) {
        long sent = System.nanoTime();
        Await.until("the write of " + value + " is acknowledged", Cluster.PATIENCE, () -> {
            server.store(WRITE_LIMIT).set(Requests.set(PATH, value));
            return true;
        });
        history.wrote(value, sent, System.nanoTime());
    }

    /** What the reads of one round were answered with. */
    final class Answers {
        final Phaser outstanding = new Phaser(1);
        final AtomicInteger values = new AtomicInteger();
        final AtomicInteger unavailable = new AtomicInteger();
        final AtomicInteger late = new AtomicInteger();
        final AtomicInteger dishonest = new AtomicInteger();
        final AtomicInteger inWindow = new AtomicInteger();
        volatile long continuedNanos = Long.MAX_VALUE;
        volatile long firstAnswerNanos = Long.MAX_VALUE;

        void read(PinnedServer server) {
            long sent = System.nanoTime();
            outstanding.register();
            Futures.addCallback(
                    server.futures(READ_LIMIT).get(Requests.get(PATH)),
                    new FutureCallback<GetResponse>() {
                        @Override
                        public void onSuccess(@Nullable GetResponse response) {
                            history.read(
                                    Objects.requireNonNull(response)
                                            .getData()
                                            .getValue()
                                            .getIntValue(),
                                    sent,
                                    System.nanoTime());
                            values.incrementAndGet();
                            answered();
                        }

                        @Override
                        public void onFailure(Throwable error) {
                            Status.Code code = error instanceof StatusRuntimeException e
                                    ? e.getStatus().getCode()
                                    : Status.Code.UNKNOWN;
                            if (code == Status.Code.UNAVAILABLE) {
                                unavailable.incrementAndGet();
                                answered();
                            } else {
                                (code == Status.Code.DEADLINE_EXCEEDED ? late : dishonest).incrementAndGet();
                                outstanding.arriveAndDeregister();
                            }
                        }
                    },
                    MoreExecutors.directExecutor());
        }

        private void answered() {
            long now = System.nanoTime();
            firstAnswerNanos = Math.min(firstAnswerNanos, now);
            if (now - continuedNanos < CRITICAL_NANOS) {
                inWindow.incrementAndGet();
            }
            outstanding.arriveAndDeregister();
        }

        @Override
        public String toString() {
            return values + " values, " + unavailable + " unavailable, " + late + " too late, " + dishonest
                    + " dishonest; " + inWindow + " answered within 500 ms, the first after "
                    + (firstAnswerNanos - continuedNanos) / 1_000_000 + " ms";
        }
    }
}
