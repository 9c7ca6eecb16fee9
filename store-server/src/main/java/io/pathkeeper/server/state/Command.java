package io.pathkeeper.server.state;

import io.pathkeeper.server.coordination.LockMode;
import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.FieldOperation;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What the log carries: a change of the replicated state that is asked for. Values are canonical encodings, checked before the
 * command is proposed; everything that depends on the state is checked when it is applied.
 */
public sealed interface Command {
    /** No expectation about a version or a revision. */
    long ANY = -1;

    /**
     * Creates a znode.
     *
     * @param path its path; when sequential the prefix, whose last name may be empty
     * @param value canonical encoding
     * @param contentType description of the content, empty for none
     * @param parents kind of missing parents that are created ({@code PERSISTENT} or {@code CONTAINER}), or null to refuse
     * @param ttlMillis time to live for {@link ZnodeKind#TTL}, else 0
     * @param ttlAbsolute whether changes of the value leave the deadline as it is
     * @param session owner of an ephemeral znode, else null
     * @param takeOver whether an ephemeral znode that is there already, and whose session has the same identity that is not empty,
     *     is given to this session with the new value
     */
    record Create(
            ZnodePath path,
            ZnodeKind kind,
            byte[] value,
            String contentType,
            boolean sequential,
            @Nullable ZnodeKind parents,
            long ttlMillis,
            boolean ttlAbsolute,
            @Nullable SessionKey session,
            boolean takeOver)
            implements Command {}

    /** Replaces a value; the number of the next sequential child goes up to {@code leastSequence} where it is below. */
    record Set(
            ZnodePath path,
            byte[] value,
            String contentType,
            long expectedVersion,
            long expectedRevision,
            boolean allowMissing,
            boolean ifChanged,
            boolean returnPrevious,
            long leastSequence)
            implements Command {
        /** A set that leaves the number of the next sequential child as it is. */
        public Set(
                ZnodePath path,
                byte[] value,
                String contentType,
                long expectedVersion,
                long expectedRevision,
                boolean allowMissing,
                boolean ifChanged,
                boolean returnPrevious) {
            this(
                    path,
                    value,
                    contentType,
                    expectedVersion,
                    expectedRevision,
                    allowMissing,
                    ifChanged,
                    returnPrevious,
                    0);
        }
    }

    /** Changes fields of a value, all or none. */
    record Patch(
            ZnodePath path,
            List<FieldOperation> operations,
            long expectedVersion,
            long expectedRevision,
            boolean returnPrevious)
            implements Command {}

    /** Deletes a znode, or with {@code recursive} a subtree. */
    record Delete(
            ZnodePath path, boolean recursive, long expectedVersion, long expectedRevision, boolean returnPrevious)
            implements Command {}

    /** Reads a znode; only inside a transaction. */
    record Read(ZnodePath path) implements Command {}

    /** Carries out one of two lists of operations, by conditions, wholly or not at all, at one revision. */
    record Transact(List<Condition> conditions, List<Command> then, List<Command> otherwise) implements Command {}

    /**
     * Lets the state's clock go on: deletes what has reached its deadline and ends the delays of locks that are over, at most so
     * many of each.
     */
    record Tick(int limit) implements Command {}

    /** Compares digests of the state: a server whose state at this revision has another digest has diverged. */
    record CheckDigest(long revision, long digest) implements Command {}

    /** Opens a session; the secret is made by whoever proposes it. */
    record CreateSession(
            byte[] secret, long timeoutMillis, String clientIdentity, SortedMap<String, String> labels, String address)
            implements Command {}

    /** Ends a session at its client's wish, with all that belongs to it. */
    record CloseSession(SessionKey session) implements Command {}

    /**
     * Ends a session that was not heard of.
     *
     * @param term the term of the leader that kept the time: in an entry of another term the command does nothing
     */
    record ExpireSession(long sessionId, long term) implements Command {}

    /**
     * Asks for a lock, or stands for election.
     *
     * @param election whether it is an election; its mode is {@link LockMode#EXCLUSIVE}
     * @param holderId tells several of one session apart; the same one asking again changes nothing
     * @param permits permits wanted with {@link LockMode#PERMITS}, else 0
     * @param maxPermits permits that there are in all, else 0
     * @param lockDelayMillis how long the next grant waits when the session expires while it holds
     * @param value canonical encoding of what a leader proclaims; empty for a lock
     * @param queue whether it waits when it is not granted at once
     * @param callId the call that asks: its place or grant is taken back by a {@link Release} of this call only, until another call asks
     */
    record Acquire(
            ZnodePath path,
            boolean election,
            SessionKey session,
            String holderId,
            LockMode mode,
            long permits,
            long maxPermits,
            long lockDelayMillis,
            String note,
            byte[] value,
            boolean queue,
            long callId)
            implements Command {
        /** One whose call minds no other. */
        public Acquire(
                ZnodePath path,
                boolean election,
                SessionKey session,
                String holderId,
                LockMode mode,
                long permits,
                long maxPermits,
                long lockDelayMillis,
                String note,
                byte[] value,
                boolean queue) {
            this(path, election, session, holderId, mode, permits, maxPermits, lockDelayMillis, note, value, queue, 0);
        }

        /** The same for a call. */
        public Acquire by(long newCallId) {
            return new Acquire(
                    path,
                    election,
                    session,
                    holderId,
                    mode,
                    permits,
                    maxPermits,
                    lockDelayMillis,
                    note,
                    value,
                    queue,
                    newCallId);
        }
    }

    /** Gives a lock or a leadership back; with token 0 whatever hold or place there is; with a call only what that call asked for last. */
    record Release(ZnodePath path, boolean election, SessionKey session, String holderId, long token, long callId)
            implements Command {
        /** Whichever call asked last. */
        public Release(ZnodePath path, boolean election, SessionKey session, String holderId, long token) {
            this(path, election, session, holderId, token, 0);
        }
    }

    /** Publishes a leader's value; {@code term} is its token. */
    record Proclaim(ZnodePath path, SessionKey session, String candidateId, long term, byte[] value)
            implements Command {}

    /** A write of the tree that is carried out only if all guards hold. Stands neither inside another one nor in a transaction. */
    record Guarded(List<Guard> guards, Command command) implements Command {}

    /**
     * A change of the server's own part of the tree, {@code /_sys}, which no other command can write. What it writes lies there and
     * nowhere else. Stands neither inside another one nor around guards; clients cannot ask for it.
     */
    record Internal(Transact transact) implements Command {}
}
