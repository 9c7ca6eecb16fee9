/** Attacks on the ports of real servers, and certificates that change under load. */
@NullMarked
package io.pathkeeper.it.security;

import org.jspecify.annotations.NullMarked;
