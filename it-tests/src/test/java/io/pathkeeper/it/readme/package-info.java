/**
 * What the READMEs say: their Java programs, compiled and run against real servers, and the tests that they name. Imports {@code cluster}. Each
 * program runs on the thread of its test.
 */
@NullMarked
package io.pathkeeper.it.readme;

import org.jspecify.annotations.NullMarked;
