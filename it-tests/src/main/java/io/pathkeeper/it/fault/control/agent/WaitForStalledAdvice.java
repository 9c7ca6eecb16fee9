package io.pathkeeper.it.fault.control.agent;

import java.util.concurrent.locks.LockSupport;
import net.bytebuddy.asm.Advice;

/** Copied into the question whether an observer's connection takes more: the thread that serves it and others waits when it does not. */
final class WaitForStalledAdvice {
    private WaitForStalledAdvice() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Return boolean ready) {
        if (!ready) {
            Effect.of("observers-waited-for");
            LockSupport.parkNanos(300_000_000);
        }
    }
}
