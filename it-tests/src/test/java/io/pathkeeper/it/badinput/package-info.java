/**
 * Bad input at the level of processes: wrong starts, damaged files, bytes that are no requests. Each is answered with the documented
 * exit code and one clear line, or not noticed at all by anybody else; files that are not ours, or damaged, stay as they are.
 *
 * <p>Imports clusters of processes, checkers, the client and the generated stubs.
 */
@NullMarked
package io.pathkeeper.it.badinput;

import org.jspecify.annotations.NullMarked;
