/**
 * Pathkeeper servers in containers, for the tests of programs that use them: {@link io.pathkeeper.testcontainers.PathkeeperContainer} is one,
 * {@link io.pathkeeper.testcontainers.PathkeeperCluster} are several that can be killed, paused and cut off. Stands on Testcontainers and on the
 * public part of the client library alone. Objects are not safe for concurrent use.
 */
@NullMarked
package io.pathkeeper.testcontainers;

import org.jspecify.annotations.NullMarked;
