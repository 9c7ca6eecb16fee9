package io.pathkeeper.it.coordination;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.pathkeeper.it.history.LockHistory.Entry;
import io.pathkeeper.it.history.LockHistory.Mode;
import io.pathkeeper.v1.AcquireLockRequest;
import io.pathkeeper.v1.AcquireLockResponse;
import io.pathkeeper.v1.CloseSessionRequest;
import io.pathkeeper.v1.CloseSessionResponse;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.CreateSessionRequest;
import io.pathkeeper.v1.GetLockRequest;
import io.pathkeeper.v1.GetLockResponse;
import io.pathkeeper.v1.Guards;
import io.pathkeeper.v1.LockEntry;
import io.pathkeeper.v1.LockGuard;
import io.pathkeeper.v1.LockMode;
import io.pathkeeper.v1.LockRequest;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.ReleaseLockRequest;
import io.pathkeeper.v1.RenewSessionRequest;
import io.pathkeeper.v1.RequestId;
import io.pathkeeper.v1.SessionKey;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.Value;
import io.pathkeeper.v1.ZnodeKind;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * Calls about sessions and locks to any of several servers: a call that a server could not answer is repeated at the next one, with the same request
 * id, until the patience ends; so is one that was refused for lack of disk space. Refusals are thrown as they come. Used by one thread.
 */
public final class CoordinationClient {
    private static final Duration CALL_LIMIT = Duration.ofSeconds(3);
    private static final Set<Status.Code> TRY_AGAIN =
            Set.of(Status.Code.UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED, Status.Code.CANCELLED, Status.Code.UNKNOWN);

    private final List<ServerStubs> servers;
    private final Duration patience;
    private final String clientId = UUID.randomUUID().toString();
    private long sequence;
    private int next;
    private long attempts;

    /**
     * Makes a client; the caller closes the stubs.
     *
     * @param servers at least one
     * @param first index of the server to begin with
     * @param patience time after which the last error is thrown
     */
    public CoordinationClient(List<ServerStubs> servers, int first, Duration patience) {
        this.servers = List.copyOf(servers);
        this.patience = patience;
        this.next = first % servers.size();
    }

    /** Opens a session. */
    public SessionKey open(Duration timeout, String identity) {
        CreateSessionRequest request = CreateSessionRequest.newBuilder()
                .setTimeoutMs(timeout.toMillis())
                .setClientIdentity(identity)
                .setRequestId(requestId())
                .build();
        return call(server -> server.sessions(CALL_LIMIT).createSession(request))
                .getSession();
    }

    /** Renews a session; returns the milliseconds that it lives at least. */
    public long renew(SessionKey session) {
        RenewSessionRequest request =
                RenewSessionRequest.newBuilder().setSession(session).build();
        return call(server -> server.sessions(CALL_LIMIT).renewSession(request)).getRemainingMs();
    }

    /** Closes a session. */
    public CloseSessionResponse close(SessionKey session) {
        CloseSessionRequest request = CloseSessionRequest.newBuilder()
                .setSession(session)
                .setRequestId(requestId())
                .build();
        return call(server -> server.sessions(CALL_LIMIT).closeSession(request));
    }

    /** Creates an ephemeral znode, its parents if need be, and returns the revision. */
    public long createEphemeral(SessionKey session, String path) {
        CreateRequest request = CreateRequest.newBuilder()
                .setPath(path)
                .setKind(ZnodeKind.ZNODE_KIND_EPHEMERAL)
                .setSession(session)
                .setCreateParents(true)
                .setRequestId(requestId())
                .build();
        return call(server -> server.store(CALL_LIMIT).create(request))
                .getStat()
                .getCreatedRevision();
    }

