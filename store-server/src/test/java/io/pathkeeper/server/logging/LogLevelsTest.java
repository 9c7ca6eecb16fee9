package io.pathkeeper.server.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Levels are set for a while and go back by themselves, and nothing else is changed. */
@Timeout(60)
class LogLevelsTest {
    private static final String NAME = "io.pathkeeper.planted";
    private static final Logger PLANTED = (Logger) LoggerFactory.getLogger(NAME);
    private static final Logger CHILD = (Logger) LoggerFactory.getLogger(NAME + ".Child");

    private final LogLevels levels = new LogLevels(() -> 1_000);

    @AfterEach
    void giveBack() {
        levels.close();
        PLANTED.setLevel(null);
    }

    @Test
    void levelHoldsForWhatIsBelowAndGoesBackByItself() {
        PLANTED.setLevel(Level.ERROR);
        levels.set(NAME, "DEBUG", Duration.ofMillis(300));
        assertThat(levels.list()).containsExactly(new LogLevels.Standing(NAME, "DEBUG", 1_300));
        assertThat(CHILD.isDebugEnabled()).isTrue();
        await().until(() -> levels.list().isEmpty());
        assertThat(PLANTED.getLevel()).isEqualTo(Level.ERROR);
    }

    @Test
    void secondLevelTakesTheNewTimeAndGoesBackToWhatWasBeforeTheFirst() {
        levels.set(NAME, "TRACE", Duration.ofMillis(50));
        levels.set(NAME, "WARN", Duration.ofHours(24));
        assertThat(levels.list()).containsExactly(new LogLevels.Standing(NAME, "WARN", 1_000 + 86_400_000));
        assertThat(PLANTED.getLevel()).isEqualTo(Level.WARN);
        levels.set(NAME + ".Child", "TRACE", Duration.ofMillis(100));
        await().until(() -> levels.list().size() == 1); // the first time is over, too, and has ended nothing
        assertThat(PLANTED.getLevel()).isEqualTo(Level.WARN);
        levels.reset(NAME);
        assertThat(PLANTED.getLevel()).isNull();
        assertThat(levels.list()).isEmpty();
    }

    @Test
    void rootIsOneOfThemAndKeepsALevel() {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        levels.set("root", "WARN", Duration.ofMinutes(1));
        assertThat(root.getLevel()).isEqualTo(Level.WARN);
        levels.reset("Root");
        assertThat(root.getLevel()).isEqualTo(before).isNotNull();
    }

    @Test
    void stopGivesEveryLevelBack() {
        levels.set(NAME, "TRACE", Duration.ofHours(1));
        levels.close();
        assertThat(PLANTED.getLevel()).isNull();
    }

    @Test
    void wrongRequestsAreRefusedAndChangeNothing() {
        assertThatThrownBy(() -> levels.set("io.pathkeper", "DEBUG", Duration.ofMinutes(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("logger 'io.pathkeper' is not one of this server");
        for (String level : List.of("LOUD", "", "OFF", "ALL")) {
            assertThatThrownBy(() -> levels.set(NAME, level, Duration.ofMinutes(1)))
                    .hasMessage("level must be ERROR, WARN, INFO, DEBUG or TRACE; it is '" + level + "'");
        }
        for (long millis : new long[] {-1, 0, 86_400_001, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> levels.set(NAME, "DEBUG", Duration.ofMillis(millis)))
                    .hasMessage("duration_ms must be 1 to 86400000; it is " + millis);
        }
        levels.reset("io.pathkeper");
        assertThat(levels.list()).isEmpty();
        assertThat(PLANTED.getLevel()).isNull();
        assertThat(((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME))
                        .getLoggerContext()
                        .exists("io.pathkeper"))
                .as("a wrong name makes no logger")
                .isNull();
    }

    /** They log headers and frames as they come: the tokens of all callers, passwords, values. */
    @Test
    void loggersOfTheNetworkAreNobodysToSet() {
        for (String name : List.of(
                "io.grpc",
                "io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler",
                "org.apache.ratis.thirdparty",
                "org.apache.ratis.thirdparty.io.grpc.netty.NettyServerHandler",
                "ch.qos.logback",
                "io.pathkeeperx")) {
            LoggerFactory.getLogger(name);
            assertThatThrownBy(() -> levels.set(name, "DEBUG", Duration.ofMinutes(1)))
                    .hasMessageStartingWith("logger '" + name + "' is not one of this server");
        }
        LoggerFactory.getLogger("org.apache.ratis.server");
        levels.set("org.apache.ratis.server", "INFO", Duration.ofMinutes(1));
    }

    @Test
    void loggersOfTheNetworkKeepTheirLevelWhateverThoseAboveThemGet() throws Exception {
        LoggerContext shipped = new LoggerContext();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(shipped);
        configurator.doConfigure(LogLevels.class.getResource("/logback.xml"));

        for (String above : List.of(org.slf4j.Logger.ROOT_LOGGER_NAME, "org.apache.ratis")) {
            shipped.getLogger(above).setLevel(Level.TRACE);
        }

        for (String name : List.of(
                "io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler",
                "org.apache.ratis.thirdparty.io.grpc.netty.NettyServerHandler")) {
            assertThat(shipped.getLogger(name).isInfoEnabled()).as(name).isFalse();
        }
        assertThat(shipped.getLogger("org.apache.ratis.server").isTraceEnabled())
                .isTrue();
    }

    @Test
    void numberIsBounded() {
        for (int i = 0; i < 64; i++) {
            LoggerFactory.getLogger(NAME + ".L" + i);
            levels.set(NAME + ".L" + i, "INFO", Duration.ofMinutes(1));
        }
        assertThatThrownBy(() -> levels.set(NAME, "INFO", Duration.ofMinutes(1)))
                .hasMessageContaining("64 loggers");
        levels.set(NAME + ".L3", "WARN", Duration.ofMinutes(1));
        assertThat(levels.list()).hasSize(64);
    }
}
