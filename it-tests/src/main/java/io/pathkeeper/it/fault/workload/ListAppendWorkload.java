package io.pathkeeper.it.fault.workload;

import io.pathkeeper.it.fault.check.Call;
import io.pathkeeper.it.fault.check.ListAppendHistory;
import io.pathkeeper.it.fault.check.ListAppendHistory.Append;
import io.pathkeeper.it.fault.check.ListAppendHistory.Operation;
import io.pathkeeper.it.fault.check.ListAppendHistory.Read;
import io.pathkeeper.it.fault.workload.StoreCalls.AppendTo;
import io.pathkeeper.it.fault.workload.StoreCalls.Look;
import io.pathkeeper.it.fault.workload.StoreCalls.Seen;
import io.pathkeeper.it.fault.workload.StoreCalls.Step;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Transactions of one to four appends and reads on five lists. */
final class ListAppendWorkload extends RollingWorkload<ListAppendWorkload.Lists> {
    private static final int CALLS = 250;
    private static final int LISTS = 5;

    private final AtomicLong nextNumber = new AtomicLong();

    /** Five lists below a path. */
    record Lists(String path, ListAppendHistory history) {}

    ListAppendWorkload(int callsPerSecond) {
        super("list-append", CALLS, callsPerSecond);
    }

    @Override
    Lists make(String path, StoreCalls calls) {
        createIfMissing(calls, path, 0L);
        for (int list = 0; list < LISTS; list++) {
            createIfMissing(calls, path + "/l" + list, null);
        }
        return new Lists(path, new ListAppendHistory());
    }

    @Override
    void call(Lists lists, int client, StoreCalls calls, SplittableRandom dice) {
        List<Step> steps = new ArrayList<>();
        int length = 1 + dice.nextInt(4);
        for (int i = 0; i < length; i++) {
            String list = lists.path() + "/l" + dice.nextInt(LISTS);
            steps.add(dice.nextBoolean() ? new Look(list) : new AppendTo(list, nextNumber.incrementAndGet()));
        }
        transact(lists, client, calls, steps);
    }

    private static void transact(Lists lists, int client, StoreCalls calls, List<Step> steps) {
        long sent = System.nanoTime();
        try {
            List<Operation> operations =
                    operations(steps, calls.transact(List.of(), steps).reads());
            lists.history().add(Call.answered(client, operations, true, sent, System.nanoTime()));
        } catch (CallFailure e) {
            List<Operation> operations = operations(steps, List.of());
            lists.history()
                    .add(
                            e.isRefused()
                                    ? Call.answered(client, operations, false, sent, System.nanoTime())
                                    : Call.unknown(client, operations, sent));
            throw e;
        }
    }

    private static List<Operation> operations(List<Step> steps, List<Seen> reads) {
        List<Operation> operations = new ArrayList<>();
        Iterator<Seen> answers = reads.iterator();
        for (Step step : steps) {
            if (step instanceof AppendTo append) {
                operations.add(new Append(append.path(), append.number()));
            } else {
                operations.add(
                        new Read(step.path(), answers.hasNext() ? answers.next().numbers() : null));
            }
        }
        return operations;
    }

    @Override
    List<String> finish(Lists lists, StoreCalls calls) {
        List<Step> all = new ArrayList<>();
        for (int list = 0; list < LISTS; list++) {
            all.add(new Look(lists.path() + "/l" + list));
        }
        transact(lists, -1, calls, all);
        return lists.history().violations();
    }
}
