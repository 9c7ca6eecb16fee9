/**
 * The load generator behind {@code pathctl perf}. Imports the client's public packages and HdrHistogram. Operations are
 * started by the client's callback threads, one for each place in the closed loop; the calling thread only keeps time.
 */
@NullMarked
package io.pathkeeper.pathctl.perf;

import org.jspecify.annotations.NullMarked;
