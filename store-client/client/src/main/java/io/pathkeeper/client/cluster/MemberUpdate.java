package io.pathkeeper.client.cluster;

import org.jspecify.annotations.Nullable;

/**
 * What is to be known of a member from now on. Immutable.
 *
 * @param raftAddress where the other servers reach it; null: as before
 * @param clientAddress where clients reach it; null: as before
 * @param priority who is preferred as the leader, the highest, 0 to 100; null: as before
 */
public record MemberUpdate(
        @Nullable String raftAddress,
        @Nullable String clientAddress,
        @Nullable Integer priority) {
    /** Other addresses; null for one that stays. */
    public static MemberUpdate addresses(@Nullable String raftAddress, @Nullable String clientAddress) {
        return new MemberUpdate(raftAddress, clientAddress, null);
    }

    /** Another priority. */
    public static MemberUpdate priority(int priority) {
        return new MemberUpdate(null, null, priority);
    }
}
