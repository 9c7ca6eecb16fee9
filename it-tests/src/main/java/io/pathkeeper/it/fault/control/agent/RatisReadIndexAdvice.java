package io.pathkeeper.it.fault.control.agent;

import java.util.function.LongConsumer;
import net.bytebuddy.asm.Advice;

/** Copied into the round that confirms the leadership. */
final class RatisReadIndexAdvice {
    private RatisReadIndexAdvice() {}

    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static boolean enter(
            @Advice.FieldValue("local") Object routes,
            @Advice.Argument(0) LongConsumer index,
            @Advice.Argument(1) Runnable failed) {
        return PlantedReads.byRatis(routes, index, failed);
    }
}
