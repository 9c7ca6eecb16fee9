package io.pathkeeper.server.planted.common;

/** Breaks rules: the name of its package. */
public final class PathTable {}
