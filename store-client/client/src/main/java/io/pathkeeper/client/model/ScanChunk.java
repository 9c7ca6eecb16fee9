package io.pathkeeper.client.model;

import java.util.List;

/**
 * A part of a scanned subtree.
 *
 * @param znodes znodes, parents before children, siblings in the order of their names
 * @param revision the revision that the whole scan shows
 * @param last true on the last part; a scan that was cut off ends with an error instead
 */
public record ScanChunk(List<Znode> znodes, long revision, boolean last) {
    /** Copies the list. */
    public ScanChunk {
        znodes = List.copyOf(znodes);
    }
}
