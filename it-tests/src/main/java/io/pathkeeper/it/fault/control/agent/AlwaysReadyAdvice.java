package io.pathkeeper.it.fault.control.agent;

import net.bytebuddy.asm.Advice;

/** Copied into the question whether an observer's connection takes more: it always does. */
final class AlwaysReadyAdvice {
    private AlwaysReadyAdvice() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) boolean ready) {
        if (!ready) {
            ready = true;
            Effect.of("observers-unbounded");
        }
    }
}
