/** Nemeses whose effect is taken away. */
@NullMarked
package io.pathkeeper.it.fault.nemesis;

import org.jspecify.annotations.NullMarked;
