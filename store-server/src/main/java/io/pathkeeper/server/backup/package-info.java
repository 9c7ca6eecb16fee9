/**
 * Backups: a snapshot of the whole state with a head that tells what it is and an end that tells that it is complete. Written for a stream, read from a
 * file, which is checked before anything of it is used.
 *
 * <p>May import the core, {@code encoding} and {@code snapshot}. Knows neither Ratis nor gRPC nor threads: each call works on its caller's thread and
 * holds one block in memory. The format is described in {@code store-server/docs/formats.md}.
 */
@NullMarked
package io.pathkeeper.server.backup;

import org.jspecify.annotations.NullMarked;
