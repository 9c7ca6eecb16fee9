package io.pathkeeper.server.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class EngineRepeatsTest {
    private final AtomicLong clock = new AtomicLong();
    private final LoggerContext context = new LoggerContext();
    private final ListAppender<ILoggingEvent> written = new ListAppender<>();
    private final Logger engine = context.getLogger("org.apache.ratis.grpc.server.GrpcLogAppender");

    @BeforeEach
    void start() {
        context.addTurboFilter(new EngineRepeats(clock::get));
        written.start();
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(written);
    }

    private List<String> lines() {
        return written.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void whatDiffersInNumbersOnlyComesOnceInTenSeconds() {
        for (int i = 1; i <= 5; i++) {
            engine.warn("Follower failed errorCount=" + i);
        }
        engine.warn("another line 1");
        assertThat(lines()).containsExactly("Follower failed errorCount=1", "another line 1");

        ListAppender<ILoggingEvent> told = new ListAppender<>();
        told.start();
        Logger own = (Logger) LoggerFactory.getLogger(EngineRepeats.class);
        own.addAppender(told);
        try {
            clock.addAndGet(TimeUnit.SECONDS.toNanos(10));
            engine.warn("Follower failed errorCount=6");
            engine.warn("another line 2");
        } finally {
            own.detachAppender(told);
        }
        assertThat(lines()).endsWith("Follower failed errorCount=6", "another line 2");
        assertThat(told.list).singleElement().satisfies(line -> {
            assertThat(line.getFormattedMessage()).isEqualTo("lines like the next one were left out");
            assertThat(line.getKeyValuePairs().get(0).value).isEqualTo(4L);
        });
    }

    @Test
    void otherLoggersLevelsAndKindsAreNotTouched() {
        engine.setLevel(Level.DEBUG);
        Logger other = context.getLogger("io.pathkeeper.server.raft.RatisNode");
        for (int i = 0; i < 3; i++) {
            engine.info("told of entry " + i);
            other.warn("the leader is known " + i);
        }
        assertThat(lines()).hasSize(6);

        engine.setLevel(Level.OFF);
        engine.warn("nothing 1");
        engine.setLevel(Level.WARN);
        engine.warn("nothing 2"); // the first one was not written: this one is
        assertThat(lines()).hasSize(7).endsWith("nothing 2");
    }
}
