/**
 * How the client works: not for use by programs, changes at any time.
 *
 * <p>May import all packages of the library, gRPC and the public proto. One <i>engine</i> thread owns the pipeline: what waits, what is
 * under way, the connection. I/O threads only parse and hand over; callback threads only run what programs gave. Nothing else is shared
 * but a few atomic numbers.
 */
@NullMarked
package io.pathkeeper.client.internal;

import org.jspecify.annotations.NullMarked;
