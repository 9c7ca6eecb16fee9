package io.pathkeeper.server.raft;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The leader's senders, one for each follower, and which followers have callers that wait for a commit. Any thread.
 *
 * <p>Ratis tells followers of a commit with the next entry or the next heartbeat. On a quiet cluster that is a quarter of a
 * second later, which every caller of a follower would wait. {@link CommitAppender} tells them at once when somebody waits
 * there, and within {@link #LAZY_MILLIS} otherwise, so that a busy log carries the commit for nothing.
 */
final class FollowerAppenders {
    /** How long a commit waits for an entry to travel with, when nobody is known to wait for it. */
    static final long LAZY_MILLIS = 10;

    /** So often a sender that has something to tell lazily looks whether it is time. */
    static final long LOOK_MILLIS = LAZY_MILLIS / 2;

    private static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Map<String, CommitAppender> appenders = new ConcurrentHashMap<>();
    private final Map<String, Long> asked = new ConcurrentHashMap<>();

    void register(String follower, CommitAppender appender) {
        appenders.put(follower, appender);
    }

    /** That follower forwarded something or asked for an index: its callers wait for the commit. */
    void heardFrom(String follower) {
        Long before = asked.put(follower, System.nanoTime());
        CommitAppender appender = appenders.get(follower);
        if (appender != null && (before == null || System.nanoTime() - before > RECENT_NANOS)) {
            appender.notifyLogAppender();
        }
    }

    /** How many entries up to this index the follower is not known to have. */
    long lag(String follower, long lastIndex) {
        CommitAppender appender = appenders.get(follower);
        return appender == null
                ? 0
                : Math.max(0, lastIndex - appender.getFollower().getMatchIndex());
    }

    /** The same, and -1 when nothing is known of that server. */
    long knownLag(String follower, long lastIndex) {
        return appenders.containsKey(follower) ? lag(follower, lastIndex) : -1;
    }

    /** Milliseconds since that server answered, -1 when nothing is known of it. */
    long contactMillis(String follower) {
        CommitAppender appender = appenders.get(follower);
        return appender == null
                ? -1
                : appender.getFollower().getLastRpcResponseTime().elapsedTimeMs();
    }

    boolean isWaiting(String follower) {
        Long last = asked.get(follower);
        return last != null && System.nanoTime() - last < RECENT_NANOS;
    }
}
