package io.pathkeeper.it.fault;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What servers said of their states: at one revision all must have the same, and each always the same. Used by one thread. */
final class Digests {
    private final Map<Long, Map<String, Long>> byRevision = new TreeMap<>();
    private final Set<Long> told = new HashSet<>();

    void seen(String server, long revision, long digest) {
        Map<String, Long> digests = byRevision.computeIfAbsent(revision, none -> new TreeMap<>());
        Long before = digests.putIfAbsent(server, digest);
        if (before != null && before != digest) {
            digests.put(server + " later", digest);
        }
    }

    /** A sentence for each revision at which servers differ; each revision once. */
    List<String> differences() {
        List<String> differences = new ArrayList<>();
        byRevision.forEach((revision, digests) -> {
            if (digests.values().stream().distinct().count() > 1 && told.add(revision)) {
                Map<String, String> shown = new TreeMap<>();
                digests.forEach((server, digest) -> shown.put(server, Long.toHexString(digest)));
                differences.add("the servers differ at revision " + revision + ": " + shown);
            }
        });
        return differences;
    }

    /** Revisions at which two servers or more were seen. */
    int compared() {
        return (int) byRevision.values().stream()
                .filter(digests -> digests.size() > 1)
                .count();
    }
}
