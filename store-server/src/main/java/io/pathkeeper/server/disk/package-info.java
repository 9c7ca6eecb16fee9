/**
 * The space of the disk that this server writes to: how much is left, a reserve that is given up before the log runs out of it, and what follows from
 * that for the server.
 *
 * <p>Imports nothing of ours. A thread of its own looks; whoever is about to write may have it looked at once more.
 */
@NullMarked
package io.pathkeeper.server.disk;

import org.jspecify.annotations.NullMarked;
