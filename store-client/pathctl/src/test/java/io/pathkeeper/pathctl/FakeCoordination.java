package io.pathkeeper.pathctl;

import io.pathkeeper.client.coordination.CampaignRequest;
import io.pathkeeper.client.coordination.Candidacy;
import io.pathkeeper.client.coordination.ElectionListener;
import io.pathkeeper.client.coordination.ElectionObservation;
import io.pathkeeper.client.coordination.Elections;
import io.pathkeeper.client.coordination.Leader;
import io.pathkeeper.client.coordination.Leadership;
import io.pathkeeper.client.coordination.LockGrant;
import io.pathkeeper.client.coordination.LockHolder;
import io.pathkeeper.client.coordination.LockInfo;
import io.pathkeeper.client.coordination.LockPage;
import io.pathkeeper.client.coordination.LockRequest;
import io.pathkeeper.client.coordination.Locks;
import io.pathkeeper.client.error.ErrorDetails;
import io.pathkeeper.client.error.NodeNotFoundException;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.session.PathkeeperSession;
import io.pathkeeper.client.session.SessionInfo;
import io.pathkeeper.client.session.SessionKey;
import io.pathkeeper.client.session.SessionListener;
import io.pathkeeper.client.session.SessionOptions;
import io.pathkeeper.client.session.SessionPage;
import io.pathkeeper.client.session.SessionPathsPage;
import io.pathkeeper.client.session.SessionState;
import io.pathkeeper.client.session.Sessions;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;

/** Sessions, exclusive locks and elections in memory: a lock that somebody holds is granted to nobody else. */
public final class FakeCoordination implements Sessions, Locks, Elections {
    /** A session that a test can lose. */
    public final class FakeSession implements PathkeeperSession {
        public final SessionOptions options;
        public final CompletableFuture<Void> lost = new CompletableFuture<>();
        private final CopyOnWriteArrayList<SessionListener> listeners = new CopyOnWriteArrayList<>();
        private final long id = nextId++;

        FakeSession(SessionOptions options) {
            this.options = options;
        }

        /** Tells a state to the listeners. */
        public void become(SessionState state) {
            listeners.forEach(listener -> listener.onState(this, state));
            if (state == SessionState.LOST) {
                held.values().removeIf(holder -> holder.sessionId() == id);
                sessions.remove(id);
                lost.complete(null);
            }
        }

        @Override
        public SessionKey key() {
            return new SessionKey(id, new byte[] {1});
        }

        @Override
        public long id() {
            return id;
        }

        @Override
        public Duration timeout() {
            return options.timeout();
        }

        @Override
        public boolean wasResumed() {
            return options.resume() != null;
        }

        @Override
        public SessionState state() {
            return lost.isDone() ? SessionState.LOST : SessionState.CONNECTED;
        }

        @Override
        public void addListener(SessionListener listener) {
            listeners.add(listener);
        }

        @Override
        public void removeListener(SessionListener listener) {
            listeners.remove(listener);
        }

        @Override
        public CompletableFuture<Void> whenLost() {
            return lost;
        }

        @Override
        public CompletableFuture<Long> closeAsync() {
            listeners.clear();
            become(SessionState.LOST);
            return CompletableFuture.completedFuture(9L);
        }

        @Override
        public void close() {
            closeAsync();
        }
    }

    public final ConcurrentSkipListMap<Long, FakeSession> sessions = new ConcurrentSkipListMap<>();
    public final ConcurrentSkipListMap<String, LockHolder> held = new ConcurrentSkipListMap<>();
    public volatile LockRequest asked;
    public volatile Leader leader;
    private long nextId = 7;

    private static NodeNotFoundException none(long id) {
        return new NodeNotFoundException(
                new ErrorDetails(
                        Reason.SESSION_NOT_FOUND, "there is no session " + id, Map.of(), false, Outcome.NOT_APPLIED),
                null);
    }

    private static SessionInfo info(FakeSession session) {
        return new SessionInfo(
                session.id(),
                session.timeout(),
                session.options.identity(),
                session.options.labels(),
                "10.0.0.7:4711",
                3,
                Instant.now().minusSeconds(3723),
                1,
                2);
    }

    @Override
    public PathkeeperSession open(SessionOptions options) {
        FakeSession session = new FakeSession(options);
        sessions.put(session.id(), session);
        return session;
    }

