/**
 * Child processes that run only as long as something is held, and the signals that this process passes on to them. May import nothing of
 * the project. Signals come on a thread of the JVM, everything else runs on the main thread.
 */
@NullMarked
package io.pathkeeper.pathctl.child;

import org.jspecify.annotations.NullMarked;
