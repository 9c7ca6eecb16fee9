package io.pathkeeper.client.recipe;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.error.ErrorDetails;
import io.pathkeeper.client.error.LimitExceededException;
import io.pathkeeper.client.error.NodeExistsException;
import io.pathkeeper.client.error.NodeNotFoundException;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.model.Child;
import io.pathkeeper.client.model.Condition;
import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.Guards;
import io.pathkeeper.client.model.ListOptions;
import io.pathkeeper.client.model.Operation;
import io.pathkeeper.client.model.ReadResult;
import io.pathkeeper.client.model.TransactResult;
import io.pathkeeper.client.model.Transaction;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.ZnodeKind;
import io.pathkeeper.client.observe.ObserveRequest;
import io.pathkeeper.client.observe.ObserveScope;
import io.pathkeeper.client.session.PathkeeperSession;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A queue of up to 10,000 entries: work for a few programs, not a message broker. An entry is claimed for a session, worked on, and
 * acknowledged; a claim ends with its session, and the entry comes again.
 *
 * <p><b>Promised:</b> an entry that was added is claimed at least once and is gone only when it was acknowledged; at each revision at most one open
 * session has claimed it; an acknowledgement succeeds only while its claim holds. Entries are offered in the order in which they were added.
 * <b>Not promised:</b> exactly once: whoever loses its session in the middle of the work has perhaps done it, and another one does it again. The
 * limit is looked at before an entry is added, so several that add at one moment may pass it by their number.
 *
 * <pre>{@code
 * DistributedQueue queue = new DistributedQueue(client, session, "/queues/mail");
 * queue.add(Value.map("to", "a@example.org"));
 * DistributedQueue.Claim claim = queue.take(Duration.ofSeconds(5)).orElseThrow();
 * System.out.println(claim.value().get("to").asString());
 * claim.acknowledge();
 * }</pre>
 */
public final class DistributedQueue {
    /** Entries that a queue may have. */
    public static final int MAX_ENTRIES = 10_000;

    private final PathkeeperClient client;
    private final PathkeeperSession session;
    private final String entries;
    private final String claims;

    /**
     * Makes a queue.
     *
     * @param session owns the claims of this object
     */
    public DistributedQueue(PathkeeperClient client, PathkeeperSession session, String path) {
        this.client = client;
        this.session = session;
        this.entries = Waits.child(path, "entries");
        this.claims = Waits.child(path, "claims");
    }

    /** An entry that is claimed. Safe to use from any thread. */
    public final class Claim {
        private final String name;
        private final Value value;

        private Claim(String name, Value value) {
            this.name = name;
            this.value = value;
        }

        /** Returns the name of the entry: ten digits or more, in the order of the entries. */
        public String name() {
            return name;
        }

        /** Returns the entry. */
        public Value value() {
            return value;
        }

        /**
         * Removes the entry: the work is done.
         *
         * @throws io.pathkeeper.client.error.PathkeeperException when the claim is over: another one may do the work again
         */
        public void acknowledge() {
            client.store()
                    .transact(Transaction.of(
                                    Operation.delete(Waits.child(claims, name)),
                                    Operation.delete(Waits.child(entries, name)))
                            .guards(Guards.none().requireSession(session)));
        }

        /** Gives the entry back: another one may claim it. */
        public void release() {
            client.store()
                    .transact(Transaction.of(Operation.delete(Waits.child(claims, name)))
                            .guards(Guards.none().requireSession(session)));
        }
    }

    /**
     * Adds an entry at the end.
     *
     * @throws LimitExceededException when the queue is full
     */
    public String add(Value value) {
        long present = size();
        if (present >= MAX_ENTRIES) {
            throw new LimitExceededException(
                    new ErrorDetails(
                            Reason.QUOTA_EXCEEDED,
                            "the queue " + entries + " has " + present + " entries, and the limit is " + MAX_ENTRIES
                                    + ": wait until some are acknowledged",
                            Map.of("path", entries, "limit", Integer.toString(MAX_ENTRIES)),
                            true,
                            Outcome.NOT_APPLIED),
                    null);
        }
        CreateOptions options = CreateOptions.defaults().sequential(true).createParents(true);
        String created = client.store().create(entries + "/", value, options).path();
        return created.substring(entries.length() + 1);
    }

    /** Returns how many entries there are, claimed ones included, linearizably. */
    public long size() {
        try {
            return client.store()
                    .listChildren(entries, ListOptions.defaults().pageSize(1))
                    .parentStat()
                    .childCount();
        } catch (NodeNotFoundException e) {
            return 0;
        }
    }

    /** Claims the first entry that nobody has claimed; empty when there is none. */
    public Optional<Claim> poll() {
        Waits.requireSession(session);
        Set<String> claimed = names(claims);
        try {
            for (Child entry :
                    client.store().allChildren(entries, ListOptions.defaults().pageSize(1_000))) {
                Claim claim = claimed.contains(entry.name()) ? null : claim(entry.name());
                if (claim != null) {
                    return Optional.of(claim);
                }
            }
        } catch (NodeNotFoundException e) {
            // Nothing was ever added.
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** Claims the first entry that nobody has claimed; waits for one, at most so long; empty when there is none by then. */
    public Optional<Claim> take(Duration timeout) {
        Claim[] taken = new Claim[1];
        ObserveRequest changes = ObserveRequest.children(entries).and(claims, ObserveScope.CHILDREN);
        ChangeSignal.await(
                client,
                changes,
                session,
                () -> {
                    taken[0] = poll().orElse(null);
                    return taken[0] != null;
                },
                timeout);
        return Optional.ofNullable(taken[0]);
    }

    private Set<String> names(String path) {
        Set<String> names = new HashSet<>();
        try {
            client.store()
                    .allChildren(path, ListOptions.defaults().pageSize(1_000))
                    .forEach(child -> names.add(child.name()));
        } catch (NodeNotFoundException e) {
            // Nothing is claimed.
            return names;
        }
        return names;
    }

    /** Claims an entry; null when another one was faster, or it is gone. */
    private @Nullable Claim claim(String name) {
        CreateOptions ephemeral =
                CreateOptions.defaults().ephemeral(session).createParents(true).parentKind(ZnodeKind.CONTAINER);
        String entry = Waits.child(entries, name);
        try {
            TransactResult result = client.store()
                    .transact(Transaction.when(Condition.exists(entry))
                            .then(
                                    Operation.create(Waits.child(claims, name), Value.NULL, ephemeral),
                                    Operation.get(entry)));
            return result.succeeded() && result.results().get(1) instanceof ReadResult read
                    ? read.znode().map(znode -> new Claim(name, znode.value())).orElse(null)
                    : null;
        } catch (NodeExistsException e) {
            return null;
        }
    }
}
