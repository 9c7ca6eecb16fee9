package io.pathkeeper.it.fault.control.agent;

import net.bytebuddy.asm.Advice;

/** Copied into the question for the oldest revision: there is none that could not be observed from. */
final class NothingIsOldAdvice {
    private NothingIsOldAdvice() {}

    @Advice.OnMethodExit
    static void exit(@Advice.Return(readOnly = false) long oldest) {
        oldest = 0;
    }
}
