/**
 * The benchmark: three Pathkeeper processes, three of ZooKeeper and three of etcd on one machine, the same load on all in turn, in closed
 * loops or at a rate, through the Java client of each or plain stubs; and the load of many znodes into Pathkeeper, with its memory and its restart.
 *
 * <p>Imports server processes, the client, the stubs of our API, ZooKeeper's client and pathctl's stubs of etcd's API. The main thread drives everything; the places of a load live on the
 * clients' callback threads.
 */
@NullMarked
package io.pathkeeper.it.bench;

import org.jspecify.annotations.NullMarked;
