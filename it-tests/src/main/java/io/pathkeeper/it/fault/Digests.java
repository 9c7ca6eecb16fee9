package io.pathkeeper.it.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What servers said of their states: at one revision all must have the same. Used by one thread. */
final class Digests {
    private final Map<Long, Map<String, Long>> byRevision = new TreeMap<>();

    void seen(String server, long revision, long digest) {
        byRevision.computeIfAbsent(revision, none -> new TreeMap<>()).put(server, digest);
    }

    /** A sentence for each revision at which servers differ. */
    List<String> differences() {
        List<String> differences = new ArrayList<>();
        byRevision.forEach((revision, digests) -> {
            if (digests.values().stream().distinct().count() > 1) {
                Map<String, String> shown = new TreeMap<>();
                digests.forEach((server, digest) -> shown.put(server, Long.toHexString(digest)));
                differences.add("the servers differ at revision " + revision + ": " + shown);
            }
        });
        return differences;
    }
}
