package io.pathkeeper.client.model;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Conditions and two lists of operations: when all conditions hold, {@code then} is carried out, else {@code otherwise}; wholly
 * or not at all, at one revision. At most 128 conditions and 128 operations in each list.
 *
 * <pre>{@code
 * Transaction.when(Condition.version("/config", 3))
 *     .then(Operation.set("/config", value), Operation.delete("/draft"))
 *     .otherwise(Operation.get("/config"));
 * }</pre>
 *
 * <p>Immutable: every method returns a changed copy.
 */
public final class Transaction {
    private final List<Condition> conditions;
    private final List<Operation> then;
    private final List<Operation> otherwise;
    private final Guards guards;
    private final @Nullable Duration timeout;

    private Transaction(
            List<Condition> conditions,
            List<Operation> then,
            List<Operation> otherwise,
            Guards guards,
            @Nullable Duration timeout) {
        this.conditions = conditions;
        this.then = then;
        this.otherwise = otherwise;
        this.guards = guards;
        this.timeout = timeout;
    }

    /** Returns a transaction with these conditions, all of which must hold; none means that they hold. */
    public static Transaction when(Condition... conditions) {
        return new Transaction(List.of(conditions), List.of(), List.of(), Guards.none(), null);
    }

    /** Returns a transaction with these conditions, all of which must hold; none means that they hold. */
    public static Transaction when(List<Condition> conditions) {
        return new Transaction(List.copyOf(conditions), List.of(), List.of(), Guards.none(), null);
    }

    /** Returns a transaction without conditions. */
    public static Transaction of(Operation... operations) {
        return when().then(operations);
    }

    /** Sets what is done when all conditions hold. */
    public Transaction then(Operation... operations) {
        return then(List.of(operations));
    }

    /** Sets what is done when all conditions hold. */
    public Transaction then(List<Operation> operations) {
        return new Transaction(conditions, List.copyOf(operations), otherwise, guards, timeout);
    }

    /** Sets what is done when a condition does not hold. */
    public Transaction otherwise(Operation... operations) {
        return otherwise(List.of(operations));
    }

    /** Sets what is done when a condition does not hold. */
    public Transaction otherwise(List<Operation> operations) {
        return new Transaction(conditions, then, List.copyOf(operations), guards, timeout);
    }

    /**
     * Sets what must hold when the transaction is carried out, or nothing is done and the call fails, whatever the conditions say. Guards of
     * the operations inside are refused.
     */
    public Transaction guards(Guards guards) {
        return new Transaction(conditions, then, otherwise, Objects.requireNonNull(guards, "guards"), timeout);
    }

    /**
     * Sets how long the call may take, retries included: 1 ms to 5 minutes.
     *
     * @throws IllegalArgumentException when it is out of range
     */
    public Transaction timeout(Duration timeout) {
        Checks.timeout(timeout);
        return new Transaction(conditions, then, otherwise, guards, timeout);
    }

    /** Returns the conditions, unmodifiable. */
    public List<Condition> conditions() {
        return conditions;
    }

    /** Returns what is done when all conditions hold, unmodifiable. */
    public List<Operation> then() {
        return then;
    }

    /** Returns what is done when a condition does not hold, unmodifiable. */
    public List<Operation> otherwise() {
        return otherwise;
    }

    /** Returns what must hold. */
    public Guards guards() {
        return guards;
    }

    /** Returns the time limit; null for the one of the client. */
    public @Nullable Duration timeout() {
        return timeout;
    }
}
