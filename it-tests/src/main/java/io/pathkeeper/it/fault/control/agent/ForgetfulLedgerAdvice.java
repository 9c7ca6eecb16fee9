package io.pathkeeper.it.fault.control.agent;

import net.bytebuddy.asm.Advice;

/** Copied into all that asks or fills the ledger of requests: it never knows one. */
final class ForgetfulLedgerAdvice {
    private ForgetfulLedgerAdvice() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter() {
        Effect.of("exactly-once-off");
        return true;
    }
}
