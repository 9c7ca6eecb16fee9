package io.pathkeeper.server.planted.rpc;

/** Breaks a rule: its name. */
public final class StreamHelper {}
