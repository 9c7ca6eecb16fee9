package io.pathkeeper.server.store;

import io.pathkeeper.server.tree.TreeView;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Views that the pages of listings go on reading from, by revision. A view is kept for a time after a page token for it was last
 * given out; when there are too many, the one that was not used for the longest goes, and its tokens are refused as expired. Any thread.
 */
final class PinnedViews {
    private final int most;
    private final long keepNanos;
    private final Map<Long, Pin> pins = new LinkedHashMap<>(16, 0.75f, true);

    private record Pin(TreeView view, long untilNanos) {}

    PinnedViews(int most, long keepNanos) {
        this.most = most;
        this.keepNanos = keepNanos;
    }

    /** Keeps a view, or keeps it longer. */
    synchronized void pin(TreeView view, long nowNanos) {
        pins.put(view.revision(), new Pin(view, nowNanos + keepNanos));
        if (pins.size() > most) {
            var oldest = pins.entrySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** The view of a revision, or null when it is no longer kept. */
    synchronized @Nullable TreeView find(long revision, long nowNanos) {
        Pin pin = pins.get(revision);
        if (pin == null || nowNanos - pin.untilNanos >= 0) {
            pins.remove(revision);
            return null;
        }
        return pin.view;
    }

    /** Lets go of the views whose time is over. */
    synchronized void sweep(long nowNanos) {
        pins.values().removeIf(pin -> nowNanos - pin.untilNanos >= 0);
    }

    synchronized int size() {
        return pins.size();
    }
}
