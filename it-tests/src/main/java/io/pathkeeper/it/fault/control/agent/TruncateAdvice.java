package io.pathkeeper.it.fault.control.agent;

import net.bytebuddy.asm.Advice;

/** Copied into the JDK's truncation of a file. */
final class TruncateAdvice {
    private TruncateAdvice() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Argument(0) long size, @Advice.FieldValue("path") String path) {
        ForcedLengths.truncated(path, size);
    }
}
