package io.pathkeeper.it.fault.workload;

import io.pathkeeper.it.fault.check.Call;
import io.pathkeeper.it.fault.check.Linearizability;
import io.pathkeeper.it.fault.check.Linearizability.Result;
import io.pathkeeper.it.fault.check.SequentialModel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The calls on one object, to be checked for linearizability. Safe to record from any thread.
 *
 * @param <I> inputs
 * @param <O> outputs
 */
final class CallLog<I, O> {
    private static final long SEARCH_LIMIT = 3_000_000;

    private final String path;
    private final SequentialModel<?, I, O> model;
    private final List<Call<I, O>> calls = new ArrayList<>();

    CallLog(String path, SequentialModel<?, I, O> model) {
        this.path = path;
        this.model = model;
    }

    /** Where the object is. */
    String path() {
        return path;
    }

    /**
     * Makes a call and records it.
     *
     * @param answerOfRefusal what a refusal says about the object; null when it says nothing, so that the call counts as not made
     * @throws CallFailure when the call failed in a way that is no answer
     */
    void record(int client, I input, Supplier<O> call, Function<CallFailure, @Nullable O> answerOfRefusal) {
        long sent = System.nanoTime();
        O output;
        try {
            output = call.get();
        } catch (CallFailure e) {
            O answer = e.isRefused() ? answerOfRefusal.apply(e) : null;
            if (answer == null) {
                if (!e.isRefused()) {
                    add(Call.unknown(client, input, sent));
                }
                throw e;
            }
            output = answer;
        }
        add(Call.answered(client, input, output, sent, System.nanoTime()));
    }

    private synchronized void add(Call<I, O> call) {
        calls.add(call);
    }

    /** All calls. */
    @Override
    public synchronized String toString() {
        return calls.stream().map(Call::toString).collect(Collectors.joining("\n", path + ":\n", "\n"));
    }

    /** Returns what is wrong: nothing, or one text with a history that shows it. */
    synchronized List<String> violations() {
        return violations(model);
    }

    private <S> List<String> violations(SequentialModel<S, I, O> checked) {
        Result<I, O> result = new Linearizability<>(checked, SEARCH_LIMIT).check(calls);
        return switch (result.verdict()) {
            case LINEARIZABLE -> List.of();
            case UNDECIDED ->
                List.of("not decided within " + SEARCH_LIMIT + " steps: the history of " + path + " with "
                        + calls.size() + " calls");
            case VIOLATED ->
                List.of("no order of these calls on " + path + " is possible:\n"
                        + result.calls().stream().map(call -> "  " + call).collect(Collectors.joining("\n")));
        };
    }
}
