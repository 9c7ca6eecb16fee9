package io.pathkeeper.it.fault.workload;

import io.pathkeeper.it.fault.check.AddedNumbers;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Adds numbers to a collection in one value by patches. */
final class SetWorkload extends RollingWorkload<SetWorkload.Collection> {
    private static final int CALLS = 400;

    private final AtomicLong nextNumber = new AtomicLong();

    /** The collection at a path. */
    record Collection(String path, AddedNumbers added) {}

    SetWorkload(int callsPerSecond) {
        super("set", CALLS, callsPerSecond);
    }

    @Override
    Collection make(String path, StoreCalls calls) {
        createIfMissing(calls, path, null);
        return new Collection(path, new AddedNumbers(path));
    }

    @Override
    void call(Collection collection, int client, StoreCalls calls, SplittableRandom dice) {
        long number = nextNumber.incrementAndGet();
        try {
            calls.append(collection.path(), number);
            collection.added().acknowledged(number);
        } catch (CallFailure e) {
            if (e.isRefused()) {
                collection.added().refused(number);
            } else {
                collection.added().unknown(number);
            }
            throw e;
        }
    }

    @Override
    List<String> finish(Collection collection, StoreCalls calls) {
        return collection.added().violations(calls.get(collection.path()).numbers());
    }
}
