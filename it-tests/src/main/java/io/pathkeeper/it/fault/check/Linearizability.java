package io.pathkeeper.it.fault.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether the calls on one object can be put in one order that respects real time and the object's sequential behaviour. The search is that of
 * Wing and Gong with Lowe's memory of configurations ("Testing for Linearizability", 2016): a configuration, the set of calls that were put in order together
 * with the state behind them, is explored once. Histories of several objects are checked one by one, for linearizability is local.
 *
 * @param <S> states
 * @param <I> inputs
 * @param <O> outputs
 */
public final class Linearizability<S, I, O> {
    /** What came out. */
    public enum Verdict {
        /** There is such an order. */
        LINEARIZABLE,
        /** There is none. */
        VIOLATED,
        /** The search was given up at its limit. */
        UNDECIDED
    }

    /**
     * A verdict and, unless all is well, the calls that show it.
     *
     * @param verdict what came out
     * @param calls with a violation a history that still cannot be put in order, as small as was found; otherwise empty
     * @param explored configurations that were looked at
     */
    public record Result<I, O>(Verdict verdict, List<Call<I, O>> calls, long explored) {}

    private record Configuration<S>(BitSet done, S state) {}

    /** The sending or the answer of a call, in a doubly linked list in the order of time. */
    private static final class Point {
        final int call;
        final boolean sending;

        @Nullable
        Point answer;

        @Nullable
        Point before;

        @Nullable
        Point next;

        Point(int call, boolean sending) {
            this.call = call;
            this.sending = sending;
        }
    }

    private record Step<S>(Point point, S stateBefore, boolean unknown) {}

    private final SequentialModel<S, I, O> model;
    private final long limit;

    /**
     * A checker.
     *
     * @param model how the object behaves
     * @param limit configurations after which a search is given up, at least 1
     */
    public Linearizability(SequentialModel<S, I, O> model, long limit) {
        this.model = model;
        this.limit = limit;
    }

    /** Checks a history in any order. */
    public Result<I, O> check(List<Call<I, O>> recorded) {
        // a read without an answer says nothing, and would double what is left to search
        List<Call<I, O>> history = recorded.stream()
                .filter(call -> call.output() != null || !model.isPure(call.input(), null))
                .toList();
        Search all = new Search(history);
        Verdict verdict = all.run();
        if (verdict != Verdict.VIOLATED) {
            return new Result<>(verdict, List.of(), all.explored);
        }
        return new Result<>(verdict, smallest(history), all.explored);
    }

    /**
     * Makes a history that cannot be put in order smaller: leaves out what was sent behind the answer that no order explains, then pure calls, then the others, each
     * with all that stand on it; many at once at first, one by one at last. None of these makes a good history bad.
     */
    private List<Call<I, O>> smallest(List<Call<I, O>> history) {
        List<Call<I, O>> calls = upTo(history, firstViolated(history));
        for (boolean pure : List.of(true, false)) {
            for (int atOnce = calls.size(); atOnce > 0; atOnce /= 2) {
                List<Call<I, O>> candidates = calls.stream()
                        .filter(call -> model.isPure(call.input(), call.output()) == pure)
                        .toList();
                for (int i = 0; i < candidates.size(); i += atOnce) {
                    List<Call<I, O>> without =
                            without(calls, candidates.subList(i, Math.min(i + atOnce, candidates.size())));
                    if (new Search(without).run() == Verdict.VIOLATED) {
                        calls = without;
                    }
                }
            }
        }
        return calls;
    }

    /** Leaves out some calls, of those that change the state also what stands on them, what stands on that, and so on. */
    private List<Call<I, O>> without(List<Call<I, O>> calls, List<Call<I, O>> some) {
        List<Call<I, O>> rest = new ArrayList<>(calls);
        rest.removeAll(Set.copyOf(some));
        Deque<Call<I, O>> gone = new ArrayDeque<>(some);
        while (!gone.isEmpty()) {
            Call<I, O> other = gone.remove();
            if (!model.isPure(other.input(), other.output())) {
                List<Call<I, O>> standing = rest.stream()
                        .filter(call -> model.standsOn(call.input(), call.output(), other.input()))
                        .toList();
                rest.removeAll(standing);
                gone.addAll(standing);
            }
        }
        return rest;
    }

