package io.pathkeeper.server.state;

/**
 * Every reason for which a request is refused or cannot be answered. Names are stable: clients branch on them. The order is
 * part of the stored formats: add at the end.
 */
public enum RejectReason {
    NODE_NOT_FOUND,
    PARENT_NOT_FOUND,
    SESSION_NOT_FOUND,
    NODE_EXISTS,
    VERSION_MISMATCH,
    NODE_NOT_EMPTY,
    EPHEMERAL_PARENT,
    SESSION_EXPIRED,
    TOO_MANY_NODES,
    ROOT_IMMUTABLE,
    PATH_INVALID,
    VALUE_INVALID,
    NUMBER_RANGE,
    JSON_INVALID,
    ARGUMENT_INVALID,
    PAGE_TOKEN_INVALID,
    PAGE_TOKEN_EXPIRED,
    POINTER_INVALID,
    FIELD_NOT_FOUND,
    FIELD_TYPE,
    TEST_FAILED,
    INT_OVERFLOW,
    VALUE_TOO_LARGE,
    REQUEST_TOO_LARGE,
    REVISION_COMPACTED,
    REVISION_IN_FUTURE,
    REQUEST_ID_EXPIRED,
    QUOTA_EXCEEDED,
    OVERLOADED,
    SLOW_CONSUMER,
    NO_LEADER,
    NO_QUORUM,
    STALE,
    SHUTTING_DOWN,
    OUTCOME_UNKNOWN,
    DEADLINE,
    MEMBER_CORRUPT,
    INTERNAL
}
