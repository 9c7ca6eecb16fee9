package io.pathkeeper.server.audit;

/**
 * One line of the audit log.
 *
 * @param timeMillis Unix time at which the call ended
 * @param principal who made the call; empty when that was not proved
 * @param credential how it was proved, a word
 * @param peer address that it came from
 * @param method full name of the method; for an operation of a pipeline with its kind behind it
 * @param namespace name of the namespace of the call; empty for none
 * @param target path, or name of the user, role, token or the like
 * @param revision revision that it made; 0 for none
 * @param outcome name of the gRPC code
 * @param reason reason of a refusal; empty for none
 */
public record AuditEntry(
        long timeMillis,
        String principal,
        String credential,
        String peer,
        String method,
        String namespace,
        String target,
        long revision,
        String outcome,
        String reason) {}
