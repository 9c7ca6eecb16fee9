package io.pathkeeper.it.fault.check;

import org.jspecify.annotations.Nullable;

/**
 * A small subtree, a root with up to 62 children, in which znodes are created one by one and deleted all at once. Its state is a set of bits: bit 0 the root,
 * bit n the nth child; empty at first.
 */
public final class SubtreeModel implements SequentialModel<Long, SubtreeModel.Input, SubtreeModel.Output> {
    /** What can be asked. */
    public sealed interface Input {}

    /** Creates the root (0) or a child. */
    public record Create(int znode) implements Input {}

    /** Deletes the root and all below it. */
    public record DeleteAll() implements Input {}

    /** Reads which of all znodes are there, at one revision. */
    public record ReadAll() implements Input {}

    /** What can be answered. */
    public sealed interface Output {}

    /** The znode was created. */
    public record Created() implements Output {}

    /** It was there already. */
    public record Exists() implements Output {}

    /** There is no root. */
    public record NoRoot() implements Output {}

    /** So many znodes were deleted. */
    public record Deleted(long count) implements Output {}

    /** The znodes that are there. */
    public record Present(long bits) implements Output {}

    @Override
    public Long initial() {
        return 0L;
    }

    @Override
    public @Nullable Long step(Long state, Input input, @Nullable Output output) {
        boolean root = (state & 1) != 0;
        if (input instanceof Create create) {
            long bit = 1L << create.znode();
            if (create.znode() != 0 && !root) {
                return output == null || output instanceof NoRoot ? state : null;
            }
            if ((state & bit) != 0) {
                return output == null || output instanceof Exists ? state : null;
            }
            return output == null || output instanceof Created ? Long.valueOf(state | bit) : null;
        }
        if (input instanceof DeleteAll) {
            if (!root) {
                return output == null || output instanceof NoRoot ? state : null;
            }
            boolean fits = output instanceof Deleted deleted && deleted.count() == Long.bitCount(state);
            return output == null || fits ? Long.valueOf(0) : null;
        }
        return output == null || (output instanceof Present present && present.bits() == state) ? state : null;
    }

    @Override
    public boolean isPure(Input input, @Nullable Output output) {
        return input instanceof ReadAll || output instanceof NoRoot || output instanceof Exists;
    }
}
