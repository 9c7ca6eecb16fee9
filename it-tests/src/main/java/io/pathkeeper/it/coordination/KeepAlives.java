package io.pathkeeper.it.coordination;

import io.grpc.stub.StreamObserver;
import io.pathkeeper.v1.KeepAliveRequest;
import io.pathkeeper.v1.KeepAliveResponse;
import io.pathkeeper.v1.KeepAliveResult;
import io.pathkeeper.v1.SessionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps many sessions alive over one stream with a thread of its own, 1,000 in a message; when a server does not answer, the stream is opened at the next one.
 * Sessions may be added and removed from any thread.
 */
public final class KeepAlives implements AutoCloseable {
    private static final int SESSIONS_PER_MESSAGE = 1_000;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);

    private final List<ServerStubs> servers;
    private final long intervalNanos;
    private final LongConsumer onEnd;
    private final Map<Long, SessionKey> sessions = new ConcurrentHashMap<>();
    private final Map<Long, Long> lastHeardNanos = new ConcurrentHashMap<>();
    private final Map<Long, Long> lostNanos = new ConcurrentHashMap<>();
    private final AtomicLong renewed = new AtomicLong();
    private final AtomicLong broken = new AtomicLong();
    private final Thread thread = new Thread(this::run, "keep-alives");
    private volatile boolean stopping;
    private volatile @Nullable RuntimeException failure;
    private int next;
    private long correlation;
    private @Nullable Exchange exchange;

    private record Exchange(StreamObserver<KeepAliveRequest> requests, BlockingQueue<KeepAliveResponse> answers) {}

    /**
     * Starts.
     *
     * @param interval time between two messages of a session
     * @param onEnd told the id of a session that is over, from the thread of the keep-alives or that of {@link #isOver}
     */
    public KeepAlives(List<ServerStubs> servers, Duration interval, LongConsumer onEnd) {
        this.servers = List.copyOf(servers);
        this.intervalNanos = interval.toNanos();
        this.onEnd = onEnd;
        thread.setDaemon(true);
        thread.start();
    }

    /** Keeps a session alive from now on. */
    public void add(SessionKey session) {
        sessions.put(session.getId(), session);
    }

    /** Says nothing more of a session: from now on it is dying. */
    public void remove(long session) {
        sessions.remove(session);
    }

    /** Somebody was told that a session is over: when it was to be kept alive, that is how it was learnt. */
    public void isOver(long session) {
        if (sessions.remove(session) != null) {
            lostNanos.put(session, System.nanoTime());
            onEnd.accept(session);
        }
    }

    /** What ended the keep-alives before they were closed; null when nothing did. */
    public @Nullable RuntimeException failure() {
        return failure;
    }

    /** Answers that a session lives, in all. */
    public long renewedCount() {
        return renewed.get();
    }

    /** Streams that broke off or were not answered in time. */
    public long brokenCount() {
        return broken.get();
    }

    /** The {@link System#nanoTime()} at which the last message was sent that was answered well; null when there was none. */
    public @Nullable Long lastHeardNanos(long session) {
        return lastHeardNanos.get(session);
    }

    /** The {@link System#nanoTime()} at which it was learnt that sessions are over which had not been removed. */
    public Map<Long, Long> lostNanos() {
        return Map.copyOf(lostNanos);
    }

    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!stopping) {
                long started = System.nanoTime();
                List<SessionKey> all = new ArrayList<>(sessions.values());
                for (int from = 0; from < all.size(); from += SESSIONS_PER_MESSAGE) {
                    renew(all.subList(from, Math.min(all.size(), from + SESSIONS_PER_MESSAGE)));
                }
                long left = intervalNanos - (System.nanoTime() - started);
                if (left > 0) {
                    TimeUnit.NANOSECONDS.sleep(left);
                }
            }
        } catch (InterruptedException e) {
            // closed
        } catch (RuntimeException e) {
            failure = e;
        }
        Exchange last = exchange;
        if (last != null) {
            last.requests().onCompleted();
        }
    }

    private void renew(List<SessionKey> some) throws InterruptedException {
        for (int attempt = 0; attempt < 2 * servers.size() && !stopping; attempt++) {
            long sent = System.nanoTime();
            KeepAliveResponse answer = ask(some);
            if (answer != null) {
                answer.getResultsList().forEach(result -> note(result, sent));
                return;
            }
            broken.incrementAndGet();
            exchange = null;
            next = (next + 1) % servers.size();
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private void note(KeepAliveResult result, long sent) {
        if (result.getReason().isEmpty()) {
            renewed.incrementAndGet();
            lastHeardNanos.put(result.getSessionId(), sent);
        } else {
            isOver(result.getSessionId());
        }
    }

    private @Nullable KeepAliveResponse ask(List<SessionKey> some) throws InterruptedException {
        Exchange current = exchange;
        if (current == null) {
            current = open();
            exchange = current;
        }
        long id = ++correlation;
        current.requests()
                .onNext(KeepAliveRequest.newBuilder()
                        .setCorrelationId(id)
                        .addAllSessions(some)
                        .build());
        KeepAliveResponse answer = current.answers().poll(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        return answer != null && answer.getCorrelationId() == id ? answer : null;
    }

    private Exchange open() {
        BlockingQueue<KeepAliveResponse> answers = new ArrayBlockingQueue<>(4);
        StreamObserver<KeepAliveRequest> requests = servers.get(next)
                .keepAlives()
                .keepAlive(new StreamObserver<>() {
                    @Override
                    public void onNext(KeepAliveResponse answer) {
                        answers.offer(answer);
                    }

                    @Override
                    public void onError(Throwable error) {
                        answers.offer(KeepAliveResponse.getDefaultInstance()); // its correlation is nobody's
                    }

                    @Override
                    public void onCompleted() {
                        answers.offer(KeepAliveResponse.getDefaultInstance());
                    }
                });
        return new Exchange(requests, answers);
    }
}
