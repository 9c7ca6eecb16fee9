package io.pathkeeper.server.observe;

import io.pathkeeper.server.observe.FrameEncoder.Encoded;
import io.pathkeeper.server.tree.TreeView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts an initial state into frames. Holds one view, one way down and at most one encoded znode. Belongs to one loop. */
final class ScanSender {
    private final InitialStateScan scan;
    private final EventForm form;
    private final ObserveGate gate;
    private final FrameEncoder encoder;
    private final int frameBytes;
    private List<Encoded> znodes = new ArrayList<>();
    private long bytes;

    ScanSender(TreeView view, ObserveOptions options, FrameEncoder encoder, int frameBytes) {
        this.scan = new InitialStateScan(view, options.filter());
        this.form = options.form();
        this.gate = options.gate();
        this.encoder = encoder;
        this.frameBytes = frameBytes;
    }

    /** Revision of the initial state. */
    long revision() {
        return scan.revision();
    }

    /** Whether everything is in frames that were returned. */
    boolean isComplete() {
        return znodes.isEmpty() && !scan.hasNext();
    }

    /**
     * Goes on.
     *
     * @param visits visits at most so many znodes, wanted or not
     * @return a full frame, or the last one, or null when there is none yet or no more
     */
    @Nullable
    Encoded nextFrame(int visits) {
        for (int i = 0; i < visits && scan.hasNext(); i++) {
            TreeView.Entry entry = scan.visit();
            if (entry == null || !gate.shows(entry.path())) {
                continue;
            }
            Encoded znode = encoder.znode(entry.path(), entry.znode(), form);
            Encoded full = !znodes.isEmpty() && bytes + znode.sizeBytes() > frameBytes ? takeFrame() : null;
            znodes.add(znode);
            bytes += znode.sizeBytes();
            if (full != null) {
                return full;
            }
        }
        return !znodes.isEmpty() && !scan.hasNext() ? takeFrame() : null;
    }

    private Encoded takeFrame() {
        Encoded frame = encoder.existing(scan.revision(), znodes);
        znodes = new ArrayList<>();
        bytes = 0;
        return frame;
    }
}
