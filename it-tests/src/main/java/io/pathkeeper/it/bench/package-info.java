/**
 * The benchmark: three Pathkeeper processes and three ZooKeeper processes on one machine, the same load on both in turn, in closed loops
 * through the Java client of each; and the load of many znodes into Pathkeeper, with its memory and its restart.
 *
 * <p>Imports server processes, the client and ZooKeeper's client. The main thread drives everything; the places of a load live on the
 * clients' callback threads.
 */
@NullMarked
package io.pathkeeper.it.bench;

import org.jspecify.annotations.NullMarked;
