/**
 * The Java programs of the README, compiled and run against real servers. Imports {@code cluster}. Each program runs on the test's thread.
 */
@NullMarked
package io.pathkeeper.it.readme;

import org.jspecify.annotations.NullMarked;
