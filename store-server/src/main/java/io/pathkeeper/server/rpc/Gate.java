package io.pathkeeper.server.rpc;

import io.pathkeeper.server.audit.AuditLog;
import io.pathkeeper.server.auth.Gatekeeper;
import io.pathkeeper.server.metrics.AuthMeters;
import java.time.Duration;

/**
 * What the gate and AuthService need.
 *
 * @param keeper who may do what
 * @param audit where it is noted
 * @param meters counts
 * @param signInLife how long sign-in tokens last
 */
public record Gate(Gatekeeper keeper, AuditLog audit, AuthMeters meters, Duration signInLife) {}
