/**
 * A server with very many observers that take nothing: what that costs it, and those who do take what they are sent. May import {@code it.process}, {@code it.coordination} and
 * the generated stubs. One thread drives; streams are told on gRPC's threads.
 */
@NullMarked
package io.pathkeeper.it.stalled;

import org.jspecify.annotations.NullMarked;
