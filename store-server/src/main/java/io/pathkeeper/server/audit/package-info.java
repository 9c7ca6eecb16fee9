/**
 * The audit log: who did what, when, from where, and how it ended, one JSON object a line, in files that are put aside when they are full.
 *
 * <p>May import {@code config}. Holds no values and no secrets: {@link io.pathkeeper.server.audit.AuditEntry} has no place for them.
 * Entries are written by one thread behind a bounded queue; when that is full, whoever has an entry waits.
 */
@NullMarked
package io.pathkeeper.server.audit;

import org.jspecify.annotations.NullMarked;
