package io.pathkeeper.server.raft;

import java.util.List;
import org.apache.ratis.protocol.RaftPeer;

/** What changes of the members need of a server that leads. For any thread; those that change something wait. */
interface MembershipLeader {
    /** Whether this server leads and is ready. */
    boolean leads();

    boolean isSelf(String id);

    /** The newest configuration, committed or not. */
    Members members();

    /** Log entries that a member lacks, -1 when not known. */
    long lag(String id);

    /** Milliseconds since a member answered, -1 when not known. */
    long contactMillis(String id);

    /** Whether a member has answered lately; this server always has. */
    boolean isHealthy(String id);

    /** Whether a log that ends so may be the beginning of this one; an index below 0 is an empty log. */
    boolean mayHave(long term, long index);

    /** The member is about to be at this address. */
    void expect(RaftPeer peer);

    /** Makes this the configuration, when the present one is as it was read. */
    ChangeEnd set(List<RaftPeer> voters, List<RaftPeer> listeners, long deadlineNanos);

    /**
     * Has another member lead.
     *
     * @param id empty: any
     * @return empty when it does, else why not
     */
    String handOver(String id);
}
