package io.pathkeeper.it.fault.control.agent;

import net.bytebuddy.asm.Advice;

/** Copied into the JDK's forcing of a file: notes how far the file was forced, or leaves it out. */
final class ForceAdvice {
    private ForceAdvice() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class)
    static long enter(@Advice.This Object channel, @Advice.FieldValue("path") String path) {
        return ForcedLengths.forcing(channel, path);
    }

    @Advice.OnMethodExit
    static void exit(@Advice.Enter long length, @Advice.FieldValue("path") String path) {
        ForcedLengths.forced(path, length);
    }
}
