/**
 * What the server's edges call: reads and writes of the store, and the ports behind which Raft does its work.
 *
 * <p>May import the core. Knows neither gRPC nor Ratis.
 */
@NullMarked
package io.pathkeeper.server.store;

import org.jspecify.annotations.NullMarked;
