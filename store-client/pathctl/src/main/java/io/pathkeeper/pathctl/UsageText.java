package io.pathkeeper.pathctl;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes what picocli says about a wrong command line fit for people. */
final class UsageText {
    private static final Pattern CONSTANTS =
            Pattern.compile("\\[([A-Z][A-Z0-9_]*(?:, [A-Z][A-Z0-9_]*)*)]( \\(case-insensitive\\))?");

    private UsageText() {}

    /** Returns the message with lists of constants as they are typed: {@code [TABLE, JSON]} as {@code table, json}. */
    static String plain(String message) {
        return CONSTANTS
                .matcher(message)
                .replaceAll(list -> Matcher.quoteReplacement(
                        list.group(1).toLowerCase(Locale.ROOT).replace('_', '-')));
    }

    /** Returns those of the suggestions that somebody who typed the word may have meant: a third of it is different at most. */
    static List<String> near(String word, List<String> suggestions) {
        int equals = word.indexOf('=');
        String typed = equals < 0 ? word : word.substring(0, equals);
        return suggestions.stream()
                .filter(suggestion -> isNear(typed, suggestion))
                .toList();
    }

    private static boolean isNear(String typed, String suggestion) {
        String one = letters(typed);
        String other = letters(suggestion);
        boolean begun = one.length() > 1 && other.startsWith(one);
        return begun || distance(one, other) <= Math.max(one.length(), other.length()) / 3;
    }

    private static String letters(String word) {
        return word.replaceFirst("^-+", "").toLowerCase(Locale.ROOT);
    }

    /** How many letters have to be put in, left out, replaced or swapped with their neighbour. */
    private static int distance(String one, String other) {
        int[][] rows = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int k = 0; k <= other.length(); k++) {
                if (i == 0 || k == 0) {
                    rows[i][k] = i + k;
                    continue;
                }
                boolean same = one.charAt(i - 1) == other.charAt(k - 1);
                int least = Math.min(rows[i - 1][k], rows[i][k - 1]) + 1;
                least = Math.min(least, rows[i - 1][k - 1] + (same ? 0 : 1));
                boolean swapped = i > 1
                        && k > 1
                        && one.charAt(i - 1) == other.charAt(k - 2)
                        && one.charAt(i - 2) == other.charAt(k - 1);
                rows[i][k] = swapped ? Math.min(least, rows[i - 2][k - 2] + 1) : least;
            }
        }
        return rows[one.length()][other.length()];
    }
}
