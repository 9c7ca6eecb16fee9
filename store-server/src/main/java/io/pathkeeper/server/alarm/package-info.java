/**
 * What an operator has to look at on this server though it works: raised and cleared by whoever finds it, kept in one place, shown wherever the
 * server tells of itself.
 *
 * <p>Imports nothing of ours. Any thread.
 */
@NullMarked
package io.pathkeeper.server.alarm;

import org.jspecify.annotations.NullMarked;
