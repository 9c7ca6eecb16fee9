package io.pathkeeper.server.backup;

import io.pathkeeper.server.encoding.ByteSink;
import io.pathkeeper.server.snapshot.SnapshotOrigin;
import io.pathkeeper.server.snapshot.SnapshotStream;
import io.pathkeeper.server.state.PinnedState;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a backup of a pinned state, a part at each step; whoever takes them may pause between two steps for as long as it likes, which holds
 * the pinned state and one part in memory. Of one thread at a time.
 */
public final class BackupStream implements AutoCloseable {
    private static final int USUAL_PART_BYTES = 64 << 10;

    private final BackupHead head;
    private final ByteSink part = new ByteSink(USUAL_PART_BYTES);
    private final SnapshotStream snapshot;
    private final MessageDigest digest = BackupFormat.sha256();
    private boolean headed;
    private boolean ended;
    private long fileBytes;

    /** Makes it; nothing is written yet. */
    public BackupStream(BackupHead head, PinnedState state, SnapshotOrigin origin) {
        this.head = head;
        snapshot = new SnapshotStream(state, origin, new OutputStream() {
            @Override
            public void write(int value) {
                part.putByte(value);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                part.putRaw(bytes, offset, length);
            }
        });
    }

    /** What stands at the beginning. */
    public BackupHead head() {
        return head;
    }

    /**
     * The next bytes of the file: about a block of a snapshot, more when a single record is larger.
     *
     * @return never empty; null when the file is complete
     */
    public byte @Nullable [] next() throws IOException {
        if (ended) {
            return null;
        }
        part.clear();
        boolean more = true;
        if (!headed) {
            headed = true;
            byte[] bytes = head.toBytes();
            part.putRaw(bytes, 0, bytes.length);
        }
        while (more && part.size() < USUAL_PART_BYTES / 2) {
            more = snapshot.writeOn();
        }
        if (!more) {
            end();
        } else {
            digest.update(part.array(), 0, part.size());
        }
        fileBytes += part.size();
        return part.toByteArray();
    }

    private void end() {
        ended = true;
        part.putRaw(BackupFormat.END_MAGIC, 0, BackupFormat.END_MAGIC.length);
        part.putFixed64(snapshot.position());
        digest.update(part.array(), 0, part.size());
        byte[] before = sha256();
        part.putRaw(before, 0, before.length);
        digest.update(before);
    }

    /** Number of bytes so far; the size of the file when it is complete. */
    public long fileBytes() {
        return fileBytes;
    }

    /** SHA-256 of all bytes so far; of the file when it is complete. */
    public byte[] sha256() {
        try {
            return ((MessageDigest) digest.clone()).digest();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the platform's SHA-256 can be copied", e);
        }
    }

    @Override
    public void close() {
        snapshot.close();
    }
}