    @Override
    public CompletableFuture<PathkeeperSession> openAsync(SessionOptions options) {
        return CompletableFuture.completedFuture(open(options));
    }

    @Override
    public CompletableFuture<SessionInfo> info(long sessionId) {
        FakeSession session = sessions.get(sessionId);
        return session == null
                ? CompletableFuture.failedFuture(none(sessionId))
                : CompletableFuture.completedFuture(info(session));
    }

    @Override
    public CompletableFuture<SessionPage> list(int pageSize, String pageToken) {
        List<SessionInfo> rest = sessions.tailMap(pageToken.isEmpty() ? 0 : Long.parseLong(pageToken)).values().stream()
                .map(FakeCoordination::info)
                .toList();
        boolean more = rest.size() > pageSize;
        return CompletableFuture.completedFuture(new SessionPage(
                more ? rest.subList(0, pageSize) : rest,
                more ? Long.toString(rest.get(pageSize).id()) : ""));
    }

    @Override
    public CompletableFuture<SessionPathsPage> paths(long sessionId, int pageSize, String pageToken) {
        return CompletableFuture.completedFuture(
                pageToken.isEmpty()
                        ? new SessionPathsPage(List.of("/w/1"), "2")
                        : new SessionPathsPage(List.of("/w/2"), ""));
    }

    private Optional<LockGrant> take(LockRequest request) {
        asked = request;
        LockHolder holder = new LockHolder(
                request.session().id(),
                "me",
                request.holderId(),
                request.mode(),
                request.permits(),
                17,
                16,
                request.note());
        if (held.putIfAbsent(request.path(), holder) != null) {
            return Optional.empty();
        }
        return Optional.of((LockGrant) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {LockGrant.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("token")) {
                        return 17L;
                    }
                    throw new AssertionError("pathctl closes the session and asks a grant for nothing but its token");
                }));
    }

    @Override
    public CompletableFuture<LockGrant> acquireAsync(LockRequest request, LongConsumer position) {
        Optional<LockGrant> grant = take(request);
        if (grant.isPresent()) {
            return CompletableFuture.completedFuture(grant.get());
        }
        position.accept(0);
        return new CompletableFuture<>();
    }

    @Override
    public LockGrant acquire(LockRequest request) {
        throw new AssertionError("pathctl waits by itself");
    }

    @Override
    public CompletableFuture<Optional<LockGrant>> tryAcquireAsync(LockRequest request, Duration wait) {
        return CompletableFuture.completedFuture(take(request));
    }

    @Override
    public Optional<LockGrant> tryAcquire(LockRequest request, Duration wait) {
        throw new AssertionError("pathctl waits by itself");
    }

    @Override
    public CompletableFuture<LockInfo> info(String path) {
        LockHolder holder = held.get(path);
        return CompletableFuture.completedFuture(
                new LockInfo(path, holder == null ? List.of() : List.of(holder), List.of(), 0, 0, false));
    }

    @Override
    public CompletableFuture<LockPage> list(String path, int pageSize, String pageToken) {
        return CompletableFuture.completedFuture(new LockPage(
                held.keySet().stream()
                        .filter(lock -> lock.startsWith(path))
                        .map(lock -> info(lock).join())
                        .toList(),
                ""));
    }

    @Override
    public Candidacy campaign(CampaignRequest request) {
        CompletableFuture<Leadership> elected = new CompletableFuture<>();
        if (leader == null) {
            leader = new Leader(21, request.session().id(), request.candidateId(), "me", request.value(), 21);
            elected.complete((Leadership) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Leadership.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("term")) {
                            return 21L;
                        }
                        return ((FakeSession) request.session()).lost;
                    }));
        }
        return new Candidacy() {
            @Override
            public CompletableFuture<Leadership> elected() {
                return elected;
            }

            @Override
            public CompletableFuture<Void> resign() {
                return CompletableFuture.completedFuture(null);
            }
        };
    }

    @Override
    public CompletableFuture<Optional<Leader>> leader(String path) {
        return CompletableFuture.completedFuture(Optional.ofNullable(leader));
    }

    @Override
    public ElectionObservation observe(String path, ElectionListener listener) {
        listener.onLeader(Optional.ofNullable(leader), 21);
        listener.onReset();
        listener.onLeader(Optional.empty(), 25);
        listener.onEnd(null);
        return new ElectionObservation() {
            @Override
            public CompletableFuture<Void> ended() {
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public void close() {}
        };
    }
}
