/**
 * {@code pathctl migrate}: copies a tree out of ZooKeeper and compares both sides. Imports the client's public packages, {@code transfer} and
 * {@code text}; ZooKeeper's client only in {@code ZooKeeperSource}, so that no other command
 * loads it. A migration runs on the thread that called it.
 */
@NullMarked
package io.pathkeeper.pathctl.migrate;

import org.jspecify.annotations.NullMarked;
