package io.pathkeeper.it.coordination;

import io.grpc.StatusRuntimeException;
import io.pathkeeper.it.history.LockHistory;
import io.pathkeeper.it.history.LockHistory.Entry;
import io.pathkeeper.it.history.SessionEndings;
import io.pathkeeper.v1.GetLockResponse;
import io.pathkeeper.v1.LockMode;
import io.pathkeeper.v1.LockRequest;
import io.pathkeeper.v1.SessionKey;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * One client that takes locks again and again: one alone, under whose guard it writes, with its former token, too, one that others share, and permits. It gives each back. Now and then it
 * falls silent while it holds the first or waits for it, so that its session expires, tries what no server may do any more with that session, and opens another one. A thread of its own;
 * records everything.
 */
public final class Contender implements Runnable {
    /** The lock. */
    public static final String LOCK = "/lock";
    /** The lock that is shared, or held alone. */
    public static final String SHARED_LOCK = "/shared-lock";
    /** The lock with permits. */
    public static final String PERMITS_LOCK = "/permits-lock";
    /** Permits that it has in all. */
    public static final long PERMITS = 4;
    /** The znode that is written under its guard. */
    public static final String VALUE = "/guarded";
    /** Parent of the ephemeral znodes of all sessions. */
    public static final String MEMBERS = "/members";

    private static final int EPHEMERALS = 2;
    private static final double SILENT_WHILE_HOLDING = 0.01;
    private static final double SILENT_WHILE_WAITING = 0.02;
    private static final double OTHER_LOCK = 0.5;
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(60);
    private static final Duration ONE_SERVER_PATIENCE = Duration.ofSeconds(5);

    /** What all contenders of a run share. */
    public record Run(
            List<ServerStubs> servers,
            KeepAlives keepAlives,
            LockHistory history,
            LockHistory shared,
            LockHistory permits,
            SessionEndings endings,
            Duration sessionTimeout,
            Duration patience) {}

    private final Run run;
    private final int number;
    private final BooleanSupplier stopping;
    private final CoordinationClient client;
    private final SplittableRandom random;
    private long formerToken;

    /** A contender with a number of its own, and dice that follow from the seed, which goes on until it shall stop. */
    public Contender(Run run, int number, long seed, BooleanSupplier stopping) {
        this.run = run;
        this.number = number;
        this.stopping = stopping;
        this.client = new CoordinationClient(run.servers(), number, run.patience());
        this.random = new SplittableRandom(seed + number);
    }

    @Override
    public void run() {
        while (!stopping.getAsBoolean()) {
            SessionKey session = client.open(run.sessionTimeout(), "client-" + number);
            run.keepAlives().add(session);
            try {
                join(session);
                if (contend(session)) {
                    run.keepAlives().remove(session.getId());
                    client.close(session);
                } else {
                    useTheDead(session);
                }
            } catch (StatusRuntimeException e) {
                if (!ServerStubs.reasonOf(e).equals("SESSION_EXPIRED")) {
                    run.keepAlives().remove(session.getId());
                    throw e;
                }
                run.keepAlives().isOver(session.getId());
            }
        }
    }

    private void join(SessionKey session) {
        for (int i = 0; i < EPHEMERALS; i++) {
            String path = MembersObserver.path(MEMBERS, session.getId(), i);
            run.endings().creating(session.getId(), path);
            client.createEphemeral(session, path);
            run.endings().created(session.getId(), path);
        }
    }

    /** Takes the lock until the run ends, or the session does, which is thrown. Returns false when it fell silent. */
    private boolean contend(SessionKey session) {
        for (int turn = 0; !stopping.getAsBoolean(); turn++) {
            if (random.nextDouble() < OTHER_LOCK) {
                contendForAnother(session, turn);
                continue;
            }
            LockRequest lock = LockRequest.newBuilder()
                    .setPath(LOCK)
                    .setSession(session)
                    .setHolderId(number + "." + turn)
                    .setMode(LockMode.LOCK_MODE_EXCLUSIVE)
                    .build();
            double dice = random.nextDouble();
            boolean silent = dice < SILENT_WHILE_HOLDING + SILENT_WHILE_WAITING;
            if (dice < SILENT_WHILE_WAITING) {
                run.keepAlives().remove(session.getId());
            }
            long token = client.acquire(lock);
            boolean held = look(run.history(), lock, token);
            if (silent) {
                run.keepAlives().remove(session.getId());
                writeUntilRefused(token);
                return false;
            }
            if (held) {
                write(token);
                tryFormerToken();
                release(run.history(), lock, token);
            }
            formerToken = token;
        }
        return true;
    }

