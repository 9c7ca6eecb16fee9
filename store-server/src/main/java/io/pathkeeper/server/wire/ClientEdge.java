package io.pathkeeper.server.wire;

import org.jspecify.annotations.Nullable;

/**
 * How clients come in.
 *
 * @param tls null: nothing is encrypted
 * @param gate lets connections in
 * @param cuts counts what the server ends
 */
public record ClientEdge(@Nullable TlsEndpoint tls, ConnectionGate gate, Cuts cuts) {}
