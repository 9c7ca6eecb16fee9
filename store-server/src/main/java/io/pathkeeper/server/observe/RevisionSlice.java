package io.pathkeeper.server.observe;

import io.pathkeeper.server.observe.FrameEncoder.Encoded;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.Znode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The changes of one revision that concern one observer, or many: those with the same changes and the same form share the
 * encoded frames. Belongs to one loop. The changes never change; the frames are a cache that {@link EncodedFrames} bounds.
 */
final class RevisionSlice {
    /** A frame of the changes from one index to another. */
    record Fragment(
            int from, int to, Encoded frame, @Nullable Fragment next) {}

    private static final int EVENT_OVERHEAD_BYTES = 200;

    private final long revision;
    private final List<TreeChange> changes;
    private final @Nullable Fragment[] cached = new Fragment[EventForm.COUNT];
    private long weight;
    private int users;

    RevisionSlice(long revision, List<TreeChange> changes) {
        this.revision = revision;
        this.changes = changes;
    }

    long revision() {
        return revision;
    }

    int size() {
        return changes.size();
    }

    TreeChange change(int index) {
        return changes.get(index);
    }

    /** One more subscription has this slice. */
    RevisionSlice use() {
        users++;
        return this;
    }

    /** Whether it is worth while to keep encoded frames. */
    boolean isShared() {
        return users > 1;
    }

    /** Estimated memory that the changes hold. */
    long weight() {
        if (weight == 0) {
            for (TreeChange change : changes) {
                weight += weight(change);
            }
        }
        return weight;
    }

    static long weight(TreeChange change) {
        return EVENT_OVERHEAD_BYTES + change.path().length() + valueBytes(change.before()) + valueBytes(change.after());
    }

    private static long valueBytes(@Nullable Znode znode) {
        return znode == null ? 0 : znode.value().length;
    }

    /** The frame of the changes from an index on: as many as fit, at least one. */
    Fragment fragment(int from, EventForm form, FrameEncoder encoder, int frameBytes, EncodedFrames frames) {
        int index = form.index();
        for (Fragment f = cached[index]; f != null; f = f.next()) {
            if (f.from() == from) {
                return f;
            }
        }
        Fragment fragment = encode(from, form, encoder, frameBytes, cached[index]);
        if (isShared() && frames.admit(this, index, fragment.frame().sizeBytes())) {
            cached[index] = fragment;
        }
        return fragment;
    }

    private Fragment encode(int from, EventForm form, FrameEncoder encoder, int frameBytes, @Nullable Fragment others) {
        List<Encoded> events = new ArrayList<>(Math.min(changes.size() - from, 16));
        long bytes = 0;
        int to = from;
        while (to < changes.size()) {
            Encoded event = encoder.event(revision, changes.get(to), form);
            if (to > from && bytes + event.sizeBytes() > frameBytes) {
                break;
            }
            bytes += event.sizeBytes();
            events.add(event);
            to++;
        }
        return new Fragment(from, to, encoder.events(revision, events, to < changes.size()), others);
    }

    /** Forgets the encoded frames of a form. */
    void forget(int formIndex) {
        cached[formIndex] = null;
    }
}
