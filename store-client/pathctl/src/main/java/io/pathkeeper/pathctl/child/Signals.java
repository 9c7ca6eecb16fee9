package io.pathkeeper.pathctl.child;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Takes SIGINT, SIGTERM and SIGHUP, which otherwise end the JVM, for as long as it is open; then the handlers of before are put back. A signal
 * that this process was started to ignore, as {@code nohup} has it, stays ignored. Safe to use from any thread.
 */
public final class Signals implements AutoCloseable {
    /** A signal. */
    public enum Kind {
        /** Ctrl-C. */
        INT(2),
        /** The polite end. */
        TERM(15),
        /** The terminal has gone. */
        HUP(1);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        /** Returns the exit code of a process that this signal ended, as shells have it. */
        public int exitCode() {
            return 128 + number;
        }
    }

    private final Map<Kind, SignalHandler> before = new EnumMap<>(Kind.class);
    private final CompletableFuture<Kind> first = new CompletableFuture<>();
    private volatile Consumer<Kind> taker = kind -> {};

    /** Begins to take signals. */
    public Signals() {
        for (Kind kind : Kind.values()) {
            Signal signal = new Signal(kind.name());
            SignalHandler old = Signal.handle(signal, taken -> take(kind));
            if (old == SignalHandler.SIG_IGN) {
                Signal.handle(signal, old);
            } else {
                before.put(kind, old);
            }
        }
    }

    private void take(Kind kind) {
        first.complete(kind);
        taker.accept(kind);
    }

    /** Returns a future that completes with the first signal. */
    public CompletableFuture<Kind> first() {
        return first;
    }

    /** Hands the signals that come from now on to {@code taker}, on a thread of the JVM. */
    public void passTo(Consumer<Kind> taker) {
        this.taker = taker;
    }

    @Override
    public void close() {
        before.forEach((kind, handler) -> Signal.handle(new Signal(kind.name()), handler));
    }
}
