package io.pathkeeper.server.planted;

import io.grpc.Status;

/** Breaks a rule: gRPC in the composition. */
public record ChattyMain(Status status) {}
