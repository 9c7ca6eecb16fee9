package io.pathkeeper.server.snapshot;

import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodePath;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The znodes of a snapshot, one after the other, without making a state of them: parents before children, siblings by the bytes of their names. Checks every block,
 * but neither the whole file nor what {@link SnapshotReader} finds by making the state. Of one thread; holds one block.
 */
public final class SnapshotZnodes implements AutoCloseable {
    private final FileChannel channel;
    private final SnapshotInput input;
    private final SnapshotHeader header;
    private final BlockReader blocks;
    private final ZnodeDecoder decoder = new ZnodeDecoder();
    private BlockReader.@Nullable Block block;
    private int left;
    private boolean ended;
    private ZnodePath path = ZnodePath.ROOT;

    /**
     * Opens a snapshot that is a stretch of a file, from {@code start} on to before {@code end}.
     *
     * @throws SnapshotFormatException when its beginning is damaged
     */
    public SnapshotZnodes(Path file, long start, long end) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            input = new SnapshotInput(file, channel, start, end);
            header = SnapshotHeader.read(input);
            blocks = new BlockReader(input);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** What stands at the beginning. */
    public SnapshotHeader header() {
        return header;
    }

    /** Path of the znode that {@link #next} gave last. */
    public ZnodePath path() {
        return path;
    }

    /**
     * The next znode.
     *
     * @return null behind the last one
     * @throws SnapshotFormatException when anything is not as it was written
     */
    public @Nullable Znode next() throws IOException {
        BlockReader.Block current = block;
        while (!ended && (current == null || left == 0)) {
            current = blocks.next();
            block = current;
            left = current.section() == SnapshotFormat.SECTION_ZNODES ? current.records() : 0;
            decoder.reset();
            ended = SnapshotFormat.rank(current.section()) > SnapshotFormat.rank(SnapshotFormat.SECTION_ZNODES);
        }
        if (ended || current == null) {
            return null;
        }
        ByteSource source = current.source();
        try {
            path = decoder.path(source);
            Znode znode = decoder.znode(path, source);
            left--;
            if (left == 0) {
                source.requireEnd();
            }
            return znode;
        } catch (CorruptBytesException e) {
            throw new SnapshotFormatException(input.file(), current.position(), String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void close() throws IOException {
        blocks.close();
        channel.close();
    }
}
