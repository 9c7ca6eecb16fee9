/**
 * Who may do what: verbs, rules on path prefixes, roles, bindings, and the compiled policy that answers for one path in less than a
 * microsecond.
 *
 * <p>May import {@code id}. Plain Java and part of the core: no clock, no I/O. Everything here is immutable and may be used by any
 * thread. Paths are UTF-8 bytes that keep the rules of znode paths; whoever calls has checked that.
 */
@NullMarked
package io.pathkeeper.server.acl;

import org.jspecify.annotations.NullMarked;
