package io.pathkeeper.client.internal;

import io.pathkeeper.client.Credentials;
import io.pathkeeper.client.TlsOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What the builder was told. All ranges are checked there.
 *
 * @param servers addresses, at least one
 * @param requestTimeout time limit of a call
 * @param connectTimeout how long a call goes on while every server refuses the connection
 * @param maxOutstanding operations without an answer
 * @param maxOutstandingBytes their bytes
 * @param blockWhenFull whether a call waits when too much is outstanding
 * @param preferLeader whether the pipeline moves to the leader
 * @param monotonicReads whether reads carry the last seen revision
 * @param callbackExecutor who calls callbacks; null for own threads
 * @param tls how connections are encrypted; null: not at all
 * @param credentials how the client proves who it is; null: not at all
 */
public record ClientSettings(
        List<String> servers,
        Duration requestTimeout,
        Duration connectTimeout,
        int maxOutstanding,
        long maxOutstandingBytes,
        boolean blockWhenFull,
        boolean preferLeader,
        boolean monotonicReads,
        @Nullable Executor callbackExecutor,
        @Nullable TlsOptions tls,
        @Nullable Credentials credentials) {
    private static final int DEFAULT_PORT = 7420;

    /**
     * Returns the address as {@code host:port}, with the default port when it has none.
     *
     * @throws IllegalArgumentException when it has no such form
     */
    public static String normalizeAddress(String address) {
        int colon = address.lastIndexOf(':');
        boolean bracketed = address.startsWith("[");
        if (bracketed && colon < address.indexOf(']')) {
            colon = -1;
        }
        String host = colon < 0 ? address : address.substring(0, colon);
        boolean goodHost = bracketed
                ? host.endsWith("]") && host.length() > 2
                : !host.isEmpty() && host.indexOf(':') < 0 && host.chars().noneMatch(Character::isWhitespace);
        int port = colon < 0 ? DEFAULT_PORT : parsePort(address.substring(colon + 1));
        if (!goodHost || host.indexOf('/') >= 0 || port < 1) {
            throw new IllegalArgumentException(
                    "a server is host:port with a port of 1 to 65535, for example 127.0.0.1:7420, not \"" + address
                            + "\"");
        }
        return host + ":" + port;
    }

    private static int parsePort(String text) {
        try {
            int port = Integer.parseInt(text);
            return port <= 65_535 ? port : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
