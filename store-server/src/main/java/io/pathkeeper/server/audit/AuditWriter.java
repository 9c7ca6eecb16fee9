package io.pathkeeper.server.audit;

import io.pathkeeper.server.metrics.AuditMeters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries lines from any thread to the file, by one thread of its own behind a queue of bounded length.
 *
 * <p>While the file cannot be written, lines wait in the queue and the write is tried again every second. When the queue is full, a line
 * waits {@value #PATIENCE_MILLIS} ms for room, once: behind that, and while writes fail, lines that find no room are given up at once,
 * counted, and told in the server's log and, as soon as it can be written again, in the file. No call stands still for a broken disk.
 */
final class AuditWriter implements AutoCloseable {
    static final int QUEUE = 16_384;

    private static final Logger LOG = LoggerFactory.getLogger(AuditWriter.class);
    private static final int BATCH_BYTES = 65_536;
    private static final long PATIENCE_MILLIS = 100;
    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long CLOSE_MILLIS = 5_000;

    private final Path name;
    private final AuditFile file;
    private final AuditMeters meters;
    private final long retryMillis;
    private final BlockingQueue<byte[]> queue;
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong toldNanos = new AtomicLong(System.nanoTime() - TELL_NANOS);
    private final Thread thread = new Thread(this::run, "audit-log");
    private final ByteBuffer batch = ByteBuffer.allocate(BATCH_BYTES);
    /** Whether it is in vain to wait for room. */
    private volatile boolean stuck;

    private volatile boolean closing;
    // owned by the writing thread
    private boolean failing;
    private int lines;
    private long notedLost;

    /** Begins with an open file, which is closed with this. */
    AuditWriter(Path name, AuditFile file, AuditMeters meters, int capacity, Duration retry) {
        this.name = name;
        this.file = file;
        this.meters = meters;
        retryMillis = retry.toMillis();
        queue = new ArrayBlockingQueue<>(capacity);
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes a line without its end. */
    void write(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        if (bytes.length > BATCH_BYTES) {
            throw new IllegalArgumentException("a line of " + bytes.length + " bytes");
        }
        if (closing || !queue.offer(bytes) && !offerLater(bytes)) {
            giveUp(1);
        }
    }

    private boolean offerLater(byte[] bytes) {
        if (stuck) {
            return false;
        }
        try {
            boolean taken = queue.offer(bytes, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            stuck |= !taken;
            return taken;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void giveUp(int count) {
        meters.lost(count);
        long all = lost.addAndGet(count);
        long told = toldNanos.get();
        long now = System.nanoTime();
        if (now - told >= TELL_NANOS && toldNanos.compareAndSet(told, now)) {
            LOG.atError()
                    .addKeyValue("file", name)
                    .addKeyValue("lost", all)
                    .log("lines of the audit log are lost, as its file cannot be written fast enough, or at all;"
                            + " pathkeeper_audit_lost_lines_total counts them");
        }
    }

    private void run() {
        try {
            while (!closing || !queue.isEmpty()) {
                byte[] first = queue.poll(retryMillis, TimeUnit.MILLISECONDS);
                if (first != null) {
                    fill(first);
                    put();
                }
            }
        } catch (InterruptedException e) {
            giveUp(lines);
        } finally {
            file.close();
        }
    }

    private void fill(byte[] first) {
        batch.clear();
        lines = 0;
        long gone = lost.get();
        if (gone != notedLost) {
            byte[] gap = gap(gone - notedLost);
            if (gap.length + first.length <= BATCH_BYTES) {
                notedLost = gone;
                batch.put(gap);
            }
        }
        byte[] line = first;
        while (line != null) {
            batch.put(line);
            lines++;
            byte[] next = queue.peek();
            line = next != null && next.length <= batch.remaining() ? queue.poll() : null;
        }
        batch.flip();
    }

    /** Stands for lines that are missing. */
    private static byte[] gap(long count) {
        return ("{\"time\":\"" + Instant.now() + "\",\"outcome\":\"LINES_LOST\",\"lost\":" + count + "}\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private void put() throws InterruptedException {
        while (true) {
            batch.rewind();
            try {
                file.append(batch);
                meters.written(lines);
                lines = 0;
                stuck = false;
                if (failing) {
                    failing = false;
                    LOG.atWarn()
                            .addKeyValue("file", name)
                            .addKeyValue("lost", lost.get())
                            .log("the audit log is written again");
                }
                return;
            } catch (IOException e) {
                failed(e);
                if (closing) {
                    giveUp(lines);
                    return;
                }
                Thread.sleep(retryMillis);
            }
        }
    }

    private void failed(IOException error) {
        stuck = true;
        if (!failing) {
            failing = true;
            LOG.atError()
                    .addKeyValue("file", name)
                    .addKeyValue("error", error.toString())
                    .log("the audit log cannot be written: its lines wait, and are lost when too many do");
        }
    }

    /** Lines that were given up. */
    long lost() {
        return lost.get();
    }

    /** Writes what waits, for five seconds at most, and gives up the rest. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(CLOSE_MILLIS);
            if (thread.isAlive()) {
                thread.interrupt();
                thread.join(CLOSE_MILLIS);
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
        int left = queue.drainTo(new ArrayList<>());
        if (left > 0) {
            giveUp(left);
        }
    }
}
