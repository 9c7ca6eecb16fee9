package io.pathkeeper.it.fault.check;

import org.jspecify.annotations.Nullable;

/** A counter in a field: additions answer with the sum behind them, reads with the sum. Its state is the sum, 0 at first. */
public final class CounterModel implements SequentialModel<Long, CounterModel.Input, Long> {
    /**
     * What can be asked.
     *
     * @param delta what is added; 0 for a read
     */
    public record Input(long delta) {}

    @Override
    public Long initial() {
        return 0L;
    }

    @Override
    public @Nullable Long step(Long state, Input input, @Nullable Long output) {
        Long sum = state + input.delta();
        return output == null || output.equals(sum) ? sum : null;
    }

    @Override
    public boolean isPure(Input input, @Nullable Long output) {
        return input.delta() == 0;
    }
}
