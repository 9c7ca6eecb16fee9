package io.pathkeeper.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.pathkeeper.server.metrics.ServerMeters;
import io.pathkeeper.server.store.ProposalTimes;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What is said of slow requests, and how often. */
@Timeout(30)
class SlowRequestsTest {
    private static final long MILLI = 1_000_000;
    /** The clock's zero means nothing. */
    private static final long BEGUN = -5_000 * MILLI;

    private final ServerMeters meters = new ServerMeters("1.2.3", "none", Set.of());
    private final SlowRequests slow = new SlowRequests(Duration.ofMillis(200), meters.rpc());
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(SlowRequests.class);

    @BeforeEach
    void listen() {
        said.start();
        logger.addAppender(said);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(said);
        meters.close();
    }

    private List<String> lines() {
        return said.list.stream()
                .map(event -> event.getMessage() + " "
                        + (event.getKeyValuePairs() == null ? List.of() : event.getKeyValuePairs()))
                .toList();
    }

    private static long after(long millis) {
        return BEGUN + millis * MILLI;
    }

    @Test
    void theLimitItselfIsNotSlow() {
        assertThat(slow.isSlow(200 * MILLI)).isFalse();
        assertThat(slow.isSlow(200 * MILLI + 1)).isTrue();
    }

    @Test
    void thePhasesOfAWriteMakeUpItsTime() {
        slow.write("a/B", BEGUN, after(400), new ProposalTimes(after(30), after(330), after(340), 250 * MILLI));

        assertThat(lines())
                .containsExactly("slow request [method=\"a/B\", total_ms=\"400\", queue_ms=\"30\", fsync_ms=\"250\","
                        + " replicate_ms=\"50\", apply_ms=\"10\", answer_ms=\"60\", left_out=\"0\"]");
        assertThat(meters.scrape()).contains("pathkeeper_slow_requests_total 1.0");
    }

    @Test
    void aReadTellsHowLongItWaitedForItsView() {
        slow.report("a/B", BEGUN, after(400), null, after(390));
        slow.report("a/B", BEGUN, after(5_000), null, 0);

        assertThat(lines())
                .containsExactly(
                        "slow request [method=\"a/B\", total_ms=\"400\", wait_ms=\"390\", answer_ms=\"10\", left_out=\"0\"]",
                        "slow request [method=\"a/B\", total_ms=\"5000\", left_out=\"0\"]");
    }

    @Test
    void manyAreCountedAndWhatHasNoLineIsSaid() {
        for (int i = 0; i < 1_000; i++) {
            slow.report("a/B", BEGUN, after(300 + i / 10), null, 0);
        }
        slow.report("a/B", BEGUN, after(1_400), null, 0);
        slow.report("a/B", BEGUN, after(1_500), null, 0);
        slow.sweep(after(1_600));
        assertThat(lines()).hasSize(2);

        slow.sweep(after(3_000));
        slow.sweep(after(9_000));

        assertThat(lines())
                .hasSize(3)
                .contains("slow request [method=\"a/B\", total_ms=\"1400\", left_out=\"999\"]")
                .last()
                .asString()
                .startsWith("more slow requests")
                .endsWith("[left_out=\"1\"]");
        assertThat(meters.scrape()).contains("pathkeeper_slow_requests_total 1002.0");
    }
}
