package io.pathkeeper.it.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ThreadUseTest {
    private static final int WAITS = 500;
    private static final long WAIT_NANOS = 200_000;

    private final CountDownLatch counted = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void countsHowOftenTheThreadsOfANameWait() throws Exception {
        CountDownLatch looked = new CountDownLatch(1);
        Thread waiter = new Thread(
                () -> {
                    awaitQuietly(looked);
                    for (int i = 0; i < WAITS; i++) {
                        LockSupport.parkNanos(WAIT_NANOS);
                    }
                    counted.countDown();
                    awaitQuietly(end);
                },
                "waiter-7");
        waiter.setDaemon(true);
        waiter.start();
        ThreadUse use = new ThreadUse(Map.of("here", ProcessHandle.current().pid()));
        looked.countDown();
        counted.await();

        List<ThreadUse.Line> lines = use.lines(WAITS);

        end.countDown();
        ThreadUse.Line line = lines.stream()
                .filter(one -> one.name().equals("waiter"))
                .findFirst()
                .orElseThrow();
        assertThat(line.process()).isEqualTo("here");
        assertThat(line.waits()).isBetween(0.99, 1.5); // once each, and at the begin and the end
        assertThat(line.micros()).isPositive();
    }

    @Test
    void namesLoseWhatTellsAThreadFromItsLike() {
        assertThat(List.of(
                                "s1@group-29EA91A0->s2-CommitAppender-LogAppenderDaemon",
                                "s1@group-29EA91A0-StateMachineUpdater",
                                "s1-server-thread12",
                                "s2-raft-io-1",
                                "C2 CompilerThread0",
                                "GC Thread#1",
                                "SyncThread:1")
                        .stream()
                        .map(ThreadUse::plain))
                .containsExactly(
                        "CommitAppender-LogAppenderDaemon",
                        "StateMachineUpdater",
                        "server-thread",
                        "raft-io",
                        "C2 CompilerThread",
                        "GC Thread",
                        "SyncThread");
    }

    @Test
    void threadsThatDoLittleAreToldTogether() {
        List<ThreadUse.Line> lines = List.of(
                new ThreadUse.Line("leader", "busy", 2, 30),
                new ThreadUse.Line("leader", "calm", 0.01, 1),
                new ThreadUse.Line("leader", "calmer", 0.02, 2),
                new ThreadUse.Line("client", "engine", 3, 40));
        assertThat(ThreadUse.markdown("sets", lines, 0.05)).isEqualTo("""
                        ### sets

                        | process | threads | waits an operation | us of processor an operation |
                        |---|---|---:|---:|
                        | leader | busy | 2.00 | 30 |
                        | client | engine | 3.00 | 40 |
                        | leader | others | 0.03 | 3 |
                        | leader | **all** | 2.03 | 33 |
                        | client | **all** | 3.00 | 40 |

                        """);
    }
}
