package io.pathkeeper.server.planted.id;

/** Breaks no rule. */
public record Fine(long number) {}
