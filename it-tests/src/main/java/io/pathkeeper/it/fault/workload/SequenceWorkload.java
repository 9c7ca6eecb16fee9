package io.pathkeeper.it.fault.workload;

import io.pathkeeper.it.fault.check.AddedNumbers;
import io.pathkeeper.it.fault.check.SequentialNames;
import io.pathkeeper.it.fault.workload.StoreCalls.Created;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Creates znodes with sequential names and deletes some of them again. */
final class SequenceWorkload extends RollingWorkload<SequenceWorkload.Queue> {
    private static final int CALLS = 400;

    private final AtomicLong nextValue = new AtomicLong();

    /** A parent, the names that were given below it, the values that stand there, and each client's last znode. */
    record Queue(String path, SequentialNames names, AddedNumbers values, Map<Integer, Last> last) {}

    record Last(String path, long value) {}

    SequenceWorkload(int callsPerSecond) {
        super("sequential", CALLS, callsPerSecond);
    }

    @Override
    Queue make(String path, StoreCalls calls) {
        createIfMissing(calls, path, 0L);
        return new Queue(path, new SequentialNames(), new AddedNumbers(path), new ConcurrentHashMap<>());
    }

    @Override
    void call(Queue queue, int client, StoreCalls calls, SplittableRandom dice) {
        Last last = queue.last().get(client);
        if (last != null && dice.nextInt(3) == 0) {
            delete(queue, client, calls, last);
        } else {
            create(queue, client, calls);
        }
    }

    private void create(Queue queue, int client, StoreCalls calls) {
        long value = nextValue.incrementAndGet();
        long sent = System.nanoTime();
        try {
            Created created = calls.createSequential(queue.path(), value);
            queue.names()
                    .created(new SequentialNames.Creation(
                            created.number(), created.revision(), sent, System.nanoTime()));
            queue.values().acknowledged(value);
            queue.last().put(client, new Last(created.path(), value));
        } catch (CallFailure e) {
            if (e.isRefused()) {
                queue.values().refused(value);
            } else {
                queue.values().unknown(value);
            }
            throw e;
        }
    }

    private static void delete(Queue queue, int client, StoreCalls calls, Last last) {
        queue.last().remove(client);
        try {
            calls.delete(last.path(), false);
            queue.values().removed(last.value());
        } catch (CallFailure e) {
            if (!e.isRefused()) {
                queue.values().unknown(last.value());
            }
            throw e;
        }
    }

    @Override
    List<String> finish(Queue queue, StoreCalls calls) {
        List<String> violations = new ArrayList<>(queue.names().violations());
        violations.addAll(queue.values().violations(calls.children(queue.path())));
        return violations;
    }
}
