package io.pathkeeper.it.fault.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Gives mutated inputs to decoders and judges what they do. Of one thread. */
public final class Fuzzer implements AutoCloseable {
    /** A decoder that has failed in so many ways is not asked any further. */
    static final int MOST_FINDINGS = 20;

    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long SHORTENING_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final HangWatch watch = new HangWatch();
    private long lastNanos;
    private long lastBytes;

    /** What a decoder did with an input. */
    private record Verdict(boolean accepted, @Nullable String problem) {}

    /**
     * Gives a decoder its seeds, then mutated inputs, and closes it when it can be closed.
     *
     * @param inputs how many mutated ones
     * @param seed where the dice begin; the same seed makes the same inputs
     */
    public FuzzResult run(Decoder decoder, long inputs, long seed) {
        // every decoder has dice of its own, whatever others run before it
        Mutator mutator = new Mutator(
                decoder.seeds(), new SplittableRandom(seed ^ decoder.name().hashCode()));
        List<Finding> findings = new ArrayList<>();
        Set<String> kinds = new HashSet<>();
        long accepted = 0;
        long refused = 0;
        long worst = 0;
        boolean anyAccepted = false;
        for (byte[] valid : decoder.seeds()) {
            Verdict verdict = judge(decoder, valid);
            anyAccepted |= verdict.accepted;
            if (verdict.problem != null && kinds.add(verdict.problem)) {
                findings.add(new Finding(decoder.name(), -1, verdict.problem, valid));
            }
        }
        if (!anyAccepted) {
            byte[] first = decoder.seeds().get(0);
            findings.add(new Finding(decoder.name(), -1, "none of the valid inputs is accepted", first));
        }
        long began = System.nanoTime();
        for (long number = 0; number < inputs && findings.size() < MOST_FINDINGS; number++) {
            byte[] input = mutator.next();
            Verdict verdict = judge(decoder, input);
            worst = Math.max(worst, lastBytes);
            if (verdict.problem != null && kinds.add(verdict.problem)) {
                findings.add(new Finding(decoder.name(), number, verdict.problem, shortened(decoder, input, verdict)));
            } else if (verdict.accepted) {
                accepted++;
            } else {
                refused++;
            }
        }
        long nanos = System.nanoTime() - began;
        String left = closed(decoder);
        if (left != null && kinds.add(left)) {
            findings.add(new Finding(decoder.name(), inputs, left, new byte[0]));
        }
        return new FuzzResult(decoder.name(), accepted, refused, nanos, worst, findings);
    }

    /** Closes a decoder that has something open; what is wrong with what its inputs have left behind. */
    private static @Nullable String closed(Decoder decoder) {
        if (decoder.decoding() instanceof AutoCloseable open) {
            try {
                open.close();
            } catch (Exception e) {
                return problem(e);
            }
        }
        return null;
    }

    private Verdict judge(Decoder decoder, byte[] input) {
        Verdict verdict = decode(decoder, input);
        if (verdict.problem == null && isBeyond(decoder, input)) {
            // Time and memory may be the collector's or a class's that was loaded just then: only what happens again is
            // the decoder's.
            verdict = decode(decoder, input);
            if (verdict.problem == null && isBeyond(decoder, input)) {
                return new Verdict(false, beyond(decoder, input));
            }
        }
        return verdict;
    }

    private boolean isBeyond(Decoder decoder, byte[] input) {
        return lastNanos > MOST_NANOS || lastBytes > decoder.allowance().of(input);
    }

    private String beyond(Decoder decoder, byte[] input) {
        return lastNanos > MOST_NANOS
                ? "takes more than a second"
                : "takes more memory than the " + decoder.allowance() + " that are allowed";
    }

    private Verdict decode(Decoder decoder, byte[] input) {
        long began = System.nanoTime();
        watch.begin(decoder.name(), input, began);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            decoder.decoding().decode(input);
            return new Verdict(true, null);
        } catch (Throwable thrown) { // errors of the JVM are findings, too
            return decoder.isRefusal(thrown) ? new Verdict(false, null) : new Verdict(false, problem(thrown));
        } finally {
            lastBytes = THREADS.getCurrentThreadAllocatedBytes() - before;
            lastNanos = System.nanoTime() - began;
            watch.end();
        }
    }

    private static String problem(Throwable thrown) {
        if (thrown instanceof BrokenPromiseException) {
            return String.valueOf(thrown.getMessage());
        }
        StackTraceElement[] frames = thrown.getStackTrace();
        return "throws " + thrown.getClass().getName() + (frames.length == 0 ? "" : " at " + frames[0]);
    }

    /** Cuts parts out as long as the same happens, for two seconds at most. */
    private byte[] shortened(Decoder decoder, byte[] input, Verdict verdict) {
        byte[] best = input;
        long end = System.nanoTime() + SHORTENING_NANOS;
        for (int part = Math.max(1, best.length / 2); part >= 1; part /= 2) {
            for (int at = 0; at + part <= best.length && System.nanoTime() - end < 0; ) {
                byte[] shorter = Arrays.copyOf(best, best.length - part);
                System.arraycopy(best, at + part, shorter, at, best.length - at - part);
                if (verdict.equals(judge(decoder, shorter))) {
                    best = shorter;
                } else {
                    at += part;
                }
            }
        }
        return best;
    }

    @Override
    public void close() {
        watch.close();
    }
}
