/**
 * Histories of sessions, locks and elections, as clients saw them, and whether they keep what the store promises. Every answer carries a
 * revision, which gives all events one order without any clock.
 *
 * <p>Imports nothing of ours. Histories may be recorded from any thread; what was not recorded is never held against the store.
 */
@NullMarked
package io.pathkeeper.it.history;

import org.jspecify.annotations.NullMarked;
