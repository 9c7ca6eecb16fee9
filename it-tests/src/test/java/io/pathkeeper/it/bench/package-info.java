/** Tests of what the benchmark computes, and short runs of it on real servers. Each test in one thread. */
@NullMarked
package io.pathkeeper.it.bench;

import org.jspecify.annotations.NullMarked;
