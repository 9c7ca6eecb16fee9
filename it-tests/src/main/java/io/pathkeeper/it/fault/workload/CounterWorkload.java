package io.pathkeeper.it.fault.workload;

import io.pathkeeper.it.fault.check.CounterModel;
import io.pathkeeper.it.fault.check.CounterModel.Input;
import java.util.List;
import java.util.SplittableRandom;

/** Adds to a number by patches and reads it: an addition that is lost or done twice shows in every later sum. */
final class CounterWorkload extends RollingWorkload<CallLog<Input, Long>> {
    private static final int CALLS = 300;

    CounterWorkload(int callsPerSecond) {
        super("counter", CALLS, callsPerSecond);
    }

    @Override
    CallLog<Input, Long> make(String path, StoreCalls calls) {
        createIfMissing(calls, path, 0L);
        return new CallLog<>(path, new CounterModel());
    }

    @Override
    void call(CallLog<Input, Long> log, int client, StoreCalls calls, SplittableRandom dice) {
        long delta = dice.nextInt(4) == 0 ? 0 : 1 + dice.nextInt(1_000_000);
        log.record(
                client,
                new Input(delta),
                () -> delta == 0 ? calls.get(log.path()).number() : calls.add(log.path(), delta),
                failure -> null);
    }

    @Override
    List<String> finish(CallLog<Input, Long> log, StoreCalls calls) {
        log.record(-1, new Input(0), () -> calls.get(log.path()).number(), failure -> null);
        return log.violations();
    }
}
