package io.pathkeeper.it.bench;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.SubtreeIterator;
import io.pathkeeper.client.model.ListOptions;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads all znodes of a load through the Java client, page by page, and tells how long that took. Used by one thread. */
final class PathkeeperReads {
    private static final int PAGE_SIZE = 1_000;

    private final PathkeeperClient client;
    private final Znodes znodes;

    PathkeeperReads(PathkeeperClient client, Znodes znodes) {
        this.client = client;
        this.znodes = znodes;
    }

    /**
     * Reads them.
     *
     * @throws IllegalStateException when there are more or fewer than were loaded
     */
    Map<Figure, Double> run() {
        Map<Figure, Double> figures = new LinkedHashMap<>();
        long started = System.nanoTime();
        long listed = list();
        figures.put(ScaleTrial.LIST, (System.nanoTime() - started) / 1e9);
        check("listed", listed, znodes.count());
        started = System.nanoTime();
        long scanned = scan();
        figures.put(ScaleTrial.SCAN, (System.nanoTime() - started) / 1e9);
        check("scanned", scanned, 1L + znodes.parentCount() + znodes.count());
        return figures;
    }

    private long list() {
        long count = 0;
        for (int i = 0; i < znodes.parentCount(); i++) {
            for (var child : client.store()
                    .allChildren(Znodes.parent(i), ListOptions.defaults().pageSize(PAGE_SIZE))) {
                count += child.name().isEmpty() ? 0 : 1;
            }
        }
        return count;
    }

    private long scan() {
        long count = 0;
        try (SubtreeIterator scan = client.store().scanSubtree(Znodes.ROOT)) {
            while (scan.hasNext()) {
                scan.next();
                count++;
            }
        }
        return count;
    }

    private static void check(String what, long count, long expected) {
        if (count != expected) {
            throw new IllegalStateException(what + " " + count + " znodes instead of " + expected);
        }
    }
}
