package io.pathkeeper.client.session;

import java.util.concurrent.CompletableFuture;

/**
 * Opens sessions and looks at those of the cluster. Safe to use from any thread; the methods that end in {@code Async} and those that
 * return futures do not wait, the others do and are refused on callback threads.
 *
 * <p>All fail with a {@link io.pathkeeper.client.error.PathkeeperException}. At most 10,000 sessions are open in one client.
 */
public interface Sessions {
    /** Opens a session with the defaults. */
    default PathkeeperSession open() {
        return open(SessionOptions.defaults());
    }

    /** Opens or resumes a session and waits for it. See {@link #openAsync(SessionOptions)}. */
    PathkeeperSession open(SessionOptions options);

    /**
     * Opens or resumes a session. It is kept alive from then on.
     *
     * <p>Fails with {@link io.pathkeeper.client.error.PreconditionFailedException} ({@code SESSION_EXPIRED}: the session to resume is over),
     * {@link io.pathkeeper.client.error.AccessDeniedException} ({@code SESSION_SECRET_WRONG}), {@link
     * io.pathkeeper.client.error.InvalidRequestException}, {@link io.pathkeeper.client.error.LimitExceededException}.
     */
    CompletableFuture<PathkeeperSession> openAsync(SessionOptions options);

    /** Describes a session of the cluster. Fails with {@code SESSION_NOT_FOUND} or {@code SESSION_EXPIRED} when there is none. */
    CompletableFuture<SessionInfo> info(long sessionId);

    /**
     * Lists the sessions of the cluster, linearizably.
     *
     * @param pageSize at most so many, 1 to 1,000
     * @param pageToken token of the page before; empty for the first
     */
    CompletableFuture<SessionPage> list(int pageSize, String pageToken);

    /**
     * Lists the ephemeral znodes of a session, linearizably.
     *
     * @param sessionId its id
     * @param pageSize at most so many, 1 to 1,000
     * @param pageToken token of the page before; empty for the first
     */
    CompletableFuture<SessionPathsPage> paths(long sessionId, int pageSize, String pageToken);
}
