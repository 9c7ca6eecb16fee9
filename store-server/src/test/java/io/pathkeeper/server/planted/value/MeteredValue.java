package io.pathkeeper.server.planted.value;

import io.micrometer.core.instrument.Counter;

/** Breaks a rule: meters outside of metrics. */
public record MeteredValue(Counter counter) {}
