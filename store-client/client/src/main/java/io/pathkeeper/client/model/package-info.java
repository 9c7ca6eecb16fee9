/**
 * Values, options, requests and results of the client library: plain immutable data, safe to share between threads.
 *
 * <p>Imports nothing of the library but itself.
 */
@NullMarked
package io.pathkeeper.client.model;

import org.jspecify.annotations.NullMarked;
