package io.pathkeeper.server.observe;

import java.util.Comparator;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The next moment at which each subscription wants to be looked at. Belongs to one loop. */
final class Timers {
    /** No timer. */
    static final long NONE = Long.MAX_VALUE;

    private final TreeSet<Subscription> byTime = new TreeSet<>(
            Comparator.<Subscription>comparingLong(Subscription::timerAt).thenComparingLong(Subscription::id));

    /** Asks for a look at a time, or earlier when that was asked for already. */
    void schedule(Subscription subscription, long atNanos) {
        if (atNanos >= subscription.timerAt()) {
            return;
        }
        cancel(subscription);
        subscription.timerAt(atNanos);
        byTime.add(subscription);
    }

    void cancel(Subscription subscription) {
        if (subscription.timerAt() != NONE) {
            byTime.remove(subscription);
            subscription.timerAt(NONE);
        }
    }

    /** The next one whose time has come, or null. It has no timer any more. */
    @Nullable
    Subscription pollDue(long nowNanos) {
        if (byTime.isEmpty() || byTime.first().timerAt() > nowNanos) {
            return null;
        }
        Subscription subscription = byTime.first();
        cancel(subscription);
        return subscription;
    }

    /** Nanoseconds until the next one, or {@link #NONE}. */
    long untilNext(long nowNanos) {
        return byTime.isEmpty() ? NONE : Math.max(0, byTime.first().timerAt() - nowNanos);
    }

    int size() {
        return byTime.size();
    }
}
