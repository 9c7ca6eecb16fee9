package io.pathkeeper.server.config;

import java.util.Collection;

/** Finds the known word that a misspelt one was probably meant to be. */
final class Nearest {
    private Nearest() {}

    /** {@code ": did you mean 'x'?"}, or a way to learn the known words when none is near. */
    static String hint(String word, Collection<String> known) {
        String best = "";
        int least = Integer.MAX_VALUE;
        for (String candidate : known) {
            int distance = distance(word, candidate);
            if (distance < least || distance == least && candidate.compareTo(best) < 0) {
                least = distance;
                best = candidate;
            }
        }
        return least <= Math.max(2, word.length() / 4)
                ? ": did you mean '" + best + "'?"
                : ": --print-config lists all keys";
    }

    /** Levenshtein's distance. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitution, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
