package io.pathkeeper.server.planted;

import io.pathkeeper.server.planted.rpc.SomeEndpoint;

/** Breaks no rule: the composition may import all of ours. */
public record ServerMain(SomeEndpoint endpoint) {}