    /** Takes the lock that is shared, now and then alone, or permits, looks at it and gives it back. */
    private void contendForAnother(SessionKey session, int turn) {
        boolean permits = random.nextBoolean();
        LockRequest.Builder lock = LockRequest.newBuilder().setSession(session).setHolderId(number + "." + turn);
        if (permits) {
            lock.setPath(PERMITS_LOCK)
                    .setMode(LockMode.LOCK_MODE_PERMITS)
                    .setPermits(random.nextLong(1, PERMITS))
                    .setMaxPermits(PERMITS);
        } else {
            lock.setPath(SHARED_LOCK)
                    .setMode(random.nextInt(4) == 0 ? LockMode.LOCK_MODE_EXCLUSIVE : LockMode.LOCK_MODE_SHARED);
        }
        LockHistory history = permits ? run.permits() : run.shared();
        long token = client.acquire(lock.build());
        look(history, lock.build(), token);
        release(history, lock.build(), token);
    }

    /** A session that was seen to be over: each server by itself must say so of whatever is tried with it. */
    private void useTheDead(SessionKey session) {
        for (int i = 0; i < run.servers().size() && !stopping.getAsBoolean(); i++) {
            ServerStubs server = run.servers().get(i);
            CoordinationClient only = new CoordinationClient(List.of(server), 0, ONE_SERVER_PATIENCE);
            String path = MembersObserver.path(MEMBERS, session.getId(), EPHEMERALS + i);
            use(session, "a new ephemeral znode at " + server.address(), () -> only.createEphemeral(session, path));
            use(session, "a renewal at " + server.address(), () -> only.renew(session));
        }
    }

    private void use(SessionKey session, String what, Runnable call) {
        try {
            call.run();
            run.endings().usedBehindEnd(session.getId(), what, "");
        } catch (StatusRuntimeException e) {
            if (!CoordinationClient.isTriedAgain(e)) {
                run.endings().usedBehindEnd(session.getId(), what, ServerStubs.reasonOf(e));
            }
        }
    }

    /** Records the grant with the revision of its arrival, which only the lock itself tells. Returns whether it is still held. */
    private boolean look(LockHistory history, LockRequest lock, long token) {
        GetLockResponse answer = client.look(lock.getPath());
        List<Entry> holders = CoordinationClient.entries(answer.getLock().getHoldersList());
        List<Entry> waiters = CoordinationClient.entries(answer.getLock().getWaitersList());
        history.looked(answer.getHeader().getRevision(), holders, waiters);
        long session = lock.getSession().getId();
        for (Entry holder : holders) {
            if (holder.session() == session && holder.holder().equals(lock.getHolderId()) && holder.token() == token) {
                history.granted(holder);
                return true;
            }
        }
        // it is over already, or its session is
        history.granted(new Entry(
                session, lock.getHolderId(), CoordinationClient.mode(lock.getMode()), lock.getPermits(), 0, token));
        return false;
    }

    private void write(long token) {
        try {
            run.history().wrote(token, client.guardedSet(VALUE, number, LOCK, token));
        } catch (StatusRuntimeException e) {
            if (!isNotHeld(e)) {
                throw e;
            }
            run.history().refused(token);
        }
    }

    private void tryFormerToken() {
        if (formerToken == 0) {
            return;
        }
        try {
            run.history().wrote(formerToken, client.guardedSet(VALUE, number, LOCK, formerToken));
        } catch (StatusRuntimeException e) {
            if (!isNotHeld(e)) {
                throw e;
            }
            run.history().refusedBehindRelease();
        }
    }

    private void writeUntilRefused(long token) {
        long deadline = System.nanoTime() + SILENCE_LIMIT.toNanos();
        boolean held = true;
        while (held && System.nanoTime() - deadline < 0) {
            try {
                run.history().wrote(token, client.guardedSet(VALUE, number, LOCK, token));
                Thread.sleep(200); // the pace of the writes; nothing is waited for
            } catch (StatusRuntimeException e) {
                if (!isNotHeld(e)) {
                    throw e;
                }
                run.history().refused(token);
                held = false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        if (held) {
            throw new IllegalStateException(
                    "token " + token + " still held " + SILENCE_LIMIT + " after the last sign of life of its session");
        }
    }

    private void release(LockHistory history, LockRequest lock, long token) {
        try {
            history.released(token, lock.getHolderId(), client.release(lock, token));
        } catch (StatusRuntimeException e) {
            if (!isNotHeld(e)) {
                throw e;
            }
        }
    }

    private static boolean isNotHeld(StatusRuntimeException error) {
        return ServerStubs.reasonOf(error).equals("LOCK_NOT_HELD");
    }
}