    /** The earliest answer such that what was sent before it cannot be put in order, found by halving. */
    private long firstViolated(List<Call<I, O>> history) {
        long[] answers = history.stream()
                .mapToLong(Call::answeredNanos)
                .filter(nanos -> nanos != Call.NEVER)
                .sorted()
                .toArray();
        int low = 0;
        int high = answers.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (new Search(upTo(history, answers[middle])).run() == Verdict.VIOLATED) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return answers[low];
    }

    /** What was known at a time: calls that were sent by then, those that were answered later as unknown ones. */
    private List<Call<I, O>> upTo(List<Call<I, O>> history, long nanos) {
        List<Call<I, O>> calls = new ArrayList<>();
        for (Call<I, O> call : history) {
            if (call.sentNanos() <= nanos) {
                boolean answered = call.answeredNanos() <= nanos;
                if (answered || !model.isPure(call.input(), call.output())) {
                    calls.add(answered ? call : Call.unknown(call.client(), call.input(), call.sentNanos()));
                }
            }
        }
        calls.sort(Comparator.comparingLong(Call::sentNanos));
        return calls;
    }

    private final class Search {
        private final List<Call<I, O>> history;
        private final Point head = new Point(-1, false);
        private final Set<Configuration<S>> seen = new HashSet<>();
        private final Deque<Step<S>> steps = new ArrayDeque<>();
        private final BitSet done = new BitSet();
        private long explored;

        Search(List<Call<I, O>> history) {
            this.history = history;
            Point[] points = new Point[2 * history.size()];
            for (int i = 0; i < history.size(); i++) {
                Point sending = new Point(i, true);
                Point answer = new Point(i, false);
                sending.answer = answer;
                points[2 * i] = sending;
                points[2 * i + 1] = answer;
            }
            // of one moment, sendings come first: calls that touch are taken for concurrent, so a coarse clock makes no
            // violation
            Arrays.sort(points, Comparator.comparingLong(this::time).thenComparing(point -> !point.sending));
            Point last = head;
            for (Point point : points) {
                last.next = point;
                point.before = last;
                last = point;
            }
        }

        private long time(Point point) {
            Call<I, O> call = history.get(point.call);
            return point.sending ? call.sentNanos() : call.answeredNanos();
        }

        /**
         * At each place of the order the calls that were answered are tried first, and those that nobody knows of only behind them: most of these had no effect, and each that
         * is put in order without need doubles what is left to search.
         */
        Verdict run() {
            S state = model.initial();
            boolean unknown = false;
            Point point = head.next;
            while (point != null) {
                Call<I, O> call = history.get(point.call);
                if (point.sending) {
                    S behind =
                            (call.output() == null) == unknown ? model.step(state, call.input(), call.output()) : null;
                    if (behind != null && isNew(point.call, behind)) {
                        if (explored > limit) {
                            return Verdict.UNDECIDED;
                        }
                        steps.push(new Step<>(point, state, unknown));
                        done.set(point.call);
                        state = behind;
                        takeOut(point);
                        unknown = false;
                        point = head.next;
                    } else {
                        point = point.next;
                    }
                } else if (call.output() == null) {
                    return Verdict
                            .LINEARIZABLE; // only calls that nobody knows of are left, which may never have had an
                    // effect
                } else if (!unknown) {
                    unknown = true;
                    point = head.next;
                } else {
                    Step<S> last = steps.poll();
                    if (last == null) {
                        return Verdict.VIOLATED;
                    }
                    state = last.stateBefore();
                    unknown = last.unknown();
                    done.clear(last.point().call);
                    putBack(last.point());
                    point = last.point().next;
                }
            }
            return Verdict.LINEARIZABLE;
        }

        private boolean isNew(int call, S behind) {
            BitSet with = (BitSet) done.clone();
            with.set(call);
            explored++;
            return seen.add(new Configuration<>(with, behind));
        }

        private void takeOut(Point sending) {
            unlink(sending);
            unlink(answerOf(sending));
        }

        private void putBack(Point sending) {
            link(answerOf(sending));
            link(sending);
        }

        private Point answerOf(Point sending) {
            if (sending.answer == null) {
                throw new IllegalStateException("not a sending");
            }
            return sending.answer;
        }

        private void unlink(Point point) {
            if (point.before != null) {
                point.before.next = point.next;
            }
            if (point.next != null) {
                point.next.before = point.before;
            }
        }

        private void link(Point point) {
            if (point.before != null) {
                point.before.next = point;
            }
            if (point.next != null) {
                point.next.before = point;
            }
        }
    }
}
