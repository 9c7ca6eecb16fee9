/**
 * Mutated inputs for every decoder of the product. A decoder may accept an input or refuse it as it is documented; anything else is a finding: another
 * exception, an error of the JVM, more than a second, more memory than the input can ask for, or something accepted that does not come
 * out again as it went in.
 *
 * <p>Seeds of the mutations are made by the product's own encoders. Everything follows from one number, which is printed. One thread decodes; {@link
 * io.pathkeeper.it.fault.fuzz.HangWatch} has one of its own, and {@link io.pathkeeper.it.fault.fuzz.ServerUnderFuzz} those of a server. May import the server's classes, Ratis, the API,
 * gRPC, Logback and {@code it.process}.
 */
@NullMarked
package io.pathkeeper.it.fault.fuzz;

import org.jspecify.annotations.NullMarked;
