package io.pathkeeper.client.model;

/** Result of one operation of a transaction, of the same kind as the operation. */
public sealed interface OperationResult permits CreateResult, SetResult, PatchResult, DeleteResult, ReadResult {
    /** Returns the path of the znode that the operation was about. */
    String path();
}
