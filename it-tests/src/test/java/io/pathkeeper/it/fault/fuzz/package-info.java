/** Tests of the fuzzer, and its short form. One test thread. */
@NullMarked
package io.pathkeeper.it.fault.fuzz;

import org.jspecify.annotations.NullMarked;
