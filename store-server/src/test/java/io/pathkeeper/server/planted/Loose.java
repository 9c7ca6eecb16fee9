package io.pathkeeper.server.planted;

/** Breaks a rule: belongs to no package. */
public final class Loose {}
