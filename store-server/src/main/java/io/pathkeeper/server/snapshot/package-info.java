/**
 * Snapshots: the whole replicated state in one file, written from a pinned state while applying goes on, and read back.
 *
 * <p>May import the core and {@code encoding}. Knows neither Ratis nor threads: each call works on its caller's thread, blocks
 * for the disk, and holds one block in memory. Files are immutable once they have their name. {@link
 * io.pathkeeper.server.snapshot.SnapshotStream} has the same bytes for others than files. The format is described in {@code
 * store-server/docs/formats.md}.
 */
@NullMarked
package io.pathkeeper.server.snapshot;

import org.jspecify.annotations.NullMarked;
