/**
 * How the client works: not for use by programs, changes at any time.
 *
 * <p>May import all packages of the library, gRPC and the public proto. The one I/O thread owns the pipeline, its <i>engine</i>: what waits,
 * what is under way, the connection. It never blocks; callback threads run what programs gave. Nothing else is shared but a few atomic
 * numbers.
 */
@NullMarked
package io.pathkeeper.client.internal;

import org.jspecify.annotations.NullMarked;
