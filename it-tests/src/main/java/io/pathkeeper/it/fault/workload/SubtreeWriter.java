package io.pathkeeper.it.fault.workload;

import io.pathkeeper.it.fault.check.ObservedEvent;
import io.pathkeeper.it.fault.check.ObservedEvent.Kind;
import io.pathkeeper.it.fault.check.ObserverHistory;
import io.pathkeeper.it.fault.workload.StoreCalls.PutTo;
import io.pathkeeper.it.fault.workload.StoreCalls.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Changes znodes of the observed subtree, one, several at one revision, or a whole subtree. Used by one thread. */
final class SubtreeWriter {
    private static final int ZNODES = 40;
    private static final int CHILDREN = 5;

    private final StoreCalls calls;
    private final ObserverHistory history;
    private final Tally tally;
    private final AtomicLong newest;
    private long value;

    /**
     * A writer.
     *
     * @param newest where the revision of the last acknowledged change is told
     */
    SubtreeWriter(StoreCalls calls, ObserverHistory history, Tally tally, AtomicLong newest) {
        this.calls = calls;
        this.history = history;
        this.tally = tally;
        this.newest = newest;
    }

    /** All paths that it may make, each znode with its children, few enough for one read. */
    static List<List<String>> paths() {
        List<List<String>> paths = new ArrayList<>();
        for (int znode = 0; znode < ZNODES; znode++) {
            List<String> some = new ArrayList<>(List.of(ObserverWorkload.ROOT + "/z" + znode));
            for (int child = 0; child < CHILDREN; child++) {
                some.add(some.get(0) + "/c" + child);
            }
            paths.add(some);
        }
        return paths;
    }

    /** Makes one change; whether it can be made depends on what is there. */
    void change(SplittableRandom dice) {
        String path = ObserverWorkload.ROOT + "/z" + dice.nextInt(ZNODES);
        try {
            switch (dice.nextInt(10)) {
                case 0, 1, 2 -> create(path);
                case 3 -> done(new ObservedEvent(calls.delete(path, true).revision(), path, Kind.DELETED, 0));
                case 4 -> create(path + "/c" + dice.nextInt(CHILDREN));
                case 5 -> several(dice);
                default -> {
                    value++;
                    done(new ObservedEvent(calls.set(path, value), path, Kind.UPDATED, value));
                }
            }
            tally.succeeded();
        } catch (CallFailure e) {
            tally.failed(e);
        }
    }

    private void create(String path) {
        value++;
        done(new ObservedEvent(calls.create(path, value).revision(), path, Kind.CREATED, value));
    }

    /** Writes three znodes at one revision. */
    private void several(SplittableRandom dice) {
        int first = dice.nextInt(ZNODES);
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            value++;
            steps.add(new PutTo(ObserverWorkload.ROOT + "/z" + (first + i) % ZNODES, value));
        }
        long revision = calls.transact(List.of(), steps).revision();
        for (Step step : steps) {
            if (step instanceof PutTo put) {
                done(new ObservedEvent(revision, put.path(), Kind.UPDATED, put.number()));
            }
        }
    }

    private void done(ObservedEvent event) {
        history.acknowledged(event);
        newest.accumulateAndGet(event.revision(), Math::max);
    }
}
