package io.pathkeeper.server.id;

/**
 * Names one write of one client, so that a repeat is answered with the first result and never applied twice.
 *
 * @param clientId identity of the client, 1 to 64 bytes of UTF-8
 * @param sequence number of the write, from 1, increasing for each client
 * @param acknowledgedBelow the client has the answers of all its writes below this number
 */
public record RequestId(String clientId, long sequence, long acknowledgedBelow) {}
