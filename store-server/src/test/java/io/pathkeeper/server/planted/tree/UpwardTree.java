package io.pathkeeper.server.planted.tree;

import io.pathkeeper.server.planted.ServerMain;
import io.pathkeeper.server.planted.id.Fine;
import io.pathkeeper.server.planted.rpc.SomeEndpoint;

/** Breaks rules: imports what is built on it. */
public record UpwardTree(SomeEndpoint endpoint, ServerMain main, Fine fine) {}
