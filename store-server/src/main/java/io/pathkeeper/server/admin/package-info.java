/**
 * What operators and machines ask of one server over HTTP: metrics, liveness, readiness.
 *
 * <p>May import {@code id}, {@code store}, {@code config}, {@code metrics} and {@code wire}. Own small threads; nothing here is on the way of a request.
 */
@NullMarked
package io.pathkeeper.server.admin;

import org.jspecify.annotations.NullMarked;
