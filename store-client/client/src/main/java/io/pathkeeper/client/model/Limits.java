package io.pathkeeper.client.model;

/**
 * Limits of the store. A request that goes beyond one is refused with a reason that names it.
 *
 * @param maxValueBytes bytes of an encoded value
 * @param maxPathBytes bytes of a path
 * @param maxNameBytes bytes of one name in a path
 * @param maxDepth names in a path
 * @param maxRequestBytes bytes of a request
 * @param maxTransactionOperations operations, and conditions, of a transaction
 * @param maxBatchPaths paths of a batch read
 * @param maxPageSize children of a page
 * @param maxRecursiveDelete znodes of a recursive deletion
 * @param maxObserveTargets targets of an observation
 * @param maxObservations observations of one server
 */
public record Limits(
        long maxValueBytes,
        long maxPathBytes,
        long maxNameBytes,
        long maxDepth,
        long maxRequestBytes,
        long maxTransactionOperations,
        long maxBatchPaths,
        long maxPageSize,
        long maxRecursiveDelete,
        long maxObserveTargets,
        long maxObservations) {}
