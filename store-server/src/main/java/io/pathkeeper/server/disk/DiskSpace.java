package io.pathkeeper.server.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the space of the data directory's disk and keeps a reserve there. A thread of its own looks five times a second; whoever is about to write
 * may look in between.
 *
 * <pre>
 * ENOUGH -- less than the minimum free --> LOW -- no room for a file of the log --> FULL
 *    ^--- minimum and a quarter beside a whole reserve ---'  ^--- room for two ---'
 * </pre>
 *
 * <p>The reserve is given up when the log has no room for its next file, but not while space falls: whoever takes it would have that at once, too, and
 * stops only when there is nothing left. Low space that falls is not written to either, as a look tells nothing of the next moment. It is made again when there has been enough space for some seconds.
 * Where the disk cannot be asked, the level stays what it was. Any thread; the level changes under the lock, which nobody waits for.
 */
public final class DiskSpace implements SpaceView, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiskSpace.class);
    private static final long LOOK_MILLIS = 200;
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** Space that has not fallen by more than this for {@link #STEADY_NANOS} is not being taken any more. */
    static final long STEADY_BYTES = 1L << 20;

    static final long STEADY_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    /** So long space must be steady, where there is some left, before the reserve is given up. */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** A disk that has just got space may lose it again, and a server that has just started has better things to do. */
    static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final ReserveStore store;
    private final SpaceLimits limits;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> lookListeners = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "disk-space");
        made.setDaemon(true);
        return made;
    });
    private volatile SpaceLevel level = SpaceLevel.ENOUGH;
    private volatile boolean falling;
    private volatile long lookedNanos;
    private volatile long reservedBytes;
    // under the lock
    private long steadyFree = Long.MAX_VALUE;
    private long steadySinceNanos;
    private long enoughSinceNanos;
    private boolean askFailed;
    // the disk's thread's
    private SpaceLevel told = SpaceLevel.ENOUGH;

    DiskSpace(ReserveStore store, SpaceLimits limits, LongSupplier nanoTime) {
        this.store = store;
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.enoughSinceNanos = nanoTime.getAsLong();
        this.reservedBytes = store.reservedBytes();
        look();
    }

    /** Looks at the disk of a directory; a reserve that is needed is given up at once, so that a server can start on a full disk. */
    public static DiskSpace open(Path directory, SpaceLimits limits) throws IOException {
        return new DiskSpace(new ReserveFile(directory), limits, System::nanoTime);
    }

    /** Begins to watch. Once. */
    public void start() {
        thread.scheduleWithFixedDelay(this::watch, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public SpaceLevel level() {
        return level;
    }

    @Override
    public SpaceLevel lookAgain() {
        if (nanoTime.getAsLong() - lookedNanos >= LOOK_AGAIN_NANOS) {
            look();
        }
        return level;
    }

    @Override
    public boolean mayWrite() {
        SpaceLevel now = lookAgain();
        return now == SpaceLevel.ENOUGH || now == SpaceLevel.LOW && !falling;
    }

    @Override
    public void onLook(Runnable listener) {
        lookListeners.add(listener);
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Bytes that the reserve takes now. */
    public long reservedBytes() {
        return reservedBytes;
    }

    /** What counts as little here. */
    public SpaceLimits limits() {
        return limits;
    }

    /** One round of the disk's thread: looks, makes the reserve when that is due, tells of a change. */
    void watch() {
        try {
            look();
            if (level == SpaceLevel.ENOUGH) {
                reserveIfCalm();
            }
            SpaceLevel now = level;
            if (now != told) {
                SpaceLevel before = told;
                told = now;
                log(before, now);
                listeners.forEach(Runnable::run);
            }
            lookListeners.forEach(Runnable::run);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("the look at the disk's space failed");
        }
    }

    private void look() {
        if (!lock.tryLock()) {
            return; // somebody is looking
        }
        try {
            lookedNanos = nanoTime.getAsLong();
            long free = store.freeBytes();
            noteFall(free);
            if (free < limits.roomBytes() && store.reservedBytes() > 0 && mayRelease(free)) {
                store.release();
                free = store.freeBytes();
                steadyFree = free;
            }
            judge(free);
            askFailed = false;
        } catch (IOException e) {
            if (!askFailed) {
                askFailed = true;
                LOG.atWarn().addKeyValue("cause", e.toString()).log("the disk's space cannot be looked at");
            }
        } finally {
            reservedBytes = store.reservedBytes();
            lock.unlock();
        }
    }

    /** Space falls until it has stayed for a while about where it was. */
    private void noteFall(long free) {
        if (steadyFree == Long.MAX_VALUE) {
            steadyFree = free; // the first look
            steadySinceNanos = lookedNanos - PATIENCE_NANOS;
        }
        boolean fell = steadyFree - free > STEADY_BYTES;
        if (fell || free > steadyFree) {
            steadyFree = free;
        }
        if (fell) {
            steadySinceNanos = lookedNanos;
            falling = true;
        } else if (falling && lookedNanos - steadySinceNanos >= STEADY_NANOS) {
            falling = false;
        }
    }

    /** Whoever was filling a disk of which nothing is left has been told so; before that they may only have paused. */
    private boolean mayRelease(long free) {
        long steady = lookedNanos - steadySinceNanos;
        return steady >= (free < STEADY_BYTES ? STEADY_NANOS : PATIENCE_NANOS);
    }

    private void judge(long free) {
        SpaceLevel now = next(free);
        if (now != level) {
            if (now == SpaceLevel.ENOUGH) {
                enoughSinceNanos = nanoTime.getAsLong();
            }
            level = now;
        }
    }

    private SpaceLevel next(long free) {
        long reserved = store.reservedBytes();
        if (free < limits.roomBytes()) {
            return SpaceLevel.FULL;
        }
        if (level == SpaceLevel.ENOUGH) {
            return free < limits.minimumBytes() ? SpaceLevel.LOW : SpaceLevel.ENOUGH;
        }
        if (isWell(free, reserved)) {
            return SpaceLevel.ENOUGH;
        }
        return level == SpaceLevel.FULL && free < 2 * limits.roomBytes() ? SpaceLevel.FULL : SpaceLevel.LOW;
    }

    private boolean isWell(long free, long reserved) {
        return free >= limits.wellAgain() + Math.max(0, limits.reserveBytes() - reserved);
    }

    private void reserveIfCalm() {
        if (store.reservedBytes() >= limits.reserveBytes()) {
            return;
        }
        // Held while it is written: whoever wants to look meanwhile goes on with the level that is known.
        lock.lock();
        try {
            boolean calm = nanoTime.getAsLong() - enoughSinceNanos >= CALM_NANOS;
            if (calm && isWell(store.freeBytes(), store.reservedBytes())) {
                store.reserve(limits.reserveBytes(), this::mayGoOn);
            }
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("cause", e.toString()).log("the reserve of disk space could not be made");
            enoughSinceNanos = nanoTime.getAsLong();
        } finally {
            reservedBytes = store.reservedBytes();
            lock.unlock();
        }
    }

    private boolean mayGoOn() {
        try {
            return store.freeBytes() >= limits.minimumBytes()
                    && !Thread.currentThread().isInterrupted();
        } catch (IOException e) {
            return false;
        }
    }

    private void log(SpaceLevel before, SpaceLevel now) {
        (now == SpaceLevel.ENOUGH ? LOG.atInfo() : LOG.atWarn())
                .addKeyValue("before", before)
                .addKeyValue("now", now)
                .addKeyValue("minimum", limits.minimumBytes())
                .addKeyValue("reserve", reservedBytes)
                .log("the disk's space has another level");
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
