package io.pathkeeper.pathctl;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.pathctl.text.PathText;
import io.pathkeeper.pathctl.text.Units;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command works with: streams, options, environment, the working path of the shell, and the connection to the store,
 * which is opened when it is first needed.
 *
 * <p>Life: one for a process; the shell uses it for all its lines. Belongs to the main thread.
 */
public final class CommandContext implements AutoCloseable {
    /** How long a call may take when {@code --timeout} does not say. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    /** The same for import and export, which live through a change of the leader. */
    public static final Duration TRANSFER_TIMEOUT = Duration.ofSeconds(60);

    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);

    private final Streams streams;
    private final Map<String, String> environment;
    private final Connector connector;
    private GlobalOptions options = new GlobalOptions();
    private String workingPath = "/";
    private boolean interactive;
    private PasswordPrompt prompt = PasswordPrompt.ofProcess();
    private String typedFor = "";
    private String typed = "";
    private @Nullable PathkeeperClient client;
    private @Nullable Target connection;
    private @Nullable EarlyConnection early;

    /** Makes connections. */
    @FunctionalInterface
    public interface Connector {
        /** Returns a connection; {@link IllegalArgumentException} when an address, the time limit or a file is bad. */
        PathkeeperClient connect(Target target);
    }

    /** Makes a context that has no connection yet. */
    public CommandContext(Streams streams, Map<String, String> environment) {
        this(streams, environment, Target::connect);
    }

    /** Makes a context whose connections {@code connector} makes. */
    public CommandContext(Streams streams, Map<String, String> environment, Connector connector) {
        this.connector = connector;
        this.streams = streams;
        this.environment = Map.copyOf(environment);
    }

    /** Returns where to read and write. */
    public Streams streams() {
        return streams;
    }

    /** Returns the variable of the environment, or null. */
    public @Nullable String environment(String name) {
        return environment.get(name);
    }

    /** Returns the options of the command that runs. */
    public GlobalOptions options() {
        return options;
    }

    /** Makes room for the options of the next line of the shell, which begins with those of the process. */
    public void nextOptions(GlobalOptions defaults) {
        GlobalOptions next = new GlobalOptions();
        next.servers = defaults.servers;
        next.tlsCa = defaults.tlsCa;
        next.tlsCert = defaults.tlsCert;
        next.tlsKey = defaults.tlsKey;
        next.tokenFile = defaults.tokenFile;
        next.user = defaults.user;
        next.passwordFile = defaults.passwordFile;
        next.namespace = defaults.namespace;
        next.output = defaults.output;
        next.timeout = defaults.timeout;
        next.verbose = defaults.verbose;
        options = next;
    }

    /** Returns the working path, {@code /} outside the shell. */
    public String workingPath() {
        return workingPath;
    }

    /** Sets the working path to an absolute path. */
    public void workingPath(String path) {
        workingPath = path;
    }

    /** Returns whether a shell runs the commands; they then leave standard input alone. */
    public boolean interactive() {
        return interactive;
    }

    /** Says that a shell runs the commands from now on. */
    public void startInteractive() {
        interactive = true;
    }

    /** Returns the absolute path that an argument means; outside the shell it must be absolute. */
    public String path(String text) {
        if (!interactive && !text.startsWith("/")) {
            throw CommandFailure.usage("'" + text + "' is no absolute path; it must begin with /");
        }
        return PathText.resolve(workingPath, text);
    }

    /** Returns the servers to try, comma-separated, as they were given. */
    public String servers() {
        return Target.servers(options, environment);
    }

    private Target target(Duration timeout) {
        Target target = Target.of(options, environment, timeout);
        return target.login().wantsPassword()
                ? target.withPassword(typedPassword(target.login().user()))
                : target;
    }

    /** Asks for the password of a user at the terminal, once for as long as the user stays the same. */
    private String typedPassword(String user) {
        if (!user.equals(typedFor)) {
            typed = prompt.password("Password of " + user + ": ", "name a file with --password-file");
            typedFor = user;
        }
        return typed;
    }

    /** Returns who signs in with a password, as options and environment say; empty when nobody does. */
    public String user() {
        return target(DEFAULT_TIMEOUT).login().user();
    }

    /** Returns the password of {@link #user()}. */
    public String password() {
        return target(DEFAULT_TIMEOUT).login().password();
    }

    /** Returns what asks for passwords at the terminal. */
    public PasswordPrompt prompt() {
        return prompt;
    }

    /** Has passwords asked for elsewhere. */
    void promptWith(PasswordPrompt other) {
        prompt = other;
    }

    /** Begins to connect on another thread, if the arguments of the process let expect that a connection will be wanted. */
    void connectEarly(String... args) {
        early = EarlyConnection.begin(connector, environment, args);
    }

    /** Returns the time limit of a call: {@code --timeout}, or else {@code standard}. */
    public Duration timeout(Duration standard) {
        Duration given = options.timeout(environment);
        if (given != null && given.compareTo(MAX_TIMEOUT) > 0) {
            throw CommandFailure.usage("--timeout is " + Units.span(given) + "; allowed are 1ms to 5m");
        }
        return given == null ? standard : given;
    }

    /** Returns the connection with the usual time limit, opened if need be. Does not wait for a server. */
    public PathkeeperClient client() {
        return client(DEFAULT_TIMEOUT);
    }

    /** Returns the connection with {@code standard} as the time limit where {@code --timeout} does not say. */
    public PathkeeperClient client(Duration standard) {
        Target wanted = target(timeout(standard));
        PathkeeperClient open = client;
        if (open != null && wanted.equals(connection)) {
            return open;
        }
        close();
        PathkeeperClient begun = early == null ? null : early.take(wanted);
        early = null;
        open = begun != null ? begun : connector.connect(wanted);
        client = open;
        connection = wanted;
        return open;
    }

    /** Returns a connection of its own, which the caller closes. */
    public PathkeeperClient newClient() {
        return connector.connect(target(timeout(DEFAULT_TIMEOUT)));
    }

    @Override
    public void close() {
        PathkeeperClient open = client;
        client = null;
        if (open != null) {
            open.close();
        }
    }
}
