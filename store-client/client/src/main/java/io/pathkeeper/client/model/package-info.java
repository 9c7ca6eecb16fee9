/**
 * Values, options, requests and results of the client library: plain immutable data, safe to share between threads.
 *
 * <p>Imports {@code session}, whose sessions own ephemeral znodes and guard writes; nothing else of the library.
 */
@NullMarked
package io.pathkeeper.client.model;

import org.jspecify.annotations.NullMarked;
