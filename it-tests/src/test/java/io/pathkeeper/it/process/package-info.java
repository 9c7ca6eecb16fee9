/** Tests of what a run says of itself. Each test in one thread. */
@NullMarked
package io.pathkeeper.it.process;

import org.jspecify.annotations.NullMarked;
