/** The tool of the stalled observers is proven: what it must find is planted. One test thread. */
@NullMarked
package io.pathkeeper.it.stalled;

import org.jspecify.annotations.NullMarked;
