/**
 * {@code pathctl migrate}: copies a tree out of ZooKeeper or etcd and compares both sides. Imports the client's public packages, {@code transfer}
 * and {@code text}; ZooKeeper's client only in {@code ZooKeeperSource}, etcd's messages only in classes of that name, so that no other command loads them. A migration runs on the thread that called it.
 */
@NullMarked
package io.pathkeeper.pathctl.migrate;

import org.jspecify.annotations.NullMarked;
