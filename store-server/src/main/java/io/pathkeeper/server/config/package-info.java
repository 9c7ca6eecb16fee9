/**
 * Configuration: a tree of records that check themselves, and the loader that merges file, environment and flags.
 *
 * <p>Imports nothing of ours. Records are immutable; loading belongs to the starting thread.
 */
@NullMarked
package io.pathkeeper.server.config;

import org.jspecify.annotations.NullMarked;
