package io.pathkeeper.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.v1.Member;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Which servers are tried, in which order, and which are left alone. */
class ServerDirectoryTest {
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
    private final ServerDirectory directory = new ServerDirectory(List.of("c:1", "c:2"), clock::get);

    private static Member member(String id, String address) {
        return Member.newBuilder().setMemberId(id).setClientAddress(address).build();
    }

    private void passSeconds(long seconds) {
        clock.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void configuredServersTakeTurnsBeforeLearnedOnes() {
        directory.learn(List.of(member("m1", "l:1"), member("m2", "c:2"), member("m3", "no port:x")));
        assertThat(directory.candidates()).containsExactly("c:1", "c:2", "l:1");
        assertThat(directory.after("c:1")).isEqualTo("c:2");
        assertThat(directory.after("l:1")).isEqualTo("c:1");
        assertThat(directory.after("unknown:1")).isEqualTo("c:1");
    }

    @Test
    void learnedAddressThatFailsIsLeftAloneForLongerAndLonger() {
        directory.learn(List.of(member("m1", "l:1")));
        directory.failed("l:1");
        assertThat(directory.candidates()).doesNotContain("l:1");
        assertThat(directory.addressOf("m1")).isNull();
        passSeconds(5);
        assertThat(directory.addressOf("m1")).isEqualTo("l:1");
        directory.failed("l:1");
        passSeconds(9);
        assertThat(directory.addressOf("m1")).isNull();
        passSeconds(1);
        assertThat(directory.addressOf("m1")).isEqualTo("l:1");
        for (int i = 0; i < 20; i++) {
            directory.failed("l:1");
        }
        passSeconds(60);
        assertThat(directory.addressOf("m1")).as("never longer than a minute").isEqualTo("l:1");
    }

    @Test
    void configuredAddressThatFailsStillTakesItsTurn() {
        directory.failed("c:1");
        assertThat(directory.candidates()).containsExactly("c:1", "c:2");
    }

    @Test
    void memberThatAnsweredAtAConfiguredAddressIsReachedThere() {
        directory.learn(List.of(member("m1", "inside:1")));
        directory.identified("c:2", "m1");
        assertThat(directory.addressOf("m1")).isEqualTo("c:2");
        assertThat(directory.candidates()).as("one way to each member").containsExactly("c:1", "c:2");
        directory.failed("c:2");
        assertThat(directory.addressOf("m1")).isEqualTo("inside:1");
    }

    @Test
    void delaysGrowFromNothingToFiveSeconds() {
        Backoff backoff = new Backoff();
        long longest = 0;
        for (int i = 0; i < 3; i++) {
            assertThat(backoff.nextMillis(3))
                    .as("each of three servers gets a quick attempt")
                    .isBetween(0L, 50L);
        }
        for (int i = 0; i < 200; i++) {
            longest = Math.max(longest, backoff.nextMillis(3));
        }
        assertThat(longest).isBetween(3_000L, 5_000L);
        backoff.reset();
        assertThat(backoff.nextMillis(1)).isBetween(0L, 50L);
    }
}
