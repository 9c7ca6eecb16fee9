package io.pathkeeper.it.fault.control.agent;

import net.bytebuddy.asm.Advice;

/** Copied into the tick of the sessions' time. */
final class FollowerExpiryAdvice {
    private FollowerExpiryAdvice() {}

    @Advice.OnMethodExit
    static void exit(@Advice.This Object keeper, @Advice.Argument(0) long nowNanos) {
        FollowerExpiry.tick(keeper, nowNanos);
    }
}
