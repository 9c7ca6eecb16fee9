/**
 * What programs build from sessions, locks, elections, writes and observations, ready made: locks, semaphores, leaders, barriers, queues, counters,
 * groups, caches, services. Each class says what it promises and what it cannot.
 *
 * <p>Uses the public packages of the library only. Everything is safe to use from any thread. Methods that wait are refused on the callback
 * threads of the client; listeners are called by one callback thread at a time. What is started is closed; closing does not close the client
 * or a session that was given.
 */
@NullMarked
package io.pathkeeper.client.recipe;

import org.jspecify.annotations.NullMarked;
