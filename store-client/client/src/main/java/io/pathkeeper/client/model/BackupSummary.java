package io.pathkeeper.client.model;

/**
 * A backup that was received to its end, with every byte as the server sent it.
 *
 * @param info what it holds
 * @param end size and checksum of the file
 */
public record BackupSummary(BackupInfo info, BackupEnd end) {}
