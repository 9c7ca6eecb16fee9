package io.pathkeeper.server.observe;

import io.pathkeeper.server.metrics.ObserveMeters.ResetCause;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.List;

/**
 * Makes what a transport sends. Port: the public API stands behind it.
 *
 * <p>Called on the threads of the loops, by several at a time; pure; never blocks. What it returns is immutable, is shared by
 * many observers with the same {@link EventForm}, and goes only to transports of the same kind.
 */
public interface FrameEncoder {
    /** An encoded event, znode or frame. */
    interface Encoded {
        /** Size on the wire in bytes, or a close estimate. */
        int sizeBytes();
    }

    /** The first frame: events come from this revision on. */
    Encoded created(long startRevision);

    /** One event. */
    Encoded event(long revision, TreeChange change, EventForm form);

    /** A frame of events of one revision; {@code more}: another frame of the same revision follows. */
    Encoded events(long revision, List<Encoded> events, boolean more);

    /** One znode of an initial state. */
    Encoded znode(ZnodePath path, Znode znode, EventForm form);

    /** A frame of an initial state. */
    Encoded existing(long revision, List<Encoded> znodes);

    /** The initial state is complete. */
    Encoded synced(long revision);

    /** Everything at or below a revision was told. */
    Encoded progress(long revision);

    /** Changes were lost; the state at a revision follows. */
    Encoded reset(long revision, ResetCause cause);
}
