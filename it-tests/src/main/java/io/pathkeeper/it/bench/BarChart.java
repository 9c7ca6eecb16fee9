package io.pathkeeper.it.bench;

import java.util.List;
import java.util.Locale;

/**
 * Groups of bars with the spread of each as a line, as SVG text: a few rectangles, for which the chart libraries at hand would bring several others along.
 * Immutable.
 *
 * @param title what is shown
 * @param groups from left to right
 */
record BarChart(String title, List<Group> groups) {
    private static final List<String> COLOURS = List.of("#2a6f97", "#e09f3e", "#9e2a2b", "#6a994e");
    private static final int LEFT = 80;
    private static final int TOP = 50;
    private static final int HEIGHT = 220;
    private static final int BAR = 28;
    private static final int GAP = 40;
    private static final int LABELS = 70;
    private static final int LEGEND_ENTRY = 160;

    /** Bars side by side. */
    record Group(String label, List<Bar> bars) {}

    /**
     * A bar.
     *
     * @param name of the store
     * @param value its height
     * @param least lower end of the spread
     * @param most upper end of the spread
     */
    record Bar(String name, double value, double least, double most) {}

    /** A bar of a store: the median of a figure, and its spread. */
    static Bar bar(String name, Spread spread) {
        return new Bar(name, spread.median(), spread.least(), spread.most());
    }

    /** Returns the picture. */
    String svg() {
        double top = groups.stream()
                .flatMap(group -> group.bars().stream())
                .mapToDouble(Bar::most)
                .max()
                .orElse(0);
        List<String> names = groups.stream()
                .flatMap(group -> group.bars().stream())
                .map(Bar::name)
                .distinct()
                .toList();
        StringBuilder shapes = new StringBuilder();
        int x = LEFT + GAP / 2;
        for (Group group : groups) {
            int from = x;
            for (Bar bar : group.bars()) {
                shapes.append(shape(bar, x, top, COLOURS.get(names.indexOf(bar.name()) % COLOURS.size())));
                x += BAR;
            }
            shapes.append(text((from + x) / 2, TOP + HEIGHT + 18, "middle", group.label()));
            x += GAP;
        }
        int width = Math.max(x, LEFT + names.size() * LEGEND_ENTRY);
        for (int i = 0; i < names.size(); i++) {
            int at = LEFT + i * LEGEND_ENTRY;
            shapes.append(box(at, TOP + HEIGHT + 38, 12, 12, COLOURS.get(i % COLOURS.size())));
            shapes.append(text(at + 18, TOP + HEIGHT + 49, "start", names.get(i)));
        }
        return String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">%n",
                        width,
                        TOP + HEIGHT + LABELS)
                + box(0, 0, width, TOP + HEIGHT + LABELS, "#ffffff")
                + text(LEFT, 24, "start", title)
                + text(LEFT - 8, TOP + 4, "end", number(top))
                + text(LEFT - 8, TOP + HEIGHT, "end", "0")
                + line(LEFT, TOP + HEIGHT, width, TOP + HEIGHT)
                + shapes
                + "</svg>\n";
    }

    private static String shape(Bar bar, int x, double top, String colour) {
        double y = y(bar.value(), top);
        double middle = x + BAR / 2.0 - 2;
        return box(x, y, BAR - 4, TOP + HEIGHT - y, colour)
                + line(middle, y(bar.least(), top), middle, y(bar.most(), top));
    }

    /** Height of a value on the picture. */
    private static double y(double value, double top) {
        return TOP + HEIGHT - (top > 0 ? HEIGHT * value / top : 0);
    }

    private static String box(double x, double y, double width, double height, String colour) {
        return String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n",
                x,
                y,
                width,
                height,
                colour);
    }

    private static String line(double x1, double y1, double x2, double y2) {
        return String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#222222\"/>%n",
                x1,
                y1,
                x2,
                y2);
    }

    private static String text(int x, int y, String anchor, String words) {
        return String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>%n",
                x,
                y,
                anchor,
                words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%,.0f", value);
    }
}