    /**
     * Waits for a lock and returns the token. The stream is opened anew, at another server, when it breaks off: the place in the queue stays.
     *
     * @throws StatusRuntimeException when the session is over, or with DEADLINE_EXCEEDED behind the patience
     */
    public long acquire(LockRequest lock) {
        return call(server -> {
            AcquireLockRequest request = AcquireLockRequest.newBuilder()
                    .setLock(lock.toBuilder().setAttempt(++attempts))
                    .build();
            Iterator<AcquireLockResponse> events = server.locks(patience).acquireLock(request);
            while (events.hasNext()) {
                AcquireLockResponse event = events.next();
                if (event.hasGranted()) {
                    return event.getGranted().getToken();
                }
            }
            throw Status.UNAVAILABLE
                    .withDescription("the stream ended without a grant")
                    .asRuntimeException();
        });
    }

    /** Gives a lock back and returns the revision. */
    public long release(LockRequest lock, long token) {
        ReleaseLockRequest request = ReleaseLockRequest.newBuilder()
                .setPath(lock.getPath())
                .setSession(lock.getSession())
                .setHolderId(lock.getHolderId())
                .setToken(token)
                .setRequestId(requestId())
                .build();
        return call(server -> server.locks(CALL_LIMIT).releaseLock(request)).getRevision();
    }

    /** Looks at a lock, linearizably. */
    public GetLockResponse look(String path) {
        GetLockRequest request = GetLockRequest.newBuilder().setPath(path).build();
        return call(server -> server.locks(CALL_LIMIT).getLock(request));
    }

    /** Writes a number under the guard of a lock and returns the revision of the write. */
    public long guardedSet(String path, long value, String lockPath, long token) {
        SetRequest request = guardedSetRequest(path, value, lockPath, token).toBuilder()
                .setRequestId(requestId())
                .build();
        return call(server -> server.store(CALL_LIMIT).set(request)).getStat().getModifiedRevision();
    }

    /** A write of a number under the guard of a lock. */
    public static SetRequest guardedSetRequest(String path, long value, String lockPath, long token) {
        return SetRequest.newBuilder()
                .setPath(path)
                .setAllowMissing(true)
                .setData(Payload.newBuilder().setValue(Value.newBuilder().setIntValue(value)))
                .setGuards(Guards.newBuilder()
                        .setRequireLock(LockGuard.newBuilder().setPath(lockPath).setToken(token)))
                .build();
    }

    /** An entry as histories have it. */
    public static Entry entry(LockEntry entry) {
        return new Entry(
                entry.getSessionId(),
                entry.getHolderId(),
                mode(entry.getMode()),
                entry.getPermits(),
                entry.getQueuedRevision(),
                entry.getToken());
    }

    /** A mode as histories have it. */
    public static Mode mode(LockMode mode) {
        return switch (mode) {
            case LOCK_MODE_SHARED -> Mode.SHARED;
            case LOCK_MODE_PERMITS -> Mode.PERMITS;
            default -> Mode.EXCLUSIVE;
        };
    }

    /** Entries as histories have them. */
    public static List<Entry> entries(List<LockEntry> entries) {
        return entries.stream().map(CoordinationClient::entry).toList();
    }

    /** Calls one server after the other until one answers or refuses. */
    public <T> T call(Function<ServerStubs, T> call) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                return call.apply(servers.get(next));
            } catch (StatusRuntimeException e) {
                if (!isTriedAgain(e) || System.nanoTime() - deadline > 0) {
                    throw e;
                }
                next = (next + 1) % servers.size();
                pause();
            }
        }
    }

    /** Whether a server could not answer, or had no space, which ends by itself: all else is an answer. */
    static boolean isTriedAgain(StatusRuntimeException error) {
        return TRY_AGAIN.contains(error.getStatus().getCode())
                || ServerStubs.reasonOf(error).equals("NOSPACE");
    }

    private RequestId requestId() {
        sequence++;
        return RequestId.newBuilder()
                .setClientId(clientId)
                .setSequence(sequence)
                .setAcknowledgedBelow(sequence)
                .build();
    }

    /** Leaves processor time for servers that start. */
    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Status.CANCELLED.withDescription("interrupted").asRuntimeException();
        }
    }
}
