package io.pathkeeper.client.model;

/**
 * Tells that a backup is complete.
 *
 * @param fileBytes size of the file: of the bytes of all parts
 * @param sha256 SHA-256 of the file as 64 hexadecimal digits, as {@code sha256sum} prints it
 */
public record BackupEnd(long fileBytes, String sha256) {}
