package io.pathkeeper.server.planted.rpc;

import org.apache.ratis.protocol.RaftPeerId;

/** Breaks a rule: Ratis outside of raft. */
public record SomeEndpoint(RaftPeerId peer) {}
