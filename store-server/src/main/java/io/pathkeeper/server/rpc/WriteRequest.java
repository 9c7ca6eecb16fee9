package io.pathkeeper.server.rpc;

import io.pathkeeper.server.state.Command;

/** A write as it was read from a request: what to propose, and how to answer. */
record WriteRequest(Command command, Shape shape) {}
