/** Tests of what operators deploy that need no running server. */
@NullMarked
package io.pathkeeper.it.deploy;

import org.jspecify.annotations.NullMarked;
