/**
 * The benchmark: three Pathkeeper processes, three of ZooKeeper and three of etcd on one machine, the same load on all in turn, in closed
 * loops or at a rate, through the Java client of each, plain stubs or a Python program; and trials, which tell figures of their own: observers, the loss of the leader, sessions, many znodes.
 *
 * <p>Imports server processes, the client, the stubs of our API, ZooKeeper's client and pathctl's stubs of etcd's API. The main thread drives everything; the places of a load live on the
 * clients' callback threads.
 */
@NullMarked
package io.pathkeeper.it.bench;

import org.jspecify.annotations.NullMarked;
