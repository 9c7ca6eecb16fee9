/**
 * The audit log: who did what, when, from where, and how it ended, one JSON object a line, in files that are put aside when they are full.
 *
 * <p>May import {@code config} and {@code metrics}. Holds no values and no secrets: {@link io.pathkeeper.server.audit.AuditEntry} has no place for them.
 * Entries are written by one thread behind a bounded queue; what becomes of them when that is full tells
 * {@link io.pathkeeper.server.audit.AuditWriter}.
 */
@NullMarked
package io.pathkeeper.server.audit;

import org.jspecify.annotations.NullMarked;
