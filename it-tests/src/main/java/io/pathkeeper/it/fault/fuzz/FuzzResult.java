package io.pathkeeper.it.fault.fuzz;

import java.util.List;

/**
 * What came of many inputs of one decoder.
 *
 * @param decoder its name
 * @param accepted inputs that it took
 * @param refused inputs that it refused as documented
 * @param nanos time for all
 * @param worstBytes most memory that an input cost
 * @param findings at most {@link Fuzzer#MOST_FINDINGS}
 */
public record FuzzResult(
        String decoder, long accepted, long refused, long nanos, long worstBytes, List<Finding> findings) {
    /** Copies the list. */
    public FuzzResult {
        findings = List.copyOf(findings);
    }

    /** All inputs. */
    public long inputs() {
        return accepted + refused + findings.size();
    }

    /** Inputs in a second. */
    public long rate() {
        return nanos == 0 ? 0 : Math.round(inputs() * 1e9 / nanos);
    }
}
