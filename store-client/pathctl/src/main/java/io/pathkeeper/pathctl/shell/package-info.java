/**
 * The interactive shell. The only package that uses JLine, so that no command pays for it. Everything runs on the main thread;
 * Ctrl-C interrupts it while a command runs.
 */
@NullMarked
package io.pathkeeper.pathctl.shell;

import org.jspecify.annotations.NullMarked;
