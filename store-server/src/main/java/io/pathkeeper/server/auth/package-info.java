/**
 * Who is asking: users, static tokens, sign-in tokens, JWTs, certificates, the break-glass token, and the records below
 * {@code /_sys/auth} that say who may do what.
 *
 * <p>May import {@code id}, {@code acl}, {@code value}, {@code tree} and {@code config}. Knows neither gRPC nor the log: the edge
 * asks the {@link io.pathkeeper.server.auth.Gatekeeper}, and writes the records that {@link io.pathkeeper.server.auth.AuthRecords}
 * makes. Any thread; what has state says how it is guarded.
 */
@NullMarked
package io.pathkeeper.server.auth;

import org.jspecify.annotations.NullMarked;
