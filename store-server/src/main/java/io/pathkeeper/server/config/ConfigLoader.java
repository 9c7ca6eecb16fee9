package io.pathkeeper.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/**
 * Merges defaults, a YAML file, environment variables and flags; the later go before the earlier, key by key.
 *
 * <p>Use: {@link #file}, {@link #environment}, {@link #set} in any order, then {@link #load}. Every method throws
 * {@link ConfigException}. Not for several threads.
 */
public final class ConfigLoader {
    private static final int MAX_FILE_BYTES = 1 << 20;
    private static final String PREFIX = "PATHKEEPER_";
    /** Variables that container platforms set by themselves for a service of the same name. */
    private static final Pattern FOREIGN =
            Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_\\d+_(TCP|UDP).*)?)");

    private record Setting(String value, String source) {}

    private final Map<String, ConfigKey> keys =
            ConfigKeys.all().stream().collect(Collectors.toMap(ConfigKey::name, k -> k));
    private final Map<String, Setting> fromFile = new LinkedHashMap<>();
    private final Map<String, Setting> fromEnvironment = new LinkedHashMap<>();
    private final Map<String, Setting> fromFlags = new LinkedHashMap<>();

    /** Reads a YAML file of at most 1 MiB: a map of maps, {@code raft: {listen: ...}} or {@code raft.listen: ...}. */
    public ConfigLoader file(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) {
                throw new ConfigException("configuration file " + file + " is larger than 1MiB");
            }
            LoadSettings settings = LoadSettings.builder()
                    .setSchema(new FailsafeSchema()) // every scalar is text here: the keys know what they are
                    .setTagConstructors(Map.of(Tag.NULL, node -> ""))
                    .setLabel(file.toString())
                    .setMaxAliasesForCollections(0)
                    .build();
            String text = new String(bytes, StandardCharsets.UTF_8);
            for (Object document : new Load(settings).loadAllFromString(text)) {
                flatten("", document, file);
            }
            return this;
        } catch (IOException e) {
            throw new ConfigException("configuration file " + file + " cannot be read: " + reason(e));
        } catch (YamlEngineException e) {
            throw new ConfigException("configuration file " + file + " is no valid YAML: " + oneLine(e));
        }
    }

    /** Takes the variables that name keys; others that begin with {@code PATHKEEPER_} and a known section are refused. */
    public ConfigLoader environment(Map<String, String> environment) {
        Map<String, ConfigKey> byVariable =
                keys.values().stream().collect(Collectors.toMap(ConfigKey::environmentName, k -> k));
        Set<String> sections = byVariable.keySet().stream()
                .map(v -> v.substring(0, v.indexOf('_', PREFIX.length()) + 1))
                .collect(Collectors.toSet());
        new TreeMap<>(environment).forEach((variable, value) -> {
            ConfigKey key = byVariable.get(variable);
            if (key != null) {
                fromEnvironment.put(key.name(), new Setting(value, "environment variable " + variable));
            } else if (sections.stream().anyMatch(variable::startsWith)
                    && !FOREIGN.matcher(variable).matches()) {
                throw new ConfigException(
                        "unknown environment variable " + variable + Nearest.hint(variable, byVariable.keySet()));
            }
        });
        return this;
    }

    /** Sets one key from a flag; the source is what the message calls it, for example {@code --data}. */
    public ConfigLoader set(String key, String value, String source) {
        known(key, source);
        fromFlags.put(key, new Setting(value, source));
        return this;
    }

    /** Everything together, checked. */
    public ServerConfig load() {
        Map<String, Setting> merged = new LinkedHashMap<>();
        for (ConfigKey key : ConfigKeys.all()) {
            merged.put(key.name(), new Setting(key.fallback(), "default"));
        }
        merged.putAll(fromFile);
        merged.putAll(fromEnvironment);
        merged.putAll(fromFlags);
        return new Reader(merged).read();
    }

    private void known(String key, String source) {
        if (!keys.containsKey(key)) {
            throw new ConfigException("unknown key '" + key + "' (" + source + ")" + Nearest.hint(key, keys.keySet()));
        }
    }

    private void flatten(String prefix, Object node, Path file) {
        if (!(node instanceof Map<?, ?> map)) {
            throw new ConfigException("configuration file " + file + ": "
                    + (prefix.isEmpty() ? "the whole file" : "'" + prefix + "'") + " must be a map of keys");
        }
        map.forEach((name, value) -> {
            String key = prefix.isEmpty() ? String.valueOf(name) : prefix + "." + name;
            boolean section = keys.keySet().stream().anyMatch(k -> k.startsWith(key + "."));
            if (section && value instanceof Map) {
                flatten(key, value, file);
            } else if (section && (value == null || "".equals(value))) {
                return; // a section without keys
            } else {
                String source = "file " + file;
                known(key, source);
                if (fromFile.put(key, new Setting(scalar(key, value, source), source)) != null) {
                    throw new ConfigException("key '" + key + "' stands twice (" + source + ")");
                }
            }
        });
    }

    private static String scalar(String key, Object value, String source) {
        if (value instanceof List<?> list && key.equals(ConfigKeys.CLUSTER_MEMBERS.name())) {
            return list.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
        if (value instanceof String text) {
            return text;
        }
        throw new ConfigException("key '" + key + "' needs a single value (" + source + ")");
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.NoSuchFileException
                ? "no such file"
                : e instanceof java.nio.file.AccessDeniedException ? "access denied" : oneLine(e);
    }

    private static String oneLine(Exception e) {
        return String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", "; ");
    }

    /** Turns the merged texts into records. */
    private static final class Reader {
        private final Map<String, Setting> settings;

        Reader(Map<String, Setting> settings) {
            this.settings = settings;
        }

        ServerConfig read() {
            return new ServerConfig(
                    new ServerConfig.Cluster(
                            text(ConfigKeys.CLUSTER_ID),
                            text(ConfigKeys.MEMBER_ID),
                            members(),
                            on(ConfigKeys.CLUSTER_JOIN)),
                    new ServerConfig.Data(
                            file(ConfigKeys.DATA_DIR),
                            number(ConfigKeys.DISK_RESERVE),
                            number(ConfigKeys.DISK_MINIMUM),
                            time(ConfigKeys.DISK_SLOW)),
                    new ServerConfig.Client(
                            address(ConfigKeys.CLIENT_LISTEN),
                            Optional.of(text(ConfigKeys.CLIENT_ADVERTISE))
                                    .filter(a -> !a.isEmpty())
                                    .map(Address::parse),
                            time(ConfigKeys.CLIENT_DEADLINE),
                            on(ConfigKeys.CLIENT_REFLECTION),
                            time(ConfigKeys.CLIENT_MAX_AGE),
                            time(ConfigKeys.CLIENT_AGE_GRACE),
                            time(ConfigKeys.CLIENT_MAX_IDLE)),
                    raft(),
                    new ServerConfig.Http(
                            address(ConfigKeys.HTTP_LISTEN),
                            count(ConfigKeys.HTTP_CONNECTIONS),
                            count(ConfigKeys.HTTP_PER_ADDRESS)),
                    security(),
                    limits(),
                    new ServerConfig.History(
                            time(ConfigKeys.HISTORY_AGE),
                            count(ConfigKeys.HISTORY_REVISIONS),
                            number(ConfigKeys.HISTORY_BYTES)),
                    new ServerConfig.Log(
                            text(ConfigKeys.LOG_LEVEL), text(ConfigKeys.LOG_FORMAT), time(ConfigKeys.LOG_SLOW_REQUEST)),
                    new ServerConfig.Tracing(text(ConfigKeys.TRACING_ENDPOINT), count(ConfigKeys.TRACING_PER_MILLION)),
                    auth(),
                    new ServerConfig.Audit(
                            path(ConfigKeys.AUDIT_FILE).orElse(null),
                            on(ConfigKeys.AUDIT_WRITES),
                            number(ConfigKeys.AUDIT_FILE_BYTES),
                            count(ConfigKeys.AUDIT_FILES)));
        }

        private ServerConfig.Auth auth() {
            return new ServerConfig.Auth(
                    on(ConfigKeys.AUTH_ENABLED),
                    path(ConfigKeys.AUTH_ROOT_TOKEN).orElse(null),
                    time(ConfigKeys.AUTH_TOKEN_LIFE),
                    count(ConfigKeys.AUTH_PASSWORD_ITERATIONS),
                    text(ConfigKeys.AUTH_CERTIFICATE),
                    path(ConfigKeys.AUTH_JWKS).orElse(null),
                    text(ConfigKeys.AUTH_JWT_ISSUER),
                    text(ConfigKeys.AUTH_JWT_AUDIENCE),
                    text(ConfigKeys.AUTH_JWT_GROUPS));
        }

        private ServerConfig.Raft raft() {
            return new ServerConfig.Raft(
                    address(ConfigKeys.RAFT_LISTEN),
                    time(ConfigKeys.RAFT_ELECTION_MIN),
                    time(ConfigKeys.RAFT_ELECTION_MAX),
                    count(ConfigKeys.RAFT_SNAPSHOT_ENTRIES),
                    number(ConfigKeys.RAFT_SNAPSHOT_BYTES),
                    number(ConfigKeys.RAFT_SEGMENT_BYTES),
                    count(ConfigKeys.RAFT_PRESERVATION),
                    count(ConfigKeys.RAFT_IN_FLIGHT),
                    count(ConfigKeys.RAFT_BATCH_COMMANDS),
                    count(ConfigKeys.RAFT_BATCH_BYTES));
        }

        private ServerConfig.Limits limits() {
            return new ServerConfig.Limits(
                    count(ConfigKeys.LIMITS_VALUE),
                    count(ConfigKeys.LIMITS_REQUEST),
                    count(ConfigKeys.LIMITS_ZNODES),
                    number(ConfigKeys.LIMITS_DATA_BYTES),
                    count(ConfigKeys.LIMITS_WRITES),
                    number(ConfigKeys.LIMITS_QUEUED),
                    count(ConfigKeys.LIMITS_STREAMS),
                    count(ConfigKeys.LIMITS_OBSERVATIONS),
                    count(ConfigKeys.LIMITS_PIPELINE_OPERATIONS),
                    count(ConfigKeys.LIMITS_PIPELINE_BYTES),
                    count(ConfigKeys.LIMITS_PINS),
                    count(ConfigKeys.LIMITS_SCANS),
                    count(ConfigKeys.LIMITS_WAITING_CALLS),
                    count(ConfigKeys.LIMITS_CONNECTIONS),
                    count(ConfigKeys.LIMITS_PER_ADDRESS),
                    time(ConfigKeys.LIMITS_HANDSHAKE),
                    count(ConfigKeys.LIMITS_HEADERS),
                    new ServerConfig.Rate(count(ConfigKeys.LIMITS_RATE), count(ConfigKeys.LIMITS_BURST)));
        }

        private ServerConfig.Security security() {
            return new ServerConfig.Security(
                    tls(ConfigKeys.CLIENT_TLS_CERTIFICATE, ConfigKeys.CLIENT_TLS_KEY, ConfigKeys.CLIENT_TLS_CA),
                    tls(ConfigKeys.RAFT_TLS_CERTIFICATE, ConfigKeys.RAFT_TLS_KEY, ConfigKeys.RAFT_TLS_CA),
                    text(ConfigKeys.CLIENT_TLS_AUTH),
                    text(ConfigKeys.HTTP_CLIENT_AUTH),
                    text(ConfigKeys.CLIENT_TLS_MIN),
                    on(ConfigKeys.SECURITY_INSECURE),
                    time(ConfigKeys.SECURITY_POLL));
        }

        /** One of them alone would look like protection and be none. */
        private Optional<ServerConfig.TlsPaths> tls(ConfigKey certificate, ConfigKey key, ConfigKey authorities) {
            Optional<Path> own = path(certificate);
            Optional<Path> secret = path(key);
            Optional<Path> trusted = path(authorities);
            if (own.isEmpty() && secret.isEmpty() && trusted.isEmpty()) {
                return Optional.empty();
            }
            if (own.isEmpty() || secret.isEmpty()) {
                throw new ConfigException((own.isEmpty() ? certificate : key).name() + " is empty: "
                        + certificate.name() + " and " + key.name() + " are needed together, also with "
                        + authorities.name());
            }
            return Optional.of(new ServerConfig.TlsPaths(own.get(), secret.get(), trusted));
        }

        private Optional<Path> path(ConfigKey key) {
            return text(key).isEmpty() ? Optional.empty() : Optional.of(file(key));
        }

        private interface Read<T> {
            T read(String text);
        }

        private <T> T value(ConfigKey key, Read<T> read) {
            Setting setting = settings.getOrDefault(key.name(), new Setting(key.fallback(), "default"));
            try {
                return read.read(setting.value);
            } catch (ConfigException e) {
                throw new ConfigException(e.getMessage() + " (" + setting.source + ")");
            }
        }

        private String text(ConfigKey key) {
            return value(key, text -> key.check(text.strip()));
        }

        private Address address(ConfigKey key) {
            return Address.parse(text(key));
        }

        private Path file(ConfigKey key) {
            return value(key, text -> {
                try {
                    return Path.of(key.check(text));
                } catch (java.nio.file.InvalidPathException e) {
                    throw key.refused(text);
                }
            });
        }

        private List<MemberAddress> members() {
            return value(
                    ConfigKeys.CLUSTER_MEMBERS,
                    text -> MemberAddress.parseList(ConfigKeys.CLUSTER_MEMBERS.check(text)));
        }

        private Duration time(ConfigKey key) {
            return Duration.ofMillis(number(key));
        }

        private boolean on(ConfigKey key) {
            return value(key, text -> key.toggle(text.strip()));
        }

        private long number(ConfigKey key) {
            return value(key, text -> key.number(text.strip()));
        }

        private int count(ConfigKey key) {
            return Math.toIntExact(number(key));
        }
    }
}
