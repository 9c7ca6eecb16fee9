package io.pathkeeper.it.coordination;

import io.grpc.StatusRuntimeException;
import io.pathkeeper.it.history.LockHistory;
import io.pathkeeper.it.history.LockHistory.Entry;
import io.pathkeeper.it.history.LockHistory.Mode;
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
 * One client that takes a lock again and again, writes under its guard, tries its former token, too, and gives the lock back. Now and then it
 * falls silent while it holds or waits, so that its session expires, and opens another one. A thread of its own; records everything.
 */
public final class Contender implements Runnable {
    /** The lock. */
    public static final String LOCK = "/lock";
    /** The znode that is written under its guard. */
    public static final String VALUE = "/guarded";
    /** Parent of the ephemeral znodes of all sessions. */
    public static final String MEMBERS = "/members";

    private static final int EPHEMERALS = 2;
    private static final double SILENT_WHILE_HOLDING = 0.01;
    private static final double SILENT_WHILE_WAITING = 0.02;
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(60);

    /** What all contenders of a run share. */
    public record Run(
            List<ServerStubs> servers,
            KeepAlives keepAlives,
            LockHistory history,
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
                }
            } catch (StatusRuntimeException e) {
                run.keepAlives().remove(session.getId());
                if (!ServerStubs.reasonOf(e).equals("SESSION_EXPIRED")) {
                    throw e;
                }
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
            boolean held = look(lock, token);
            if (silent) {
                run.keepAlives().remove(session.getId());
                writeUntilRefused(token);
                return false;
            }
            if (held) {
                write(token);
                tryFormerToken();
                release(lock, token);
            }
            formerToken = token;
        }
        return true;
    }

    /** Records the grant with the revision of its arrival, which only the lock itself tells. Returns whether it is still held. */
    private boolean look(LockRequest lock, long token) {
        GetLockResponse answer = client.look(LOCK);
        List<Entry> holders = CoordinationClient.entries(answer.getLock().getHoldersList());
        List<Entry> waiters = CoordinationClient.entries(answer.getLock().getWaitersList());
        run.history().looked(answer.getHeader().getRevision(), holders, waiters);
        long session = lock.getSession().getId();
        for (Entry holder : holders) {
            if (holder.session() == session && holder.holder().equals(lock.getHolderId()) && holder.token() == token) {
                run.history().granted(holder);
                return true;
            }
        }
        run.history().granted(new Entry(session, lock.getHolderId(), Mode.EXCLUSIVE, 0, 0, token));
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

    private void release(LockRequest lock, long token) {
        try {
            run.history().released(token, lock.getHolderId(), client.release(lock, token));
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
