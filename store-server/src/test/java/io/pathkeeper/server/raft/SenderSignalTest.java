package io.pathkeeper.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SenderSignalTest {
    private final SenderSignal signal = new SenderSignal("test");

    @Test
    void aSignalBeforeTheWaitIsNotLost() throws Exception {
        signal.signal();
        assertThat(signal.await(1, TimeUnit.HOURS)).isTrue();
    }

    @Test
    void manySignalsAreOne() throws Exception {
        signal.signal();
        signal.signal();
        assertThat(signal.await(1, TimeUnit.HOURS)).isTrue();
        assertThat(signal.await(1, TimeUnit.MILLISECONDS)).isFalse();
    }

    @Test
    void everySignalEndsAWait() throws Exception {
        int rounds = 20_000;
        SenderSignal back = new SenderSignal("back");
        CompletableFuture<Void> echo = CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; i < rounds; i++) {
                    signal.await();
                    back.signal();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        for (int i = 0; i < rounds; i++) {
            signal.signal();
            assertThat(back.await(30, TimeUnit.SECONDS)).as("round " + i).isTrue();
        }
        echo.get(30, TimeUnit.SECONDS);
    }

    @Test
    void anInterruptEndsAWait() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> signal.await(1, TimeUnit.HOURS)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void noTimeIsNoWait() throws Exception {
        assertThat(signal.await(0, TimeUnit.MILLISECONDS)).isFalse();
    }
}
