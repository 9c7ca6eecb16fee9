package io.pathkeeper.it.fault.check;

import org.jspecify.annotations.Nullable;

/** One znode with a number: reads, writes and writes on a condition. Its state is the number, 0 at first. */
public final class RegisterModel implements SequentialModel<Long, RegisterModel.Input, RegisterModel.Output> {
    /** What can be asked. */
    public sealed interface Input {}

    /** Reads the number. */
    public record Read() implements Input {}

    /** Writes a number. */
    public record Write(long value) implements Input {}

    /** Writes a number if another one is there; znodes know it by its revision. */
    public record WriteIf(long expected, long value) implements Input {}

    /** What can be answered. */
    public sealed interface Output {}

    /** The number that was read. */
    public record Seen(long value) implements Output {}

    /** The write was done. */
    public record Done() implements Output {}

    /** The condition did not hold. */
    public record Mismatch() implements Output {}

    @Override
    public Long initial() {
        return 0L;
    }

    @Override
    public @Nullable Long step(Long state, Input input, @Nullable Output output) {
        if (input instanceof Write write) {
            return output == null || output instanceof Done ? write.value() : null;
        }
        if (input instanceof WriteIf write) {
            boolean holds = state == write.expected();
            if (output == null || (output instanceof Done) == holds) {
                return holds ? Long.valueOf(write.value()) : state;
            }
            return null;
        }
        return output == null || (output instanceof Seen seen && seen.value() == state) ? state : null;
    }

    @Override
    public boolean isPure(Input input, @Nullable Output output) {
        return input instanceof Read || output instanceof Mismatch;
    }

    /** Values are written once. What a mismatch stands on is not told: any write may have been the one that made it. */
    @Override
    public boolean standsOn(Input input, @Nullable Output output, Input other) {
        long written =
                other instanceof Write write ? write.value() : other instanceof WriteIf write ? write.value() : 0;
        return output instanceof Mismatch
                || (output instanceof Seen seen && seen.value() == written)
                || (input instanceof WriteIf write && write.expected() == written);
    }
}
