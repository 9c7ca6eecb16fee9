package io.pathkeeper.it.fault.fuzz;

import java.util.HexFormat;

/**
 * An input that a decoder did not stand.
 *
 * @param decoder its name
 * @param number which input of the run it was, from 0
 * @param problem what happened
 * @param input the input, made as short as it still shows the problem
 */
public record Finding(String decoder, long number, String problem, byte[] input) {
    private static final int SHOWN_BYTES = 512;

    @Override
    public String toString() {
        String hex = HexFormat.of().formatHex(input, 0, Math.min(input.length, SHOWN_BYTES));
        return decoder + ", input " + number + ": " + problem + "; " + input.length + " bytes: " + hex
                + (input.length > SHOWN_BYTES ? "..." : "");
    }
}
