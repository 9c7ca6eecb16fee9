package io.pathkeeper.client.internal;

import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.session.SessionState;
import io.pathkeeper.v1.KeepAliveRequest;
import io.pathkeeper.v1.KeepAliveResponse;
import io.pathkeeper.v1.KeepAliveResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the sessions of one client alive, on one thread: every third of its timeout each session is in a keep-alive, those that are due at
 * one time share a request, and all requests share a stream. When a stream breaks or is silent, the sessions on it are asked for again with
 * single calls at the next server, before the stream is tried again. Tells the sessions when their time is over.
 *
 * <p>All state is owned by whoever calls {@link #turn}: the thread, or a test with a clock of its own. Events come through the inbox.
 */
final class SessionKeeper {
    /** Sessions that one client may have. */
    static final int MAX_SESSIONS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(SessionKeeper.class);
    private static final int MAX_REQUEST_SESSIONS = 1_000;
    private static final int MAX_SINGLE_CALLS = 64;
    private static final long TOGETHER_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long NO_ROOM_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long IDLE_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final long LONGEST_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LONGEST_STREAM_REST_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** A session with its next keep-alive. */
    private static final class Kept {
        private final DefaultSession session;
        private long nextSendNanos;
        private boolean underWay;
        private int failures;

        Kept(DefaultSession session, long nextSendNanos) {
            this.session = session;
            this.nextSendNanos = nextSendNanos;
        }
    }

    /** A question without an answer. */
    private record Asked(List<Kept> sessions, long sentNanos, long patienceNanos, boolean single) {}

    private final KeepAliveLink link;
    private final LongSupplier clock;
    private final LinkedBlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    private final AtomicInteger sessionCount = new AtomicInteger();
    private final Map<DefaultSession, Kept> kept = new LinkedHashMap<>();
    private final Map<Long, Asked> asked = new HashMap<>();
    private KeepAliveLink.@Nullable Stream stream;
    private long nextCorrelation = 1;
    private int streamFailures;
    private long singleUntilNanos;
    private boolean started;
    private volatile boolean closed;

    SessionKeeper(KeepAliveLink link, LongSupplier clock) {
        this.link = link;
        this.clock = clock;
        this.singleUntilNanos = clock.getAsLong();
    }

    int sessionCount() {
        return sessionCount.get();
    }

    /** Starts the thread when it does not run yet. */
    synchronized void start(ThreadFactory threads) {
        if (!started && !closed) {
            started = true;
            threads.newThread(this::run).start();
        }
    }

    /** Keeps a session alive from now on. */
    void keep(DefaultSession session, long lastSentNanos) {
        sessionCount.incrementAndGet();
        inbox.add(() -> {
            if (closed) {
                session.end();
            } else {
                kept.put(session, new Kept(session, lastSentNanos + session.timeoutNanos() / 3));
            }
        });
    }

    /** Looks at the sessions soon, since one has ended. */
    void wake() {
        inbox.add(() -> {});
    }

    /** Ends the thread; all sessions are lost to this client. */
    void close() {
        closed = true;
        inbox.add(() -> {});
        synchronized (this) {
            if (started) {
                return;
            }
        }
        turn();
    }

    private void run() {
        long wait = 0;
        while (!closed) {
            try {
                Runnable event = inbox.poll(wait, TimeUnit.NANOSECONDS);
                if (event != null) {
                    event.run();
                }
                wait = Math.max(0, turn() - clock.getAsLong());
            } catch (InterruptedException e) {
                // Nobody interrupts this thread but a test; the sessions must live on.
                LOG.debug("the thread of the sessions was interrupted", e);
            } catch (RuntimeException e) {
                LOG.error("keeping sessions alive failed once", e);
                wait = TOGETHER_NANOS;
            }
        }
        turn();
    }

    /**
     * Does what is due.
     *
     * @return when to come again at the latest
     */
    long turn() {
        Runnable event;
        while ((event = inbox.poll()) != null) {
            event.run();
        }
        if (closed) {
            kept.keySet().forEach(DefaultSession::end);
            kept.clear();
            cancelStream();
            return clock.getAsLong() + IDLE_NANOS;
        }
        long now = clock.getAsLong();
        giveUpLate(now);
        List<Kept> due = new ArrayList<>();
        for (Iterator<Kept> all = kept.values().iterator(); all.hasNext(); ) {
            Kept next = all.next();
            if (next.session.refresh(now) == SessionState.LOST) {
                all.remove();
                sessionCount.decrementAndGet();
            } else if (!next.underWay && next.nextSendNanos - now <= TOGETHER_NANOS) {
                due.add(next);
            }
        }
        send(due, now);
        return nextTurn(now);
    }

    private long nextTurn(long now) {
        long next = now + IDLE_NANOS;
        for (Kept one : kept.values()) {
            next = earlier(next, one.session.nextChangeNanos(now));
            if (!one.underWay) {
                // What is due and could not be sent waits for room.
                next = earlier(next, one.nextSendNanos - now > 0 ? one.nextSendNanos : now + NO_ROOM_NANOS);
            }
        }
        for (Asked question : asked.values()) {
            next = earlier(next, question.sentNanos() + question.patienceNanos());
        }
        return next;
    }

    private static long earlier(long a, long b) {
        return a - b < 0 ? a : b;
    }

    private void send(List<Kept> due, long now) {
        if (due.isEmpty()) {
            return;
        }
        if (now - singleUntilNanos < 0) {
            long calls = asked.values().stream().filter(Asked::single).count();
            due.stream().limit(Math.max(0, MAX_SINGLE_CALLS - calls)).forEach(one -> sendSingle(one, now));
            return;
        }
        KeepAliveLink.Stream open = stream;
        if (open == null) {
            open = openStream();
        }
        for (int from = 0; open != null && from < due.size(); from += MAX_REQUEST_SESSIONS) {
            List<Kept> part = List.copyOf(due.subList(from, Math.min(due.size(), from + MAX_REQUEST_SESSIONS)));
            KeepAliveRequest.Builder request = KeepAliveRequest.newBuilder().setCorrelationId(ask(part, now, false));
            part.forEach(one -> request.addSessions(SessionProto.key(one.session.key())));
            open.send(request.build());
        }
    }

    private long ask(List<Kept> sessions, long now, boolean single) {
        long patience = LONGEST_SILENCE_NANOS;
        for (Kept one : sessions) {
            one.underWay = true;
            patience = Math.min(patience, patience(one));
        }
        long correlation = nextCorrelation++;
        asked.put(correlation, new Asked(sessions, now, patience, single));
        return correlation;
    }

    /** How long to wait for an answer: short at first, so that several servers can be asked, then longer, should all of them be slow. */
    private static long patience(Kept one) {
        return Math.min(LONGEST_SILENCE_NANOS, one.session.timeoutNanos() / (one.failures == 0 ? 6 : 3));
    }

    private KeepAliveLink.@Nullable Stream openStream() {
        KeepAliveLink.Stream[] opened = new KeepAliveLink.Stream[1];
        opened[0] = link.open(new KeepAliveLink.StreamListener() {
            @Override
            public void answered(KeepAliveResponse response) {
                inbox.add(() -> take(response));
            }

            @Override
            public void closed(Errors.WireError error) {
                inbox.add(() -> streamClosed(opened[0], error));
            }
        });
        stream = opened[0];
        return stream;
    }

    private void sendSingle(Kept one, long now) {
        long correlation = ask(List.of(one), now, true);
        link.renew(
                SessionProto.key(one.session.key()),
                patience(one),
                (answer, error) -> inbox.add(() -> {
                    Asked question = asked.remove(correlation);
                    if (question == null) {
                        return;
                    }
                    if (answer != null) {
                        settle(one, question.sentNanos(), answer.getRemainingMs(), "");
                    } else if (error != null && isOver(error.reason())) {
                        settle(one, question.sentNanos(), 0, error.reason());
                    } else if (error != null) {
                        LOG.debug("a keep-alive of {} failed: {}", one.session, error.message());
                        link.leave(error.unreachable());
                        failed(one);
                    }
                }));
    }

    private void take(KeepAliveResponse response) {
        Asked question = asked.remove(response.getCorrelationId());
        if (question == null || question.single()) {
            return;
        }
        streamFailures = 0;
        List<Kept> sessions = question.sessions();
        for (int i = 0; i < sessions.size(); i++) {
            Kept one = sessions.get(i);
            KeepAliveResult result =
                    i < response.getResultsCount() ? response.getResults(i) : KeepAliveResult.getDefaultInstance();
            if (result.getSessionId() == one.session.id()) {
                settle(one, question.sentNanos(), result.getRemainingMs(), result.getReason());
            } else {
                LOG.warn("a server answered a keep-alive of {} with {}", one.session, result.getSessionId());
                failed(one);
            }
        }
    }

    private void settle(Kept one, long sentNanos, long remainingMillis, String reason) {
        long now = clock.getAsLong();
        if (isOver(reason)) {
            one.underWay = false;
            if (one.session.state() != SessionState.LOST) {
                LOG.info("session {} has ended: {}", one.session.id(), reason);
            }
            one.session.end();
        } else if (!reason.isEmpty() || remainingMillis <= 0) {
            failed(one);
        } else {
            one.underWay = false;
            one.failures = 0;
            one.nextSendNanos = sentNanos + one.session.timeoutNanos() / 3;
            one.session.heard(sentNanos, TimeUnit.MILLISECONDS.toNanos(remainingMillis), now);
        }
    }

    private static boolean isOver(String reason) {
        return reason.equals(Reason.SESSION_EXPIRED)
                || reason.equals(Reason.SESSION_NOT_FOUND)
                || reason.equals(Reason.SESSION_SECRET_WRONG);
    }

    /** Asks for a session again soon: from 25 ms on, doubling up to a sixth of its timeout. */
    private void failed(Kept one) {
        long longest = one.session.timeoutNanos() / 6;
        long delay = Math.min(longest, TimeUnit.MILLISECONDS.toNanos(25) << Math.min(one.failures, 16));
        one.failures++;
        one.underWay = false;
        one.nextSendNanos = clock.getAsLong() + delay;
    }

    private void giveUpLate(long now) {
        boolean late = false;
        boolean lateOnStream = false;
        for (Iterator<Asked> all = asked.values().iterator(); all.hasNext(); ) {
            Asked question = all.next();
            if (now - question.sentNanos() - question.patienceNanos() >= 0) {
                all.remove();
                question.sessions().forEach(this::failed);
                late = true;
                lateOnStream |= !question.single();
            }
        }
        if (lateOnStream) {
            cancelStream();
            failStream(now);
            restStream(now);
        }
        if (late) {
            LOG.debug("keep-alives had no answer in time, the next server is asked");
            link.leave(false);
        }
    }

    private void streamClosed(KeepAliveLink.@Nullable Stream ended, Errors.WireError error) {
        if (ended == null || ended != stream) {
            return;
        }
        stream = null;
        if (failStream(clock.getAsLong())) {
            LOG.debug("the stream of keep-alives ended: {}", error.message());
        }
        link.leave(error.unreachable());
    }

    private void cancelStream() {
        KeepAliveLink.Stream open = stream;
        stream = null;
        if (open != null) {
            open.cancel();
        }
    }

    /** The stream is gone: asks with single calls what it carried. Returns whether it carried anything. */
    private boolean failStream(long now) {
        boolean carried = asked.values().removeIf(question -> {
            if (!question.single()) {
                question.sessions().forEach(this::failed);
            }
            return !question.single();
        });
        if (carried) {
            restStream(now);
        }
        return carried;
    }

    /** Goes on with single calls for a while, the longer the more often streams fail. */
    private void restStream(long now) {
        long rest = Math.min(LONGEST_STREAM_REST_NANOS, TimeUnit.SECONDS.toNanos(1) << Math.min(streamFailures, 6));
        streamFailures++;
        singleUntilNanos = now + rest;
    }
}
