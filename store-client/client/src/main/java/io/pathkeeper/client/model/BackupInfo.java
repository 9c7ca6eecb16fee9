package io.pathkeeper.client.model;

import java.time.Instant;

/**
 * What a backup holds.
 *
 * @param formatVersion version of the file's format
 * @param clusterId cluster that it was taken from
 * @param memberId server that it was taken from
 * @param serverVersion version of that server
 * @param revision revision of everything in it
 * @param znodeCount number of znodes, the root included
 * @param createdAt when it was begun, by the server's clock
 */
public record BackupInfo(
        int formatVersion,
        String clusterId,
        String memberId,
        String serverVersion,
        long revision,
        long znodeCount,
        Instant createdAt) {}
