package io.pathkeeper.server.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times and sizes as people write them. Formatting gives the shortest exact text, which parses to the same number. */
final class Units {
    private static final Pattern NUMBER = Pattern.compile("(\\d{1,15}) ?([A-Za-z]*)");

    private Units() {}

    /** Reads a time; throws NumberFormatException. */
    static long parseMillis(String text) {
        Matcher m = match(text);
        long unit = switch (m.group(2)) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m", "min" -> 60_000;
            case "h" -> 3_600_000;
            case "d" -> 86_400_000;
            default -> throw new NumberFormatException("a time needs a unit: ms, s, m, h or d");
        };
        return multiply(m.group(1), unit);
    }

    /** Reads a size; throws NumberFormatException. */
    static long parseSize(String text) {
        Matcher m = match(text);
        long unit = switch (m.group(2)) {
            case "", "B" -> 1;
            case "KiB" -> 1L << 10;
            case "MiB" -> 1L << 20;
            case "GiB" -> 1L << 30;
            case "KB", "kB" -> 1_000;
            case "MB" -> 1_000_000;
            case "GB" -> 1_000_000_000;
            default -> throw new NumberFormatException("unknown unit of a size");
        };
        return multiply(m.group(1), unit);
    }

    static String formatMillis(long millis) {
        if (millis != 0 && millis % 86_400_000 == 0) {
            return millis / 86_400_000 + "d";
        }
        if (millis != 0 && millis % 3_600_000 == 0) {
            return millis / 3_600_000 + "h";
        }
        if (millis != 0 && millis % 60_000 == 0) {
            return millis / 60_000 + "m";
        }
        return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
    }

    static String formatSize(long bytes) {
        if (bytes != 0 && bytes % (1L << 30) == 0) {
            return (bytes >> 30) + "GiB";
        }
        if (bytes != 0 && bytes % (1L << 20) == 0) {
            return (bytes >> 20) + "MiB";
        }
        return bytes != 0 && bytes % (1L << 10) == 0 ? (bytes >> 10) + "KiB" : Long.toString(bytes);
    }

    private static Matcher match(String text) {
        Matcher m = NUMBER.matcher(text.strip());
        if (!m.matches()) {
            throw new NumberFormatException("not a number with a unit");
        }
        return m;
    }

    private static long multiply(String number, long unit) {
        try {
            return Math.multiplyExact(Long.parseLong(number), unit);
        } catch (ArithmeticException e) {
            throw new NumberFormatException("too large");
        }
    }
}
