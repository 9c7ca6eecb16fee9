package io.pathkeeper.server.observe;

import java.util.ArrayDeque;

/** Bounds the encoded frames that slices keep for sharing; the oldest are forgotten first. Belongs to one loop. */
final class EncodedFrames {
    private record Kept(RevisionSlice slice, int formIndex, int bytes) {}

    private final ArrayDeque<Kept> kept = new ArrayDeque<>();
    private final long maxBytes;
    private long bytes;

    EncodedFrames(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Makes room for a frame; false when it is too large to be kept. */
    boolean admit(RevisionSlice slice, int formIndex, int frameBytes) {
        int cost = frameBytes + 128;
        if (cost > maxBytes / 2) {
            return false;
        }
        kept.add(new Kept(slice, formIndex, cost));
        bytes += cost;
        while (bytes > maxBytes) {
            Kept oldest = kept.remove();
            oldest.slice().forget(oldest.formIndex());
            bytes -= oldest.bytes();
        }
        return true;
    }

    long bytes() {
        return bytes;
    }
}
