package io.pathkeeper.it.fault.cluster;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What servers to start.
 *
 * @param servers how many
 * @param command what starts a server, without its options
 * @param directory below which the run has its own
 * @param network {@code namespaces}, {@code proxy} or {@code auto}: namespaces where they are permitted
 * @param diskMegabytes size of each server's disk where disks of a size are permitted
 * @param settings further configuration of all servers
 * @param agent what all servers run with, or null
 */
public record FaultClusterOptions(
        int servers,
        List<String> command,
        Path directory,
        String network,
        int diskMegabytes,
        Map<String, String> settings,
        @Nullable ServerAgent agent) {
    /** Servers without an agent. */
    public FaultClusterOptions(
            int servers,
            List<String> command,
            Path directory,
            String network,
            int diskMegabytes,
            Map<String, String> settings) {
        this(servers, command, directory, network, diskMegabytes, settings, null);
    }

    /** The same servers with an agent. */
    public FaultClusterOptions withAgent(ServerAgent newAgent) {
        return new FaultClusterOptions(servers, command, directory, network, diskMegabytes, settings, newAgent);
    }

    /** Copies, and checks what has a range. */
    public FaultClusterOptions {
        command = List.copyOf(command);
        settings = Map.copyOf(settings);
        if (servers < 3 || servers > 7 || servers % 2 == 0) {
            throw new IllegalArgumentException("there are " + servers + " servers: 3, 5 or 7 can lose some");
        }
        if (!List.of("namespaces", "proxy", "auto").contains(network)) {
            throw new IllegalArgumentException(
                    "the network is '" + network + "': namespaces, proxy and auto are known");
        }
    }

    /** The same, and for every other seed a history so short that observers which come back find it gone. */
    public static Map<String, String> hurriedSettings(long seed) {
        Map<String, String> settings = new LinkedHashMap<>(hurriedSettings());
        if (seed % 2 != 0) {
            settings.putAll(Map.of("history.age", "3s", "history.revisions", "300", "history.bytes", "4MiB"));
        }
        return settings;
    }

    /** Small snapshots and a short log, so that snapshots are written and installed all the time; little space counts as enough, for small disks. */
    public static Map<String, String> hurriedSettings() {
        return Map.of(
                "raft.snapshot_entries", "400",
                "raft.snapshot_bytes", "4MiB",
                "raft.segment_bytes", "8MiB",
                "raft.preservation_entries", "100",
                "disk.reserve_bytes", "24MiB",
                "disk.minimum_bytes", "32MiB");
    }
}
