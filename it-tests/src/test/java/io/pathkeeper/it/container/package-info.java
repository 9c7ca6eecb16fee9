/** Tests on servers in real containers, with the class that users have for theirs. {@code it-tests/bin/containers-check} runs them. */
@NullMarked
package io.pathkeeper.it.container;

import org.jspecify.annotations.NullMarked;
