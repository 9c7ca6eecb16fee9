/**
 * The server as a whole: the program ({@code ServerMain}) and the composition root ({@code PathkeeperServer}), which alone may import
 * every other package.
 */
@NullMarked
package io.pathkeeper.server;

import org.jspecify.annotations.NullMarked;
