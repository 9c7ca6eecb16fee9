package io.pathkeeper.pathctl.shell;

import io.pathkeeper.pathctl.CommandFailure;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a line into words as a POSIX shell does: single quotes keep everything, double quotes keep all but {@code \"} and
 * {@code \\}, a backslash outside keeps the next character; quoted and plain pieces side by side are one word.
 */
final class Words {
    private Words() {}

    /**
     * Returns the words of a line.
     *
     * @throws CommandFailure with exit code 2 when a quote is not closed
     */
    static List<String> of(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = null;
        int i = 0;
        while (i < line.length()) {
            char c = line.charAt(i);
            if (Character.isWhitespace(c)) {
                if (word != null) {
                    words.add(word.toString());
                    word = null;
                }
                i++;
                continue;
            }
            word = word == null ? new StringBuilder() : word;
            if (c == '\'' || c == '"') {
                i = quoted(line, i, word);
            } else if (c == '\\' && i + 1 < line.length()) {
                word.append(line.charAt(i + 1));
                i += 2;
            } else {
                word.append(c);
                i++;
            }
        }
        if (word != null) {
            words.add(word.toString());
        }
        return words;
    }

    /** Appends what stands in the quotes that begin at {@code start} and returns the place behind them. */
    private static int quoted(String line, int start, StringBuilder word) {
        char quote = line.charAt(start);
        for (int i = start + 1; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == quote) {
                return i + 1;
            }
            boolean escape = c == '\\' && quote == '"' && i + 1 < line.length();
            if (escape && (line.charAt(i + 1) == '"' || line.charAt(i + 1) == '\\')) {
                i++;
            }
            word.append(line.charAt(i));
        }
        throw CommandFailure.usage("the quote " + quote + " at column " + (start + 1) + " is not closed");
    }
}
