package io.pathkeeper.it.fault.control.agent;

import net.bytebuddy.asm.Advice;

/** Copied into the JDK's opening of a file. */
final class OpenAdvice {
    private OpenAdvice() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Argument(1) String path, @Advice.Argument(3) boolean writable) {
        ForcedLengths.opened(path, writable);
    }
}
