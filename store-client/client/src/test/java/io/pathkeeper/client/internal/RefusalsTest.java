package io.pathkeeper.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When calls stop waiting for servers that refuse. */
@Timeout(10)
class RefusalsTest {
    private static final long LIMIT = 1_000;

    private final AtomicLong clock = new AtomicLong(-500);
    private final Refusals refusals = new Refusals(() -> List.of("a:1", "b:2"), LIMIT, clock::get);

    @Test
    void givesUpWhenAllHaveRefusedForSoLong() {
        assertThat(refusals.any()).isFalse();
        refusals.refused("a:1", "io exception: Connection refused: /1.2.3.4:1");
        clock.addAndGet(LIMIT);
        assertThat(refusals.error()).as("the other one may answer").isNull();

        refusals.refused("b:2", "Unable to resolve host b");

        assertThat(Objects.requireNonNull(refusals.error()).message())
                .isEqualTo("no server can be reached: a:1 (connection refused), b:2 (Unable to resolve host b)");
    }

    @Test
    void waitsBothForTheCallAndForTheServers() {
        long call = clock.get();
        clock.addAndGet(400);
        refusals.refused("a:1", "no");
        refusals.refused("b:2", "no");
        clock.addAndGet(600);
        assertThat(refusals.error()).isNull();
        assertThat(refusals.left(call)).isEqualTo(400);
        clock.addAndGet(400);
        assertThat(refusals.error()).isNotNull();
        assertThat(refusals.left(call)).isZero();
        assertThat(refusals.left(clock.get())).as("a call that begins now").isEqualTo(LIMIT);
    }

    @Test
    void oneThatAnswersMakesAllGoOn() {
        refusals.refused("a:1", "no");
        refusals.refused("b:2", "no");
        clock.addAndGet(LIMIT);

        refusals.reached();

        assertThat(refusals.any()).isFalse();
        assertThat(refusals.error()).isNull();
    }
}
