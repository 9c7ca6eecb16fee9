package io.pathkeeper.server.rpc;

import io.pathkeeper.server.state.Rejection;

/** Stands in for a message that could not be read; {@link CallGuard} answers it before an endpoint sees it. */
record MalformedMessage(Rejection rejection) {}
