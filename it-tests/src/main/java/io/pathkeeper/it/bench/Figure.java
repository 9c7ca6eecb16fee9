package io.pathkeeper.it.bench;

/**
 * Something that a trial tells of a store.
 *
 * @param label what it is, with its unit
 * @param better which values are the better ones
 * @param decimals digits behind the point in tables
 * @param charted whether it has a chart of its own
 */
record Figure(String label, Better better, int decimals, boolean charted) {
    /** Which of two values is the better one. */
    enum Better {
        LESS,
        MORE,
        /** It is told for what it is, and not compared. */
        NEITHER
    }

    static Figure less(String label, int decimals) {
        return new Figure(label, Better.LESS, decimals, false);
    }

    static Figure more(String label, int decimals) {
        return new Figure(label, Better.MORE, decimals, false);
    }

    static Figure plain(String label, int decimals) {
        return new Figure(label, Better.NEITHER, decimals, false);
    }

    /** The same with a chart. */
    Figure withChart() {
        return new Figure(label, better, decimals, true);
    }
}
