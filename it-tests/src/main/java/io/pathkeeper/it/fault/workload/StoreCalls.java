package io.pathkeeper.it.fault.workload;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The calls that loads make, in one of several ways to reach the store. Values are numbers or lists of numbers. Every method throws {@link CallFailure} when the call
 * was refused or when nobody knows. Used by one thread.
 */
interface StoreCalls extends AutoCloseable {
    /** A znode that was created. {@code number} is that of a sequential name. */
    record Created(String path, long number, long revision) {}

    /** What a read saw: a number, or a text that stands for one, is a list of one, null an empty list, so is a znode that is not there. */
    record Seen(boolean found, List<Long> numbers, long modifiedRevision) {
        /** The only number; 0 when there is none. */
        long number() {
            return numbers.isEmpty() ? 0 : numbers.get(0);
        }
    }

    /** Znodes that were deleted. */
    record Deleted(long count, long revision) {}

    /** An operation of a transaction. */
    sealed interface Step {
        String path();
    }

    /** Appends to the list that is the value. */
    record AppendTo(String path, long number) implements Step {}

    /** Adds to the number that is the value. */
    record AddTo(String path, long delta) implements Step {}

    /** Writes a number. */
    record PutTo(String path, long number) implements Step {}

    /** Reads a znode. */
    record Look(String path) implements Step {}

    /** A condition of a transaction: the number that is the value is at least this. */
    record AtLeast(String path, long number) {}

    /** What a transaction did: what its reads saw, in order; {@code done} is false when a condition did not hold. */
    record Transacted(boolean done, List<Seen> reads, long revision) {}

    /** Creates a znode with a number, or with an empty list for null. */
    Created create(String path, @Nullable Long value);

    /** Creates a znode with a text of a size that stands for a number. */
    Created createLarge(String path, long value, int characters);

    /** Creates a znode with a sequential name below a parent. */
    Created createSequential(String parent, long value);

    Seen get(String path);

    /** Reads several znodes at one revision. */
    List<Seen> getAll(List<String> paths, boolean local);

    /** Returns the revision. */
    long set(String path, long value);

    /** Writes if the znode's last change is of this revision; returns the new one. */
    long setIf(String path, long value, long expectedRevision);

    /** Adds to the number that is the value; returns the sum. */
    long add(String path, long delta);

    /** Appends to the list that is the value; returns the revision. */
    long append(String path, long number);

    Deleted delete(String path, boolean recursive);

    /** The numbers that are the values of all children. */
    List<Long> children(String parent);

    Transacted transact(List<AtLeast> conditions, List<Step> steps);

    @Override
    void close();
}
