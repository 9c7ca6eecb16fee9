/**
 * Meters: the names, and one small interface for each package that reports something.
 *
 * <p>Imports nothing of ours; the only package that knows Micrometer. Every label takes its values from a small closed set:
 * never a path, a client or a session. All methods may be called from any thread, do not block and do not throw.
 */
@NullMarked
package io.pathkeeper.server.metrics;

import org.jspecify.annotations.NullMarked;
