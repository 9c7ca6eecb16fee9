/**
 * A fake server at the wire, for tests of the client: the real services on a real port, with a small tree, a table of
 * writes already carried out, and switches for every kind of fault.
 */
@NullMarked
package io.pathkeeper.client.wire;

import org.jspecify.annotations.NullMarked;
