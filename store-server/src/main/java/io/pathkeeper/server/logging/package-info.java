/**
 * What this process writes into its log, as far as it is changed while it runs.
 *
 * <p>Imports nothing of ours. Any thread.
 */
@NullMarked
package io.pathkeeper.server.logging;

import org.jspecify.annotations.NullMarked;
