package io.pathkeeper.server;

import io.pathkeeper.server.config.ConfigLoader;
import io.pathkeeper.server.config.ServerConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that settings come from, beside a file and the environment. */
final class ServerOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "YAML file with settings.")
    private @Nullable Path config;

    @Option(names = "--data", paramLabel = "DIR", description = "Directory of everything that is kept (data.dir).")
    private @Nullable String data;

    @Option(names = "--member-id", paramLabel = "ID", description = "Name of this server (member.id).")
    private @Nullable String memberId;

    @Option(names = "--cluster-id", paramLabel = "ID", description = "Name of the cluster (cluster.id).")
    private @Nullable String clusterId;

    @Option(
            names = "--members",
            paramLabel = "LIST",
            description =
                    "All servers, ID=HOST:RAFTPORT/HOST:CLIENTPORT,... (cluster.members); without it this one alone.")
    private @Nullable String members;

    @Option(
            names = "--join",
            description =
                    "Waits to be added to a cluster that exists, with pathctl member add, instead of beginning one (cluster.join).")
    private boolean join;

    @Option(names = "--client-listen", paramLabel = "HOST:PORT", description = "Address for clients (client.listen).")
    private @Nullable String clientListen;

    @Option(names = "--raft-listen", paramLabel = "HOST:PORT", description = "Address for servers (raft.listen).")
    private @Nullable String raftListen;

    @Option(
            names = "--http-listen",
            paramLabel = "HOST:PORT",
            description = "Address of metrics and health (http.listen).")
    private @Nullable String httpListen;

    @Option(
            names = "--insecure",
            description =
                    "Listens beyond loopback although it is not protected (security.allow_insecure). Not for networks you do not trust.")
    private boolean insecure;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Any setting; see --print-config.")
    private Map<String, String> settings = new LinkedHashMap<>();

    /** The settings of all sources. Throws {@link io.pathkeeper.server.config.ConfigException}. */
    ServerConfig load() {
        ConfigLoader loader = new ConfigLoader();
        if (config != null) {
            loader.file(config);
        }
        loader.environment(System.getenv());
        settings.forEach((key, value) -> loader.set(key, value, "--set"));
        set(loader, "data.dir", data, "--data");
        set(loader, "member.id", memberId, "--member-id");
        set(loader, "cluster.id", clusterId, "--cluster-id");
        set(loader, "cluster.members", members, "--members");
        set(loader, "cluster.join", join ? "true" : null, "--join");
        set(loader, "client.listen", clientListen, "--client-listen");
        set(loader, "raft.listen", raftListen, "--raft-listen");
        set(loader, "http.listen", httpListen, "--http-listen");
        set(loader, "security.allow_insecure", insecure ? "true" : null, "--insecure");
        return loader.load();
    }

    private static void set(ConfigLoader loader, String key, @Nullable String value, String flag) {
        if (value != null) {
            loader.set(key, value, flag);
        }
    }
}
