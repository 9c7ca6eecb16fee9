/**
 * What protects the sockets: certificates that are read again when their files change, and how many connections are let in.
 *
 * <p>Imports nothing of ours. Plain JDK: {@code rpc}, {@code raft} and {@code admin} make of it what their transports want. Handshakes ask on
 * the transports' threads and never wait; files are read on one thread of {@link io.pathkeeper.server.wire.TlsWatch}.
 */
@NullMarked
package io.pathkeeper.server.wire;

import org.jspecify.annotations.NullMarked;
