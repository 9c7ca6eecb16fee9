package io.pathkeeper.server.planted.raft;

import io.grpc.Status;
import io.pathkeeper.v1.Stat;

/** Breaks rules: the public API inside Raft. */
public record ChattyRaft(Stat stat, Status status) {}
