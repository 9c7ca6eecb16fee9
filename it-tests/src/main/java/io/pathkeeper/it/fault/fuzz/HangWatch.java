package io.pathkeeper.it.fault.fuzz;

import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process when one input keeps a decoder busy for good: nothing else can end a thread that does not listen. Shows the input and where the
 * decoder is.
 */
final class HangWatch implements AutoCloseable {
    /** Exit code when a decoder hangs. */
    static final int HANGS = 3;

    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long LOOK_MILLIS = 500;

    private record Work(String decoder, byte[] input, long beganNanos) {}

    private final Thread watched = Thread.currentThread();
    private final Thread thread = new Thread(this::run, "hang-watch");
    private volatile @Nullable Work work;

    HangWatch() {
        thread.setDaemon(true);
        thread.start();
    }

    void begin(String decoder, byte[] input, long nowNanos) {
        work = new Work(decoder, input, nowNanos);
    }

    void end() {
        work = null;
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(LOOK_MILLIS);
                Work now = work;
                if (now != null && System.nanoTime() - now.beganNanos > MOST_NANOS) {
                    System.out.println(now.decoder + " hangs, for 30 s now, on "
                            + HexFormat.of().formatHex(now.input));
                    for (StackTraceElement frame : watched.getStackTrace()) {
                        System.out.println("    at " + frame);
                    }
                    Runtime.getRuntime().halt(HANGS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
