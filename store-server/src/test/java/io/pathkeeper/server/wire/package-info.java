/** Certificates that are read again, and the gate for connections. */
@NullMarked
package io.pathkeeper.server.wire;

import org.jspecify.annotations.NullMarked;
