package io.pathkeeper.server.observe;

import java.util.ArrayList;
import java.util.List;

/** Checks the books of one loop, on its thread, between two rounds. */
final class LoopCheck {
    private final ObserveLoop loop;
    private final List<String> violations = new ArrayList<>();

    LoopCheck(ObserveLoop loop) {
        this.loop = loop;
    }

    /** What is wrong; empty when nothing is. */
    List<String> violations() {
        int scanning = 0;
        int targets = 0;
        int runnable = 0;
        int timed = 0;
        long pending = 0;
        for (Subscription one : loop.subscriptions()) {
            check(one);
            scanning += one.phase() == Subscription.Phase.SCANNING ? 1 : 0;
            targets += one.options().filter().targets().size();
            runnable += one.isRunnable() ? 1 : 0;
            timed += one.timerAt() == Timers.NONE ? 0 : 1;
            pending += one.queue().events();
        }
        expect(scanning == loop.scanning(), "scanning " + scanning + ", counted " + loop.scanning());
        expect(
                targets == loop.index().targetCount(),
                "targets " + targets + ", index " + loop.index().targetCount());
        expect(runnable <= loop.runnableCount(), "runnable " + runnable + ", queued " + loop.runnableCount());
        expect(timed == loop.timerCount(), "with a timer " + timed + ", timers " + loop.timerCount());
        expect(pending == loop.pending(), "pending " + pending + ", counted " + loop.pending());
        for (Subscription one : loop.awaitingScan()) {
            expect(
                    loop.subscriptions().contains(one) && one.phase() == Subscription.Phase.AWAITING_SCAN,
                    one.id() + " waits for a scan in phase " + one.phase());
        }
        return violations;
    }

    private void check(Subscription one) {
        String who = "observation " + one.id() + " (" + one.phase() + "): ";
        PendingQueue queue = one.queue();
        expect(one.phase() != Subscription.Phase.ENDED, who + "ended, but not removed");
        int targets = one.options().filter().targets().size();
        expect(loop.index().occurrences(one) == targets, who + "not once in the index for each target");
        expect(queue.isConsistent(), who + "pending events are miscounted");
        if (!queue.isEmpty()) {
            boolean within = queue.events() <= loop.limits().pendingEvents()
                    && queue.bytes() <= loop.limits().pendingBytes();
            expect(within || queue.isOneRevision(), who + queue.events() + " events pending, over the budget");
            expect(
                    queue.firstRevision() > one.shown(),
                    who + "pending " + queue.firstRevision() + " at or below shown");
        }
        if (one.phase() == Subscription.Phase.CATCHING_UP) {
            expect(one.cursor() > one.shown(), who + "cursor " + one.cursor() + " at or below shown " + one.shown());
            expect(one.isBlocked() || one.isRunnable(), who + "neither blocked nor runnable: it would sleep for ever");
        }
        expect(
                one.phase() != Subscription.Phase.LIVE || queue.isEmpty() || one.isBlocked() || one.isRunnable(),
                who + "pending events, but neither blocked nor runnable");
    }

    private void expect(boolean right, String otherwise) {
        if (!right) {
            violations.add(otherwise);
        }
    }
}
