package io.pathkeeper.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pathkeeper.server.config.ServerConfig;
import io.pathkeeper.server.metrics.RpcMeters.Caller;
import io.pathkeeper.server.metrics.ServerMeters;
import io.pathkeeper.server.state.RejectReason;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RateLimitTest {
    private final ServerMeters meters = new ServerMeters("test", "none", Set.of());
    /** Near its end, where it goes on below zero. */
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);

    private final RateLimit limit = new RateLimit(new ServerConfig.Rate(10, 5), meters.rpc(), now::get);

    @AfterEach
    void stop() {
        meters.close();
    }

    private RateLimit.Allowance of(Object key) {
        return limit.new Allowance(Caller.PRINCIPAL, key);
    }

    private int taken(Object key, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            try {
                of(key).take(1);
                taken++;
            } catch (RejectedException e) {
                assertThat(e.rejection().reason()).isEqualTo(RejectReason.RATE_LIMITED);
            }
        }
        return taken;
    }

    private void pass(long millis) {
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void burstIsLetThroughAndThenTheRate() {
        assertThat(taken("a", 20)).isEqualTo(5);
        pass(1_000);
        assertThat(taken("a", 20)).isEqualTo(5);
        pass(300);
        assertThat(taken("a", 20)).isEqualTo(3);
        pass(3_600_000);
        assertThat(taken("a", 20)).as("a bucket holds no more than its burst").isEqualTo(5);
        assertThat(meters.scrape()).contains("pathkeeper_rate_limited_total{caller=\"principal\"} 62.0");
    }

    @Test
    void callersDoNotTouchEachOther() {
        assertThat(taken("a", 20)).isEqualTo(5);
        assertThat(taken("b", 20)).isEqualTo(5);
        limit.new Allowance(Caller.ADDRESS, "a").take(1);
    }

    @Test
    void messageLargerThanTheBurstIsPaidForAfterwards() {
        of("a").take(25);
        assertThatThrownBy(() -> of("a").take(1))
                .isInstanceOfSatisfying(
                        RejectedException.class,
                        e -> assertThat(e.rejection().metadata())
                                .containsEntry("limit", "10")
                                .containsEntry("burst", "5")
                                .containsEntry("retry_after_ms", "2100"));
        pass(2_099);
        assertThat(taken("a", 1)).isZero();
        pass(1);
        assertThat(taken("a", 1)).isEqualTo(1);
    }

    @Test
    void tableIsBoundedAndKeepsThoseWhoOwe() {
        of("debtor").take(1_000_000);
        for (int i = 0; i < 10_000; i++) {
            of("first" + i).take(1); // the last one shares a bucket
        }
        assertThat(taken("stranger", 20))
                .as("what the last one of them left of the shared bucket")
                .isEqualTo(4);
        pass(2_000);
        assertThat(taken("stranger", 20)).as("full ones were forgotten").isEqualTo(5);
        assertThat(taken("other", 20)).isEqualTo(5);
        assertThat(taken("debtor", 1)).isZero();
    }
}
