/**
 * The command line {@code pathctl}: entry point, global options, exit codes and the connection that the commands share.
 *
 * <p>May import the public packages of {@code io.pathkeeper.client}, picocli and the packages below this one. Everything
 * runs on the main thread; the client library calls back on its own threads only where a class says so.
 */
@NullMarked
package io.pathkeeper.pathctl;

import org.jspecify.annotations.NullMarked;
