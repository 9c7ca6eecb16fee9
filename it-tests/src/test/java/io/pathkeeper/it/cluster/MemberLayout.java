package io.pathkeeper.it.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where a server keeps its data and listens, and the configuration that it is started with. */
record MemberLayout(String id, Path data, int clientPort, int raftPort, int httpPort) {
    private static final String HOST = "127.0.0.1:";

    String clientAddress() {
        return HOST + clientPort;
    }

    String raftAddress() {
        return HOST + raftPort;
    }

    String httpAddress() {
        return HOST + httpPort;
    }

    /** All of {@code cluster.members}. */
    static String members(List<MemberLayout> layouts) {
        List<String> entries = new ArrayList<>();
        for (MemberLayout layout : layouts) {
            entries.add(layout.id() + "=" + layout.raftAddress() + "/" + layout.clientAddress());
        }
        return String.join(",", entries);
    }

    /** Configuration keys and values of this server in that cluster. */
    Map<String, String> configuration(List<MemberLayout> layouts, ClusterOptions options) {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("data.dir", data.toString());
        keys.put("member.id", id);
        keys.put("cluster.id", options.clusterId());
        keys.put("cluster.members", members(layouts));
        keys.put("client.listen", clientAddress());
        keys.put("raft.listen", raftAddress());
        keys.put("http.listen", httpAddress());
        keys.putAll(options.settings());
        return keys;
    }
}
