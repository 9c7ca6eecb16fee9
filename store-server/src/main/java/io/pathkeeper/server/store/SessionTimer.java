package io.pathkeeper.server.store;

import io.pathkeeper.server.state.RevisionChanges;
import java.util.List;

/**
 * Keeps the time of sessions while this server leads. Port of the store; the member of the cluster calls it. No call blocks or
 * waits for anything.
 */
public interface SessionTimer {
    /** Keeps no time. For members whose sessions nobody needs. */
    SessionTimer NONE = new SessionTimer() {
        @Override
        public long[] touch(long[] sessionIds) {
            return sessionIds;
        }

        @Override
        public void leaderReady(long term) {}

        @Override
        public void notLeader() {}

        @Override
        public void changed(List<RevisionChanges> changes) {}

        @Override
        public void heard(long[] sessionIds) {}

        @Override
        public void tick(long nowNanos) {}
    };

    /**
     * These sessions were heard of now: each has its whole timeout from now on. The caller may say so to clients only after a
     * round of leadership confirmation that began behind this call.
     *
     * @return those that were not touched: this server does not know them (yet), or is about to end them, or does not lead; any thread
     */
    long[] touch(long[] sessionIds);

    /**
     * This server leads in this term and has applied everything of older terms: every session gets its whole time from now on.
     * Called before the first touch of that term.
     */
    void leaderReady(long term);

    /** This server does not lead any longer: it ends nobody. */
    void notLeader();

    /** These changes are published; on every server, on the apply thread, in order. */
    void changed(List<RevisionChanges> changes);

    /**
     * The clients of these sessions asked for something that is applied now, whatever came of it: each of them has its whole timeout from now on,
     * unless its end was proposed already. On every server, on the apply thread, behind {@link #changed} of the same entry.
     *
     * @param sessionIds may hold one several times, and some that are over
     */
    void heard(long[] sessionIds);

    /**
     * Time goes on; called at short intervals by one thread, whoever leads.
     *
     * @param nowNanos {@link System#nanoTime()}
     */
    void tick(long nowNanos);
}
