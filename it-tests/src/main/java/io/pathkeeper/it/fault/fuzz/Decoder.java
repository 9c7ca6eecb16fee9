package io.pathkeeper.it.fault.fuzz;

import java.util.List;
import java.util.Set;

/**
 * Something that reads bytes which may be anything.
 *
 * @param name on the command line and in reports
 * @param seeds valid inputs, at least one
 * @param refusals names of the classes of exceptions that are the documented refusal, those above them not included
 * @param allowance memory that an input may cost
 * @param decoding the reading itself
 */
public record Decoder(String name, List<byte[]> seeds, Set<String> refusals, Allowance allowance, Decoding decoding) {
    /** Reads an input. Throws what the decoder throws. */
    @FunctionalInterface
    public interface Decoding {
        /** Reads an input, and checks what was accepted; {@link BrokenPromiseException} when that is not as it should be. */
        void decode(byte[] input) throws Throwable;
    }

    /**
     * Memory that one input may cost.
     *
     * @param bytes whatever its size
     * @param bytesPerByte for each of its bytes
     */
    public record Allowance(long bytes, long bytesPerByte) {
        long of(byte[] input) {
            return bytes + bytesPerByte * input.length;
        }
    }

    /** Copies the collections. */
    public Decoder {
        seeds = List.copyOf(seeds);
        refusals = Set.copyOf(refusals);
        if (seeds.isEmpty()) {
            throw new IllegalArgumentException("decoder " + name + " has no seed");
        }
    }

    boolean isRefusal(Throwable thrown) {
        for (Class<?> type = thrown.getClass(); type != null; type = type.getSuperclass()) {
            if (refusals.contains(type.getName())) {
                return true;
            }
        }
        return false;
    }
}
