package io.pathkeeper.server.rpc;

import io.pathkeeper.server.metrics.SessionMeters;
import io.pathkeeper.server.store.SessionRenewal;

/**
 * What the services for sessions, locks and elections need beside the store.
 *
 * @param renewal renews sessions
 * @param watches the calls that wait for locks; told of every change by the member of the cluster
 * @param meters counts
 */
public record Coordination(SessionRenewal renewal, LockWatches watches, SessionMeters meters) {}
