package io.pathkeeper.server.wire;

import org.jspecify.annotations.Nullable;

/**
 * How clients come in.
 *
 * @param tls null: nothing is encrypted
 * @param gate lets connections in
 */
public record ClientEdge(@Nullable TlsEndpoint tls, ConnectionGate gate) {}
