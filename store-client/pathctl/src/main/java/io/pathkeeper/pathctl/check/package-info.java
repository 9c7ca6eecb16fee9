/**
 * {@code pathctl check}: short measurements with a verdict, of a cluster and of a disk.
 *
 * <p>May import the packages {@code command}, {@code perf} and {@code text} beside the base package and the client library. One thread, but for the load.
 */
@NullMarked
package io.pathkeeper.pathctl.check;

import org.jspecify.annotations.NullMarked;
