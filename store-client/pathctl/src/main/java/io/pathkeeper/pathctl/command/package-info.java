/**
 * The commands, one class each: options, one call or loop, output. Imports the client's public packages, picocli and the
 * other packages of {@code pathctl} but {@code shell}. Everything runs on the main thread unless a class says otherwise.
 */
@NullMarked
package io.pathkeeper.pathctl.command;

import org.jspecify.annotations.NullMarked;
