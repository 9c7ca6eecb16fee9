package io.pathkeeper.it.fault.control.agent;

import net.bytebuddy.asm.Advice;

/** Copied into the question for the free space of the disk: there is plenty. */
final class PlentifulDiskAdvice {
    private PlentifulDiskAdvice() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) long bytes) {
        Effect.of("disk-unwatched");
        bytes = 1L << 40;
    }
}
