package io.pathkeeper.it.fault.check;

import org.jspecify.annotations.Nullable;

/**
 * How one object behaves when calls come one after the other.
 *
 * @param <S> its states: immutable, with equals and hashCode
 * @param <I> type of inputs
 * @param <O> type of outputs
 */
public interface SequentialModel<S, I, O> {
    /** The state before the first call. */
    S initial();

    /**
     * Carries a call out.
     *
     * @param output what was answered; null when nobody knows
     * @return the state behind the call, or null when the object in this state does not answer so; never null for a null output
     */
    @Nullable
    S step(S state, I input, @Nullable O output);

    /** Whether calls with this input and output never change the state, so that a history without them is linearizable if the whole one is. */
    boolean isPure(I input, @Nullable O output);

    /**
     * Whether one call stands on what another one wrote: without the other it could not have had this outcome, and with neither all calls that
     * stand on others are answered as before. Only for models of which every value is written once; by default a call may stand on any other, so that none can be left out.
     */
    default boolean standsOn(I input, @Nullable O output, I other) {
        return true;
    }
}
