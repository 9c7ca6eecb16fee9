package io.pathkeeper.it.fault.control.agent;

import net.bytebuddy.asm.Advice;

/** Copied into the reading of the history: what is gone is passed over. */
final class TrimmedHistoryAdvice {
    private TrimmedHistoryAdvice() {}

    @Advice.OnMethodEnter
    static void enter(
            @Advice.FieldValue("oldest") long oldest, @Advice.Argument(value = 0, readOnly = false) long from) {
        if (from < oldest) {
            from = oldest;
            Effect.of("history-gap");
        }
    }
}
