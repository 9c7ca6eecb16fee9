package io.pathkeeper.it.fault.workload;

/** A number as a text of a size: the number, a blank, and padding. */
final class LargeNumber {
    private LargeNumber() {}

    static String text(long number, int characters) {
        String begin = number + " ";
        return begin + "-".repeat(characters - begin.length());
    }

    static long number(String text) {
        return Long.parseLong(text.substring(0, text.indexOf(' ')));
    }
}
