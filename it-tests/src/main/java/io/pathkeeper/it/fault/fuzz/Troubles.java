package io.pathkeeper.it.fault.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * What goes wrong on threads that nobody waits for: errors in the server's log, exceptions that end a thread, and what others add. The first one counts. Any thread.
 * While it is open, the server's log goes nowhere else.
 */
final class Troubles implements AutoCloseable {
    private final AtomicReference<@Nullable String> first = new AtomicReference<>();
    private final Logger log = (Logger) LoggerFactory.getLogger("io.pathkeeper.server");
    private final Thread.@Nullable UncaughtExceptionHandler handlerBefore = Thread.getDefaultUncaughtExceptionHandler();
    private final AppenderBase<ILoggingEvent> errors = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
                var thrown = event.getThrowableProxy();
                add("the server's log has the error \"" + event.getFormattedMessage() + "\""
                        + (thrown == null
                                ? ""
                                : " of " + thrown.getClassName() + at(thrown.getStackTraceElementProxyArray())));
            }
        }
    };

    Troubles() {
        errors.start();
        log.addAppender(errors);
        log.setAdditive(false);
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> add("a thread ends with", thrown));
    }

    private static String at(Object[] frames) {
        return frames.length == 0 ? "" : " " + frames[0];
    }

    void add(String what) {
        first.compareAndSet(null, what);
    }

    void add(String what, Throwable thrown) {
        add(what + " " + thrown.getClass().getName() + at(thrown.getStackTrace()));
    }

    /** What came since it was asked last; null: nothing. */
    @Nullable
    String take() {
        return first.getAndSet(null);
    }

    @Override
    public void close() {
        log.detachAppender(errors);
        log.setAdditive(true);
        Thread.setDefaultUncaughtExceptionHandler(handlerBefore);
    }
}
