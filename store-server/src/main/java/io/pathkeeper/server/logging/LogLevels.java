package io.pathkeeper.server.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The levels of loggers that an operator has set for a while, and what they were before. Any thread; under its own monitor, which is held while a
 * line is logged.
 */
public final class LogLevels implements AutoCloseable {
    /** For how long a level may be set. */
    public static final Duration LONGEST = Duration.ofDays(1);

    private static final int MOST_LOGGERS = 64;
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(LogLevels.class);

    private final LongSupplier wallClock;
    private final TreeMap<String, Held> held = new TreeMap<>();
    private final ScheduledThreadPoolExecutor timer;

    /**
     * A level that was set and stands.
     *
     * @param logger name of the logger
     * @param level {@code ERROR}, {@code WARN}, {@code INFO}, {@code DEBUG} or {@code TRACE}
     * @param untilMillis when it goes back to what it was, in milliseconds since 1970
     */
    public record Standing(String logger, String level, long untilMillis) {}

    private record Held(@Nullable Level before, Standing standing, Future<?> end) {}

    /** With a wall clock in milliseconds since 1970, which is only shown. */
    public LogLevels(LongSupplier wallClock) {
        this.wallClock = wallClock;
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "log-levels");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(1, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true); // there is a thread while a level is set, and at no other time
    }

    /**
     * Sets the level of a logger for a while. One that is set already gets the new level and the new time, and goes back to what it was at first.
     *
     * @param level {@code ERROR}, {@code WARN}, {@code INFO}, {@code DEBUG} or {@code TRACE}
     * @throws IllegalArgumentException when there is no such logger, nor one below it, or the time is not within bounds, or too many levels are set
     */
    public synchronized void set(String name, String level, Duration duration) {
        Level wanted = Level.toLevel(level, null);
        if (wanted == null || wanted == Level.OFF || wanted == Level.ALL) {
            throw new IllegalArgumentException(
                    "level must be ERROR, WARN, INFO, DEBUG or TRACE; it is '" + level + "'");
        }
        if (duration.isNegative() || duration.isZero() || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "duration_ms must be 1 to " + LONGEST.toMillis() + "; it is " + duration.toMillis());
        }
        Logger logger = find(name);
        Held known = held.get(logger.getName());
        if (known == null && held.size() >= MOST_LOGGERS) {
            throw new IllegalArgumentException(
                    "levels of " + MOST_LOGGERS + " loggers are set, which are all that can be: reset one");
        }
        if (known != null) {
            known.end().cancel(false);
        }
        Standing standing =
                new Standing(logger.getName(), wanted.toString(), wallClock.getAsLong() + duration.toMillis());
        Future<?> end = timer.schedule(() -> over(standing), duration.toMillis(), TimeUnit.MILLISECONDS);
        held.put(logger.getName(), new Held(known == null ? logger.getLevel() : known.before(), standing, end));
        logger.setLevel(wanted);
        LOG.atInfo()
                .addKeyValue("logger", logger.getName())
                .addKeyValue("level", wanted)
                .addKeyValue("for", duration)
                .log("log level set");
    }

    /** Gives a logger the level that it had; does nothing when none was set. */
    public synchronized void reset(String name) {
        Held known = held.remove(normalized(name));
        if (known != null) {
            known.end().cancel(false);
            giveBack(known);
        }
    }

    /** The levels that were set and stand, by the names of their loggers. */
    public synchronized List<Standing> list() {
        return held.values().stream().map(Held::standing).toList();
    }

    /** Gives all loggers the levels that they had. */
    @Override
    public synchronized void close() {
        timer.shutdownNow();
        held.values().forEach(LogLevels::giveBack);
        held.clear();
    }

    private synchronized void over(Standing standing) {
        Held known = held.get(standing.logger());
        if (known != null && known.standing() == standing) {
            held.remove(standing.logger());
            giveBack(known);
        }
    }

    private static void giveBack(Held known) {
        String name = known.standing().logger();
        ((Logger) LoggerFactory.getLogger(name)).setLevel(known.before());
        LOG.atInfo().addKeyValue("logger", name).log("log level as before");
    }

    private static String normalized(String name) {
        String root = org.slf4j.Logger.ROOT_LOGGER_NAME;
        return name.equalsIgnoreCase(root) ? root : name;
    }

    /** The network's libraries would write every header and frame into the log, passwords, tokens and values among them. */
    private static boolean isOurs(String name) {
        boolean network = name.startsWith("org.apache.ratis.thirdparty");
        return name.equals(org.slf4j.Logger.ROOT_LOGGER_NAME)
                || (name + ".").startsWith("io.pathkeeper.")
                || (name + ".").startsWith("org.apache.ratis.") && !network;
    }

    /** Finds a logger without making one: a wrong name would be kept for ever and do nothing. */
    private static Logger find(String name) {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            throw new IllegalArgumentException("the log of this process is not the one that levels can be set of");
        }
        Logger known = isOurs(normalized(name)) ? context.exists(normalized(name)) : null;
        if (known == null) {
            String shown = name.length() > 128 ? name.substring(0, 128) + "..." : name;
            throw new IllegalArgumentException(
                    "logger '" + shown
                            + "' is not one of this server; take ROOT, io.pathkeeper.server, one of its packages or classes, or org.apache.ratis");
        }
        return known;
    }
}
