/**
 * Clusters of three servers for the scenarios, of two kinds behind one interface: {@link io.pathkeeper.it.cluster.InProcessCluster} in
 * this JVM, {@link io.pathkeeper.it.cluster.ProcessCluster} as real processes that can be killed, paused and damaged.
 *
 * <p>Imports the server's composition root, the client and the generated stubs. A cluster belongs to one test class and is driven by
 * its test thread; everything listens on 127.0.0.1 and is gone when the cluster is closed.
 */
@NullMarked
package io.pathkeeper.it.cluster;

import org.jspecify.annotations.NullMarked;
