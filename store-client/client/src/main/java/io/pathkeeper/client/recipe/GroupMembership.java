package io.pathkeeper.client.recipe;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.session.SessionOptions;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

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

    private GroupMembership(PersistentEphemeral member, ChildrenCache members) {
        this.member = member;
        this.members = members;
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
        ChildrenCache members = ChildrenCache.start(client, path, listener);
        return new GroupMembership(
                PersistentEphemeral.start(client, options, Waits.child(path, memberId), value), members);
    }

    /** Returns a future that completes when this member has joined and the members are known. */
    public CompletableFuture<Void> joined() {
        return member.created().thenCombine(members.initialized(), (joined, known) -> joined);
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
}
