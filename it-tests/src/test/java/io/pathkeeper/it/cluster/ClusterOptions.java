package io.pathkeeper.it.cluster;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a cluster is made.
 *
 * @param clusterId its name
 * @param servers how many servers, 1 to 5
 * @param settings configuration keys that all servers get beside their addresses
 */
public record ClusterOptions(String clusterId, int servers, Map<String, String> settings) {
    /** Copies the map. */
    public ClusterOptions {
        settings = Map.copyOf(settings);
    }

    /** Three servers, everything else by default. */
    public static ClusterOptions three() {
        return new ClusterOptions("scenario", 3, Map.of());
    }

    /** Three servers that write a snapshot every 200 entries and keep next to no log behind it. */
    public static ClusterOptions threeWithFrequentSnapshots() {
        return three().with("raft.snapshot_entries", "200")
                .with("raft.preservation_entries", "0")
                .with("raft.segment_bytes", "8MiB");
    }

    /** The same with another key. */
    public ClusterOptions with(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(settings);
        more.put(key, value);
        return new ClusterOptions(clusterId, servers, more);
    }
}
