/**
 * {@code pathctl backup}: takes backups and compares the checksums of their files. What decodes them, to look inside or to restore, is the server's own
 * program, which has the formats.
 *
 * <p>May import the packages {@code command} and {@code text} beside the base package and the client library. One thread.
 */
@NullMarked
package io.pathkeeper.pathctl.backup;

import org.jspecify.annotations.NullMarked;
