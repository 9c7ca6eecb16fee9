/**
 * Spans of calls for an OpenTelemetry collector, where a client's trace context or the configuration asks for them.
 *
 * <p>Imports {@code config} and {@code store} (the times of a proposal). The only package that knows OpenTelemetry. Any thread; nothing waits.
 */
@NullMarked
package io.pathkeeper.server.tracing;

import org.jspecify.annotations.NullMarked;
