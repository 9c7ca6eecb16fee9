package io.pathkeeper.pathctl.text;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Columns of text with a heading, each as wide as its widest cell; the last column is not padded. */
public final class Table {
    private final List<String> heading;
    private final boolean[] right;
    private final List<List<String>> rows = new ArrayList<>();

    /** Makes a table; a heading that begins with {@code >} makes its column right-aligned. */
    public Table(String... heading) {
        this.heading = new ArrayList<>();
        this.right = new boolean[heading.length];
        for (int i = 0; i < heading.length; i++) {
            right[i] = heading[i].startsWith(">");
            this.heading.add(right[i] ? heading[i].substring(1) : heading[i]);
        }
    }

    /** Adds a row; control characters in a cell are made visible. */
    public void row(Object... cells) {
        if (cells.length != right.length) {
            throw new IllegalArgumentException(cells.length + " cells for " + right.length + " columns");
        }
        List<String> row = new ArrayList<>(cells.length);
        for (Object cell : cells) {
            row.add(PathText.printable(String.valueOf(cell)));
        }
        rows.add(row);
    }

    /** Returns how many rows there are. */
    public int size() {
        return rows.size();
    }

    /** Prints the heading and all rows. */
    public void print(PrintStream out) {
        int[] widths = new int[right.length];
        measure(widths, heading);
        rows.forEach(row -> measure(widths, row));
        line(out, widths, heading);
        rows.forEach(row -> line(out, widths, row));
    }

    private static void measure(int[] widths, List<String> cells) {
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(
                    widths[i], cells.get(i).codePointCount(0, cells.get(i).length()));
        }
    }

    private void line(PrintStream out, int[] widths, List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            String padding = " ".repeat(widths[i] - cell.codePointCount(0, cell.length()));
            if (right[i]) {
                line.append(padding).append(cell);
            } else {
                line.append(cell).append(i == widths.length - 1 ? "" : padding);
            }
            line.append(i == widths.length - 1 ? "" : "  ");
        }
        out.println(line);
    }
}
