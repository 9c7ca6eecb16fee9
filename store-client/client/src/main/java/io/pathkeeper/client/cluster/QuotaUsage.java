package io.pathkeeper.client.cluster;

/**
 * A quota and what its subtree has.
 *
 * @param quota the quota
 * @param znodes znodes of the subtree
 * @param bytes bytes of all values of the subtree
 * @param children children of its top
 */
public record QuotaUsage(Quota quota, long znodes, long bytes, long children) {}
