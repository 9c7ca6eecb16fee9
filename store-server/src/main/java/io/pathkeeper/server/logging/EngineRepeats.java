package io.pathkeeper.server.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Lets warnings and errors of Ratis that differ in their numbers only through once in ten seconds: with one server away it says several times a second that it cannot be reached.
 * How many were left out stands in a line of its own before the next one. Lower levels are not touched. Any thread.
 */
public final class EngineRepeats extends TurboFilter {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(EngineRepeats.class);
    private static final String ENGINE = "org.apache.ratis.";
    private static final Pattern NUMBERS = Pattern.compile("\\d+");
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** More kinds than Ratis has. */
    private static final int MOST_KINDS = 500;

    private record Kind(String logger, String message) {}

    private static final class Seen {
        long untilNanos;
        long leftOut;
    }

    private final LongSupplier nanoClock;
    private final Map<Kind, Seen> seen = new HashMap<>();

    /** For the configuration of the log. */
    public EngineRepeats() {
        this(System::nanoTime);
    }

    EngineRepeats(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] parameters,
            @Nullable Throwable thrown) {
        if (format == null
                || !level.isGreaterOrEqual(Level.WARN)
                || !logger.getName().startsWith(ENGINE)
                || !level.isGreaterOrEqual(logger.getEffectiveLevel())) {
            return FilterReply.NEUTRAL;
        }
        long leftOut =
                leftOut(new Kind(logger.getName(), NUMBERS.matcher(format).replaceAll("#")));
        if (leftOut < 0) {
            return FilterReply.DENY;
        }
        if (leftOut > 0) {
            LOG.atWarn()
                    .addKeyValue("left_out", leftOut)
                    .addKeyValue("logger", logger.getName())
                    .log("lines like the next one were left out");
        }
        return FilterReply.NEUTRAL;
    }

    /** So many were left out before this one; -1 to leave it out, too. */
    private synchronized long leftOut(Kind kind) {
        long now = nanoClock.getAsLong();
        Seen before = seen.get(kind);
        if (before != null && now - before.untilNanos < 0) {
            before.leftOut++;
            return -1;
        }
        if (before == null && seen.size() >= MOST_KINDS) {
            return 0;
        }
        Seen next = new Seen();
        next.untilNanos = now + PAUSE_NANOS;
        seen.put(kind, next);
        return before == null ? 0 : before.leftOut;
    }
}
