package io.pathkeeper.server.rpc;

import io.pathkeeper.server.config.ServerConfig;
import io.pathkeeper.server.metrics.RpcMeters;
import io.pathkeeper.server.metrics.RpcMeters.Caller;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How often one caller may call: a bucket of tokens for each principal, and for each address of those who are nobody.
 *
 * <p>A bucket is one number, the time at which it would be full again (GCRA, ITU-T I.371): the further ahead of now, the emptier. Who finds one
 * token left may take many at once, a message of a pipeline for example, and pays for them in time afterwards; so no message is too large for
 * ever. A bucket that is full is as good as none and is forgotten when there are {@value #MOST}; when none is full then, those who are new share
 * one. Any thread, never waits.
 */
final class RateLimit {
    private static final int MOST = 10_000;
    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final int perSecond;
    private final int burst;
    private final long tokenNanos;
    private final long bucketNanos;
    private final RpcMeters meters;
    private final LongSupplier nanoClock;
    private final Map<Caller, Buckets> buckets = new EnumMap<>(Caller.class);

    RateLimit(ServerConfig.Rate rate, RpcMeters meters, LongSupplier nanoClock) {
        perSecond = rate.perSecond();
        burst = rate.burst();
        tokenNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        bucketNanos = tokenNanos * burst;
        this.meters = meters;
        this.nanoClock = nanoClock;
        for (Caller kind : Caller.values()) {
            buckets.put(kind, new Buckets());
        }
    }

    /** The limit of the configuration; null: there is none. */
    static @Nullable RateLimit of(ServerConfig.Rate rate, RpcMeters meters) {
        return rate.perSecond() == 0 ? null : new RateLimit(rate, meters, System::nanoTime);
    }

    /** One caller's part of it. */
    final class Allowance {
        private final Caller kind;
        private final Object key;

        Allowance(Caller kind, Object key) {
            this.kind = kind;
            this.key = key;
        }

        /** Takes tokens; refuses with RATE_LIMITED when none is left. */
        void take(int count) {
            RateLimit.this.take(kind, key, count);
        }
    }

    private void take(Caller kind, Object key, int count) {
        Buckets all = buckets.get(kind);
        if (all == null) {
            throw new IllegalStateException("no buckets for " + kind);
        }
        long now = nanoClock.getAsLong();
        AtomicLong bucket = all.of(key, now);
        while (true) {
            long full = bucket.get();
            long missing = Math.max(0, full - now); // nanoseconds of tokens that were taken
            if (missing + tokenNanos > bucketNanos) {
                meters.rateLimited(kind);
                throw refused(kind, key, missing + tokenNanos - bucketNanos);
            }
            if (bucket.compareAndSet(full, now + missing + tokenNanos * count)) {
                return;
            }
        }
    }

    private RejectedException refused(Caller kind, Object key, long waitNanos) {
        long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(waitNanos + 999_999));
        String who = kind == Caller.PRINCIPAL ? String.valueOf(key) : "this address";
        return new RejectedException(Rejection.of(
                RejectReason.RATE_LIMITED,
                who + " calls more often than is allowed, which is " + perSecond + " times a second and " + burst
                        + " at once: wait " + millis + " ms",
                "limit",
                Integer.toString(perSecond),
                "burst",
                Integer.toString(burst),
                "retry_after_ms",
                Long.toString(millis)));
    }

    private static final class Buckets {
        private final Map<Object, AtomicLong> known = new ConcurrentHashMap<>();
        private final AtomicLong shared = new AtomicLong(Long.MIN_VALUE);
        private final AtomicLong sweptNanos = new AtomicLong(Long.MIN_VALUE);

        AtomicLong of(Object key, long now) {
            AtomicLong bucket = known.get(key);
            if (bucket != null) {
                return bucket;
            }
            shared.compareAndSet(Long.MIN_VALUE, now);
            if (known.size() >= MOST && !sweep(now)) {
                return shared;
            }
            AtomicLong made = new AtomicLong(now);
            AtomicLong other = known.putIfAbsent(key, made);
            return other == null ? made : other;
        }

        /** Forgets the full ones; says whether there is room now. */
        private boolean sweep(long now) {
            long last = sweptNanos.get();
            boolean due = last == Long.MIN_VALUE || now - last >= SWEEP_NANOS;
            if (due && sweptNanos.compareAndSet(last, now)) {
                known.values().removeIf(full -> full.get() - now <= 0);
            }
            return known.size() < MOST;
        }
    }
}
