/**
 * A whole cluster in memory at the wire, for tests of sessions, locks, elections and recipes: a tree with all kinds of znodes, conditions,
 * patches, guards, observations, sessions that end when the test says so, locks and elections with their queues. One lock guards it all.
 */
@NullMarked
package io.pathkeeper.client.memory;

import org.jspecify.annotations.NullMarked;
