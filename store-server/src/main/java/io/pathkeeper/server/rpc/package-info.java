/**
 * The gRPC side: one endpoint for each service, conversions between the API's messages and the core, and the mapping of errors.
 *
 * <p>May import the core, {@code store}, {@code observe}, {@code config}, {@code metrics} and {@code wire}. Requests are read on the transport's
 * threads, which never wait here; answers that a thread of the store made possible are built and sent on the workers of
 * {@code RpcServer}, so that the store's threads only hand over.
 */
@NullMarked
package io.pathkeeper.server.rpc;

import org.jspecify.annotations.NullMarked;
