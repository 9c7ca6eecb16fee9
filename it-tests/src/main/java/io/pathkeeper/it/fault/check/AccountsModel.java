package io.pathkeeper.it.fault.check;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some accounts between which money is moved as long as there is enough of it. Its state is the list of the balances. */
public final class AccountsModel implements SequentialModel<List<Long>, AccountsModel.Input, AccountsModel.Output> {
    /** What can be asked. */
    public sealed interface Input {}

    /** Moves an amount above 0 from one account to another one. */
    public record Transfer(int from, int to, long amount) implements Input {}

    /** Reads all balances at one revision. */
    public record ReadAll() implements Input {}

    /** What can be answered. */
    public sealed interface Output {}

    /** The amount was moved. */
    public record Moved() implements Output {}

    /** There was not enough. */
    public record TooLittle() implements Output {}

    /** The balances. */
    public record Balances(List<Long> amounts) implements Output {}

    private final List<Long> initial;

    /** Accounts with balances. */
    public AccountsModel(List<Long> initial) {
        this.initial = List.copyOf(initial);
    }

    @Override
    public List<Long> initial() {
        return initial;
    }

    @Override
    public @Nullable List<Long> step(List<Long> state, Input input, @Nullable Output output) {
        if (input instanceof Transfer transfer) {
            boolean enough = state.get(transfer.from()) >= transfer.amount();
            if (output != null && (output instanceof Moved) != enough) {
                return null;
            }
            return enough ? moved(state, transfer) : state;
        }
        return output == null
                        || (output instanceof Balances balances
                                && balances.amounts().equals(state))
                ? state
                : null;
    }

    private static List<Long> moved(List<Long> state, Transfer transfer) {
        List<Long> behind = new ArrayList<>(state);
        behind.set(transfer.from(), state.get(transfer.from()) - transfer.amount());
        behind.set(transfer.to(), behind.get(transfer.to()) + transfer.amount());
        return List.copyOf(behind);
    }

    @Override
    public boolean isPure(Input input, @Nullable Output output) {
        return input instanceof ReadAll || output instanceof TooLittle;
    }
}
