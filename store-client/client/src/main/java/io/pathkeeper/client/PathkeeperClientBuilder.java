package io.pathkeeper.client;

import io.pathkeeper.client.internal.ClientSettings;
import io.pathkeeper.client.internal.DefaultClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Builds a {@link PathkeeperClient}. Not safe to share between threads. */
public final class PathkeeperClientBuilder {
    private List<String> servers = List.of();
    private Duration requestTimeout = Duration.ofSeconds(10);
    private @Nullable Duration connectTimeout;
    private int maxOutstanding = 4_096;
    private long maxOutstandingBytes = 64L << 20;
    private boolean blockWhenFull;
    private boolean preferLeader = true;
    private boolean monotonicReads = true;
    private @Nullable Executor callbackExecutor;
    private @Nullable TlsOptions tls;
    private @Nullable Credentials credentials;

    PathkeeperClientBuilder() {}

    /**
     * Sets the servers to begin with; one is enough when it answers, the others are learned.
     *
     * @param servers {@code host:port}, or {@code [ipv6]:port}; each may also be a list with commas; without a port it is 7420
     * @throws IllegalArgumentException when there is none, or one has no such form
     */
    public PathkeeperClientBuilder servers(String... servers) {
        LinkedHashSet<String> addresses = new LinkedHashSet<>();
        for (String entry : servers) {
            for (String address : entry.split(",", -1)) {
                addresses.add(ClientSettings.normalizeAddress(address.strip()));
            }
        }
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("give at least one server, for example 127.0.0.1:7420");
        }
        this.servers = new ArrayList<>(addresses);
        return this;
    }

    /**
     * Sets how long a call may take, retries included: 1 ms to 5 minutes, 10 s by default.
     *
     * @throws IllegalArgumentException when it is out of range
     */
    public PathkeeperClientBuilder requestTimeout(Duration requestTimeout) {
        if (requestTimeout.compareTo(Duration.ofMillis(1)) < 0 || requestTimeout.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException("requestTimeout must be 1 ms to 5 minutes, not " + requestTimeout);
        }
        this.requestTimeout = requestTimeout;
        return this;
    }

    /**
     * Sets how long a call goes on while every server refuses the connection: 1 ms to 5 minutes, as long as the request timeout by default, so
     * that a restart is not noticed. A call that has waited for so long, while every server has refused for so long, fails with {@link
     * io.pathkeeper.client.error.UnavailableException} ({@code CONNECTION_LOST}), which names the servers. Servers that answer, but have no leader,
     * and those that do not answer at all, are waited for as ever. Observations and waits for locks go on for ever.
     *
     * @throws IllegalArgumentException when it is out of range
     */
    public PathkeeperClientBuilder connectTimeout(Duration connectTimeout) {
        if (connectTimeout.compareTo(Duration.ofMillis(1)) < 0 || connectTimeout.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException("connectTimeout must be 1 ms to 5 minutes, not " + connectTimeout);
        }
        this.connectTimeout = connectTimeout;
        return this;
    }

    /**
     * Sets how many reads and writes may be without an answer: 1 to 1,000,000, 4,096 by default. What goes beyond fails with {@link
     * io.pathkeeper.client.error.OverloadedException}, or waits, see {@link #blockWhenFull(boolean)}.
     *
     * @throws IllegalArgumentException when it is out of range
     */
    public PathkeeperClientBuilder maxOutstanding(int maxOutstanding) {
        if (maxOutstanding < 1 || maxOutstanding > 1_000_000) {
            throw new IllegalArgumentException("maxOutstanding must be 1 to 1,000,000, not " + maxOutstanding);
        }
        this.maxOutstanding = maxOutstanding;
        return this;
    }

    /**
     * Sets how many bytes all reads and writes without an answer may have: 4 MiB to 4 GiB, 64 MiB by default.
     *
     * @throws IllegalArgumentException when it is out of range
     */
    public PathkeeperClientBuilder maxOutstandingBytes(long maxOutstandingBytes) {
        if (maxOutstandingBytes < 4L << 20 || maxOutstandingBytes > 4L << 30) {
            throw new IllegalArgumentException(
                    "maxOutstandingBytes must be 4 MiB to 4 GiB, not " + maxOutstandingBytes);
        }
        this.maxOutstandingBytes = maxOutstandingBytes;
        return this;
    }

    /** Lets a call wait, up to its time limit, when too much is outstanding, instead of failing at once. Off by default. */
    public PathkeeperClientBuilder blockWhenFull(boolean blockWhenFull) {
        this.blockWhenFull = blockWhenFull;
        return this;
    }

    /** Moves to the leader when another server answers, which saves a step for each call. On by default. */
    public PathkeeperClientBuilder preferLeader(boolean preferLeader) {
        this.preferLeader = preferLeader;
        return this;
    }

    /** Sends the newest seen revision with reads that are not linearizable, so that they never go back in time. On by default. */
    public PathkeeperClientBuilder monotonicReads(boolean monotonicReads) {
        this.monotonicReads = monotonicReads;
        return this;
    }

    /** Sets who calls callbacks, listeners and subscribers; daemon threads of the client by default. It is not shut down. */
    public PathkeeperClientBuilder callbackExecutor(Executor callbackExecutor) {
        this.callbackExecutor = callbackExecutor;
        return this;
    }

    /** Encrypts the connections and checks who the servers are. Without it nothing is encrypted. */
    public PathkeeperClientBuilder tls(TlsOptions tls) {
        this.tls = tls;
        return this;
    }

    /** Proves who the client is with every call. Without TLS a credential can be read on the way. */
    public PathkeeperClientBuilder credentials(Credentials credentials) {
        this.credentials = credentials;
        return this;
    }

    /**
     * Makes the client. Does not wait for a connection: servers that cannot be reached show in the calls.
     *
     * @throws IllegalArgumentException when no server was set, or the files for TLS cannot be used
     */
    public PathkeeperClient build() {
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("give at least one server, for example servers(\"127.0.0.1:7420\")");
        }
        return new DefaultClient(new ClientSettings(
                List.copyOf(servers),
                requestTimeout,
                connectTimeout == null ? requestTimeout : connectTimeout,
                maxOutstanding,
                maxOutstandingBytes,
                blockWhenFull,
                preferLeader,
                monotonicReads,
                callbackExecutor,
                tls,
                credentials));
    }
}
