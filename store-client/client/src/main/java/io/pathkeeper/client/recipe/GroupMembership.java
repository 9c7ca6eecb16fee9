package io.pathkeeper.client.recipe;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.client.session.SessionOptions;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Membership in a group: an ephemeral child for this member, and a copy of all members that follows them.
 *
 * <p><b>Promised:</b> what {@link PersistentEphemeral} promises for this member and {@link ChildrenCache} for the others. <b>Not promised:</b> that all
 * members see the same members at one moment: whoever needs that decides by a lock, an election or a guarded write.
 *
 * <pre>{@code
 * SessionOptions options = SessionOptions.defaults().identity("node-1");
 * try (GroupMembership group = GroupMembership.join(
 *         client, options, "/groups/search", "node-1", Value.of("10.0.0.1"), (before, after) -> System.out.println(after))) {
 *     group.joined().join();
 *     System.out.println(group.members().keySet());
 * }
 * }</pre>
 */
public final class GroupMembership implements AutoCloseable {
    private final PersistentEphemeral member;
    private final ChildrenCache members;
    private final CompletableFuture<Void> shown;

    private GroupMembership(PersistentEphemeral member, ChildrenCache members, CompletableFuture<Void> shown) {
        this.member = member;
        this.members = members;
        this.shown = shown;
    }

    /**
     * Joins; does not wait.
     *
     * @param options of the sessions of this member
     * @param path of the group
     * @param memberId name of this member, one path segment
     * @param value what the others see of this member
     */
    public static GroupMembership join(
            PathkeeperClient client,
            SessionOptions options,
            String path,
            String memberId,
            Value value,
            CacheListener listener) {
        String own = Waits.child(path, memberId);
        Arrival arrival = new Arrival(own, listener);
        ChildrenCache members = ChildrenCache.start(client, path, arrival);
        return new GroupMembership(PersistentEphemeral.start(client, options, own, value), members, arrival.shown);
    }

    /** Returns a future that completes when this member has joined and is among the {@link #members()} that are known here. */
    public CompletableFuture<Void> joined() {
        return member.created()
                .thenCombine(members.initialized(), (joined, known) -> joined)
                .thenCombine(shown, (joined, seen) -> joined);
    }

    /** Returns a copy of the members and their values, by their names. Does not wait. */
    public SortedMap<String, Value> members() {
        SortedMap<String, Value> values = new TreeMap<>();
        members.children().forEach((name, znode) -> values.put(name, znode.value()));
        return values;
    }

    /** Changes what the others see of this member. */
    public CompletableFuture<Void> set(Value value) {
        return member.set(value);
    }

    /** Leaves the group; does not wait. May be called again. */
    @Override
    public void close() {
        member.close();
        members.close();
    }

    /** Passes all on and notices when this member is shown for the first time. */
    private static final class Arrival implements CacheListener {
        final CompletableFuture<Void> shown = new CompletableFuture<>();
        private final String own;
        private final CacheListener listener;

        Arrival(String own, CacheListener listener) {
            this.own = own;
            this.listener = listener;
        }

        @Override
        public void onChange(@Nullable Znode before, @Nullable Znode after) {
            if (after != null && after.path().equals(own)) {
                shown.complete(null);
            }
            listener.onChange(before, after);
        }

        @Override
        public void onInitialized() {
            listener.onInitialized();
        }

        @Override
        public void onResynced() {
            listener.onResynced();
        }

        @Override
        public void onEnd(@Nullable PathkeeperException error) {
            listener.onEnd(error);
        }
    }
}
