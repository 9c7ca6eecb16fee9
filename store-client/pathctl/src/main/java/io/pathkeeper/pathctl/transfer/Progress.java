package io.pathkeeper.pathctl.transfer;

import io.pathkeeper.pathctl.text.Units;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How far a transfer has come: a bar on a terminal, redrawn at most ten times a second; nothing where standard error is not
 * a terminal. Safe to use from any thread.
 */
public final class Progress {
    private static final long REDRAW_NANOS = 100_000_000L;
    private static final int BAR_WIDTH = 30;

    private final PrintStream err;
    private final boolean terminal;
    private final String title;
    private final long totalCount;
    private final LongSupplier nanoTime;
    private final long startNanos;
    private final AtomicLong doneCount = new AtomicLong();
    private final AtomicLong doneBytes = new AtomicLong();
    private long drawnNanos;
    private boolean drawn;

    /**
     * Makes a bar.
     *
     * @param totalCount how many entries there are in all; 0 when that is not known, which leaves the bar out
     */
    public Progress(PrintStream err, boolean terminal, String title, long totalCount) {
        this(err, terminal, title, totalCount, System::nanoTime);
    }

    Progress(PrintStream err, boolean terminal, String title, long totalCount, LongSupplier nanoTime) {
        this.err = err;
        this.terminal = terminal;
        this.title = title;
        this.totalCount = totalCount;
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
        this.drawnNanos = startNanos;
    }

    /** One more entry of so many bytes is done. */
    public void advance(long bytes) {
        doneCount.incrementAndGet();
        doneBytes.addAndGet(bytes);
    }

    /** Redraws the bar if it is time. */
    public synchronized void draw() {
        if (terminal && nanoTime.getAsLong() - drawnNanos >= REDRAW_NANOS) {
            drawNow();
        }
    }

    /** Prints a line above the bar. */
    public synchronized void say(String line) {
        clear();
        err.println(line);
    }

    /** Takes the bar away. */
    public synchronized void clear() {
        if (drawn) {
            err.print("\r\u001B[K");
            err.flush();
            drawn = false;
        }
    }

    /** Returns the seconds since the start. */
    public double elapsedSeconds() {
        return (nanoTime.getAsLong() - startNanos) / 1e9;
    }

    private void drawNow() {
        drawnNanos = nanoTime.getAsLong();
        drawn = true;
        long count = doneCount.get();
        StringBuilder line = new StringBuilder("\r").append(title).append(' ');
        if (totalCount > 0) {
            double part = Math.min(1.0, (double) count / totalCount);
            int filled = (int) (part * BAR_WIDTH);
            line.append('[')
                    .append("#".repeat(filled))
                    .append(".".repeat(BAR_WIDTH - filled))
                    .append("] ");
            line.append(String.format(Locale.ROOT, "%3d%% ", (int) (part * 100)));
        }
        line.append(count);
        if (totalCount > 0) {
            line.append('/').append(totalCount);
        }
        line.append(", ").append(Units.bytes(doneBytes.get()));
        line.append(String.format(Locale.ROOT, ", %.0f/s", count / Math.max(0.001, elapsedSeconds())));
        err.print(line.append("\u001B[K"));
        err.flush();
    }
}
