package io.pathkeeper.server.planted;

/** Allowed where it stands. */
public final class ServerMain {}
