package io.pathkeeper.it.fault.workload;

import io.pathkeeper.it.fault.check.ObservedEvent;
import io.pathkeeper.it.fault.check.ObservedEvent.Kind;
import io.pathkeeper.it.fault.check.ObserverHistory;
import io.pathkeeper.it.fault.check.ObserverHistory.Attempt;
import io.pathkeeper.it.fault.workload.StoreCalls.PutTo;
import io.pathkeeper.it.fault.workload.StoreCalls.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Changes znodes of the observed subtree, one, several at one revision, or a whole subtree. Used by one thread. */
final class SubtreeWriter {
    private static final int ZNODES = 40;
    private static final int CHILDREN = 5;

    /** Together more than fits into one frame of an observer that asks for what was there before. */
    private static final int LARGE_ZNODES = 14;

    private static final int LARGE_CHARACTERS = 100_000;
    private static final String LARGE = ObserverWorkload.ROOT + "/large";

    private final StoreCalls calls;
    private final ObserverHistory history;
    private final Tally tally;
    private final AtomicLong newest;
    private final EventDelays delays;
    private long value;
    private int large;

    /**
     * A writer.
     *
     * @param newest where the revision of the last acknowledged change is told
     */
    SubtreeWriter(StoreCalls calls, ObserverHistory history, Tally tally, AtomicLong newest, EventDelays delays) {
        this.calls = calls;
        this.history = history;
        this.tally = tally;
        this.newest = newest;
        this.delays = delays;
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
        paths.add(List.of(LARGE));
        for (int znode = 0; znode < LARGE_ZNODES; znode++) {
            paths.add(List.of(LARGE + "/n" + znode));
        }
        return paths;
    }

    /** Makes one change; whether it can be made depends on what is there. */
    void change(SplittableRandom dice) {
        if (dice.nextInt(25) == 0) {
            large();
            return;
        }
        String path = ObserverWorkload.ROOT + "/z" + dice.nextInt(ZNODES);
        switch (dice.nextInt(10)) {
            case 0, 1, 2 -> create(path);
            case 3 -> delete(path);
            case 4 -> create(path + "/c" + dice.nextInt(CHILDREN));
            case 5 -> several(dice);
            default -> {
                Attempt update = new Attempt(path, Kind.UPDATED, ++value);
                attempt(List.of(update), () -> calls.set(path, update.value()));
            }
        }
    }

    private void create(String path) {
        Attempt creation = new Attempt(path, Kind.CREATED, ++value);
        attempt(List.of(creation), () -> calls.create(path, creation.value()).revision());
    }

    private void delete(String path) {
        attempt(
                List.of(new Attempt(path, Kind.DELETED, 0)),
                () -> calls.delete(path, true).revision());
    }

    /** One more large znode, until there are so many that the deletion of all of them does not fit into a frame. */
    private void large() {
        if (large == 0) {
            create(LARGE);
        } else if (large <= LARGE_ZNODES) {
            Attempt creation = new Attempt(LARGE + "/n" + (large - 1), Kind.CREATED, ++value);
            attempt(
                    List.of(creation),
                    () -> calls.createLarge(creation.path(), creation.value(), LARGE_CHARACTERS)
                            .revision());
        } else {
            delete(LARGE);
        }
        large = (large + 1) % (LARGE_ZNODES + 2);
    }

    /** Writes three znodes at one revision. */
    private void several(SplittableRandom dice) {
        int first = dice.nextInt(ZNODES);
        List<Attempt> updates = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            updates.add(new Attempt(ObserverWorkload.ROOT + "/z" + (first + i) % ZNODES, Kind.UPDATED, ++value));
        }
        List<Step> steps = updates.stream()
                .<Step>map(update -> new PutTo(update.path(), update.value()))
                .toList();
        attempt(updates, () -> calls.transact(List.of(), steps).revision());
    }

    /** Makes changes by one call, which returns their revision. */
    private void attempt(List<Attempt> changes, LongSupplier call) {
        changes.forEach(history::attempted);
        changes.forEach(change -> delays.sending(change.value()));
        try {
            long revision = call.getAsLong();
            changes.forEach(change ->
                    history.acknowledged(new ObservedEvent(revision, change.path(), change.kind(), change.value())));
            newest.accumulateAndGet(revision, Math::max);
            tally.succeeded();
        } catch (CallFailure e) {
            if (e.isRefused()) {
                changes.forEach(history::refused);
            }
            tally.failed(e);
        }
    }
}
