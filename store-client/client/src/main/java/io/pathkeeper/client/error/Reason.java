package io.pathkeeper.client.error;

/** Names of the reasons that {@link PathkeeperException#reason()} returns. A newer server may have others. */
public final class Reason {
    private Reason() {}

    /** There is no such znode. */
    public static final String NODE_NOT_FOUND = "NODE_NOT_FOUND";
    /** The parent of the znode does not exist. */
    public static final String PARENT_NOT_FOUND = "PARENT_NOT_FOUND";
    /** There is no such session. */
    public static final String SESSION_NOT_FOUND = "SESSION_NOT_FOUND";
    /** The znode exists already. */
    public static final String NODE_EXISTS = "NODE_EXISTS";
    /** The version or revision is not the expected one. */
    public static final String VERSION_MISMATCH = "VERSION_MISMATCH";
    /** The znode has children. */
    public static final String NODE_NOT_EMPTY = "NODE_NOT_EMPTY";
    /** An ephemeral znode cannot have children. */
    public static final String EPHEMERAL_PARENT = "EPHEMERAL_PARENT";
    /** The session has expired. */
    public static final String SESSION_EXPIRED = "SESSION_EXPIRED";
    /** The secret is not the session's. */
    public static final String SESSION_SECRET_WRONG = "SESSION_SECRET_WRONG";
    /** The grant of the lock, or the term of the leader, is over. */
    public static final String LOCK_NOT_HELD = "LOCK_NOT_HELD";
    /** The lock is used in another way: as an election, in another mode, or with another number of permits. */
    public static final String LOCK_MODE_MISMATCH = "LOCK_MODE_MISMATCH";
    /** The candidate does not lead any more. */
    public static final String LEADERSHIP_LOST = "LEADERSHIP_LOST";
    /** The deletion would reach more znodes than one call may delete. */
    public static final String TOO_MANY_NODES = "TOO_MANY_NODES";
    /** The path breaks a rule. */
    public static final String PATH_INVALID = "PATH_INVALID";
    /** The value breaks a rule. */
    public static final String VALUE_INVALID = "VALUE_INVALID";
    /** The page token is not one of this listing. */
    public static final String PAGE_TOKEN_INVALID = "PAGE_TOKEN_INVALID";
    /** The page token is too old: start the listing again. */
    public static final String PAGE_TOKEN_EXPIRED = "PAGE_TOKEN_EXPIRED";
    /** The history no longer reaches back to the revision. */
    public static final String REVISION_COMPACTED = "REVISION_COMPACTED";
    /** An increment left the range of 64-bit integers. */
    public static final String INT_OVERFLOW = "INT_OVERFLOW";
    /** There is no quota of the name. */
    public static final String QUOTA_NOT_FOUND = "QUOTA_NOT_FOUND";
    /** A quota is used up. */
    public static final String QUOTA_EXCEEDED = "QUOTA_EXCEEDED";
    /** The value is larger than the limit. */
    public static final String VALUE_TOO_LARGE = "VALUE_TOO_LARGE";
    /** The request is larger than the limit; found by this library before it was sent. */
    public static final String REQUEST_TOO_LARGE = "REQUEST_TOO_LARGE";
    /** Too much is outstanding: at the server, or in this client. */
    public static final String OVERLOADED = "OVERLOADED";
    /** This principal, or this address, calls more often than the server allows. */
    public static final String RATE_LIMITED = "RATE_LIMITED";
    /** The disks of a majority of the servers run full: what lets the store grow is refused until there is space again. */
    public static final String NOSPACE = "NOSPACE";
    /** The store has nearly as many znodes or bytes of values as it may: what adds to it is refused until something was deleted. */
    public static final String MEMORY = "MEMORY";
    /** The observer was too slow and the history has moved on. */
    public static final String SLOW_CONSUMER = "SLOW_CONSUMER";
    /** The server knows no leader. */
    public static final String NO_LEADER = "NO_LEADER";
    /** The server has no quorum. */
    public static final String NO_QUORUM = "NO_QUORUM";
    /** The server has not heard from its leader for longer than the read allowed. */
    public static final String STALE = "STALE";
    /** The server has started and does not have the others' state yet. */
    public static final String CATCHING_UP = "CATCHING_UP";
    /** The server is going down. */
    public static final String SHUTTING_DOWN = "SHUTTING_DOWN";
    /** The cluster wants to know who calls: give the client credentials. */
    public static final String CREDENTIAL_MISSING = "CREDENTIAL_MISSING";
    /** The token is none of this cluster, or was taken back. */
    public static final String TOKEN_INVALID = "TOKEN_INVALID";
    /** The token was good once. */
    public static final String TOKEN_EXPIRED = "TOKEN_EXPIRED";
    /** No user who may sign in has this name and password. */
    public static final String SIGN_IN_FAILED = "SIGN_IN_FAILED";
    /** Too many sign-ins failed from this address or for this user. */
    public static final String SIGN_IN_LIMITED = "SIGN_IN_LIMITED";
    /** No rule allows this, or one denies it. */
    public static final String DENIED = "DENIED";
    /** There is no such user, role, binding, token or namespace. */
    public static final String AUTH_RECORD_NOT_FOUND = "AUTH_RECORD_NOT_FOUND";
    /** Behind this change nobody could administer users and roles. */
    public static final String LAST_ADMINISTRATOR = "LAST_ADMINISTRATOR";
    /** There is no namespace of the name that the client was given. */
    public static final String NAMESPACE_NOT_FOUND = "NAMESPACE_NOT_FOUND";
    /** No server could be reached, or the connection broke; found by this library. */
    public static final String CONNECTION_LOST = "CONNECTION_LOST";
    /** The time limit of the call is over; found by this library. */
    public static final String DEADLINE_EXCEEDED = "DEADLINE_EXCEEDED";
    /** The client was closed; found by this library. */
    public static final String CLIENT_CLOSED = "CLIENT_CLOSED";
    /** The waiting thread was interrupted; found by this library. */
    public static final String INTERRUPTED = "INTERRUPTED";
    /** The server gave no reason, or the answer broke the protocol. */
    public static final String INTERNAL = "INTERNAL";
    /** The server found corrupt data and serves no more. */
    public static final String MEMBER_CORRUPT = "MEMBER_CORRUPT";
    /** The root cannot be created or deleted. */
    public static final String ROOT_IMMUTABLE = "ROOT_IMMUTABLE";
    /** A number has no exact typed form. */
    public static final String NUMBER_RANGE = "NUMBER_RANGE";
    /** The text is not JSON. */
    public static final String JSON_INVALID = "JSON_INVALID";
    /** An argument is out of range. */
    public static final String ARGUMENT_INVALID = "ARGUMENT_INVALID";
    /** The text is no JSON Pointer. */
    public static final String POINTER_INVALID = "POINTER_INVALID";
    /** There is nothing at the pointer. */
    public static final String FIELD_NOT_FOUND = "FIELD_NOT_FOUND";
    /** What is at the pointer has another type. */
    public static final String FIELD_TYPE = "FIELD_TYPE";
    /** A test of a patch did not hold. */
    public static final String TEST_FAILED = "TEST_FAILED";
    /** The revision is later than the store can be. */
    public static final String REVISION_IN_FUTURE = "REVISION_IN_FUTURE";
    /** The write was repeated so late that its first result is forgotten. */
    public static final String REQUEST_ID_EXPIRED = "REQUEST_ID_EXPIRED";
    /** The server cannot tell whether the write is applied. */
    public static final String OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN";
    /** The time limit was over at the server. */
    public static final String DEADLINE = "DEADLINE";
    /** There is no such member of the cluster. */
    public static final String MEMBER_NOT_FOUND = "MEMBER_NOT_FOUND";
    /** Another member has this id or this address. */
    public static final String MEMBER_EXISTS = "MEMBER_EXISTS";
    /** The server at the address is another one, of another cluster, or has data of its own. */
    public static final String MEMBER_MISMATCH = "MEMBER_MISMATCH";
    /** The server cannot be reached, or stopped to answer. */
    public static final String MEMBER_UNREACHABLE = "MEMBER_UNREACHABLE";
    /** The member lacks too many log entries. */
    public static final String MEMBER_BEHIND = "MEMBER_BEHIND";
    /** The voters that answer now would be no majority behind the change. */
    public static final String QUORUM_AT_RISK = "QUORUM_AT_RISK";
    /** Another change of the members is under way. */
    public static final String MEMBERSHIP_BUSY = "MEMBERSHIP_BUSY";
    /** A listener or subscriber threw an exception; found by this library. */
    public static final String LISTENER_FAILED = "LISTENER_FAILED";
}
