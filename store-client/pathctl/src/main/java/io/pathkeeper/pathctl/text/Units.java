package io.pathkeeper.pathctl.text;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Amounts as people read them. */
public final class Units {
    private static final String[] BYTE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Units() {}

    /** Returns a number of bytes with the unit that leaves one to four digits before the point. */
    public static String bytes(long count) {
        double amount = count;
        int unit = 0;
        while (amount >= 1024 && unit < BYTE_UNITS.length - 1) {
            amount /= 1024;
            unit++;
        }
        return unit == 0 ? count + " B" : String.format(Locale.ROOT, "%.1f %s", amount, BYTE_UNITS[unit]);
    }

    /** Returns a time span by its two largest units, such as {@code 3d 4h} or {@code 12.3s}. */
    public static String span(Duration span) {
        long seconds = span.toSeconds();
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1fs", span.toMillis() / 1000.0);
        }
        if (seconds < 3600) {
            return seconds / 60 + "m " + seconds % 60 + "s";
        }
        if (seconds < 86400) {
            return seconds / 3600 + "h " + seconds % 3600 / 60 + "m";
        }
        return seconds / 86400 + "d " + seconds % 86400 / 3600 + "h";
    }

    /** Returns a moment in UTC with milliseconds, ISO 8601. */
    public static String moment(long epochMillis) {
        return Instant.ofEpochMilli(epochMillis).toString();
    }
}
