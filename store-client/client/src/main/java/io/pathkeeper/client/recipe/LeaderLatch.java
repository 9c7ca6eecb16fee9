package io.pathkeeper.client.recipe;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.coordination.CampaignRequest;
import io.pathkeeper.client.coordination.Leadership;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.session.PathkeeperSession;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A latch that opens when this program leads, for programs that wait rather than listen. Promises what {@link LeaderElection} promises, and no
 * more.
 *
 * <pre>{@code
 * try (LeaderLatch latch = new LeaderLatch(client, session, "/elections/cleaner")) {
 *     Leadership leadership = latch.await();
 *     System.out.println(latch.hasLeadership() + " in term " + leadership.term());
 * }
 * }</pre>
 */
public final class LeaderLatch implements AutoCloseable {
    private final LeaderElection election;
    private boolean ended;
    private @Nullable PathkeeperException failure;

    /** Begins to stand for election; does not wait. */
    public LeaderLatch(PathkeeperClient client, PathkeeperSession session, String path) {
        this(client, CampaignRequest.of(path, session));
    }

    /** Begins to stand for election; does not wait. */
    public LeaderLatch(PathkeeperClient client, CampaignRequest request) {
        this.election = LeaderElection.start(client, request, new LeaderElection.Listener() {
            @Override
            public void onElected(Leadership leadership) {
                wake();
            }

            @Override
            public void onEnd(@Nullable PathkeeperException error) {
                end(error);
            }
        });
    }

    private synchronized void wake() {
        notifyAll();
    }

    private synchronized void end(@Nullable PathkeeperException error) {
        ended = true;
        failure = error;
        notifyAll();
    }

    /** Returns whether this program leads as of this moment. Does not wait. */
    public boolean hasLeadership() {
        return election.isLeader();
    }

    /**
     * Waits until this program leads. Not for callback threads, which would wait for themselves.
     *
     * @throws PathkeeperException when the session is lost, or the waiting thread is interrupted
     * @throws IllegalStateException when the latch is closed
     */
    public Leadership await() {
        while (true) {
            Optional<Leadership> leadership = await(Duration.ofHours(1));
            if (leadership.isPresent()) {
                return leadership.get();
            }
        }
    }

    /** Waits until this program leads, at most so long; empty when it does not by then. See {@link #await()}. */
    public synchronized Optional<Leadership> await(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            Optional<Leadership> leadership = election.leadership().filter(Leadership::isLeader);
            if (leadership.isPresent()) {
                return leadership;
            }
            PathkeeperException why = failure;
            if (why != null) {
                throw why;
            }
            if (ended) {
                throw new IllegalStateException("the latch is closed");
            }
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return Optional.empty();
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                throw Waits.interrupted(e);
            }
        }
    }

    /** Gives the leadership up, or leaves the queue; does not wait. May be called again. */
    @Override
    public void close() {
        election.close();
    }
}
