package io.pathkeeper.server.raft;

import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.snapshot.RestoredSnapshot;
import io.pathkeeper.server.snapshot.SnapshotFormatException;
import io.pathkeeper.server.snapshot.SnapshotReader;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.StateDivergedException;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.state.StoreState;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.segmented.LogSegment;
import org.apache.ratis.server.raftlog.segmented.LogSegmentPath;
import org.apache.ratis.util.SizeInBytes;
import org.jspecify.annotations.Nullable;

/**
 * What a member that does not run has on its disk: its newest snapshot and every entry of its log behind it, committed or not, made into a state. Changes nothing.
 * Of one thread; nobody may write to the directory meanwhile.
 */
public final class StoppedMember {
    /**
     * What was found.
     *
     * @param state all of it as a state, which has no other user
     * @param snapshotIndex log index that the snapshot holds; -1 when there was none
     * @param index index of the last entry of the log
     * @param term term of that entry
     * @param votedTerm newest term that the member has taken part in
     * @param committedIndex up to here the entries are known to have been committed, since a snapshot has them or a leader says so in the log; what stands behind it may
     *     have been, or not
     */
    public record Found(
            StoreState state, long snapshotIndex, long index, long term, long votedTerm, long committedIndex) {}

    private StoreState state;
    private long index = -1;
    private long term;
    private long committed = -1;
    /** Index of the entry that made a revision, for those that are not known to be committed. */
    private final TreeMap<Long, Long> open = new TreeMap<>();

    private StoppedMember(StoreState empty) {
        state = empty;
    }

    /**
     * Reads the member's files.
     *
     * @param directory where the log and the snapshots of the member lie
     * @throws UnreadableMemberException when something is missing or damaged
     */
    public static Found read(Path directory, String clusterId, StateLimits limits) throws IOException {
        Path group = directory.resolve(RaftSettings.groupId(clusterId).getUuid().toString());
        if (!Files.isDirectory(group)) {
            throw new UnreadableMemberException(
                    "there is no log of cluster " + clusterId + " in " + directory
                            + ": this member never took part in it",
                    null);
        }
        StoppedMember member = new StoppedMember(StoreState.create(limits));
        member.load(SnapshotStore.at(group.resolve("sm")), limits);
        long snapshotIndex = member.index;
        member.replay(group.resolve("current"));
        return new Found(
                member.state,
                snapshotIndex,
                member.index,
                member.term,
                votedTerm(group.resolve("current").resolve("raft-meta")),
                member.committed);
    }

    private static long votedTerm(Path file) throws IOException {
        Properties meta = new Properties();
        try {
            meta.load(new StringReader(Files.readString(file)));
            return Long.parseLong(meta.getProperty("term", "0"));
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IllegalArgumentException e) {
            throw new UnreadableMemberException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void load(SnapshotStore store, StateLimits limits) throws IOException {
        SnapshotFormatException first = null;
        for (SnapshotStore.Stored stored : store.list()) {
            try {
                RestoredSnapshot restored = SnapshotReader.read(stored.file(), limits);
                state = restored.state();
                index = restored.header().index();
                term = restored.header().term();
                committed = index;
                return;
            } catch (SnapshotFormatException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw new UnreadableMemberException(String.valueOf(first.getMessage()), first);
        }
    }

    private void replay(Path current) throws IOException {
        List<LogSegmentPath> segments;
        try (Stream<Path> files = Files.list(current)) {
            segments = files.filter(StoppedMember::hasEntries)
                    .map(LogSegmentPath::matchLogSegment)
                    .flatMap(Stream::ofNullable)
                    .sorted((a, b) -> a.getStartEnd().compareTo(b.getStartEnd()))
                    .toList();
        }
        for (LogSegmentPath segment : segments) {
            try {
                LogSegment.readSegmentFile(
                        segment.getPath().toFile(),
                        segment.getStartEnd(),
                        SizeInBytes.valueOf(RaftSettings.APPENDER_BUFFER_BYTES),
                        CorruptionPolicy.EXCEPTION,
                        null,
                        this::take);
            } catch (IOException | IllegalStateException e) {
                throw new UnreadableMemberException(
                        "log segment " + segment.getPath() + " cannot be read behind entry " + index + ": "
                                + e.getMessage(),
                        e);
            } catch (UnusableEntryException e) {
                throw new UnreadableMemberException(
                        "log segment " + segment.getPath() + ": " + e.getMessage(), e.getCause());
            }
        }
    }

    /** Ratis deletes an open segment without a byte when it meets one. */
    private static boolean hasEntries(Path file) {
        return file.toFile().length() > 0;
    }

    private void take(LogEntryProto entry) {
        if (entry.getIndex() <= index) {
            return;
        }
        if (entry.getIndex() != index + 1) {
            throw new UnusableEntryException(
                    "it has entry " + entry.getIndex() + ", but entry " + (index + 1) + " is missing", null);
        }
        TermIndex position = TermIndex.valueOf(entry.getTerm(), entry.getIndex());
        if (entry.hasStateMachineLogEntry()) {
            try {
                apply(position, entry.getStateMachineLogEntry().getLogData().toByteArray());
            } catch (CorruptBytesException | CorruptEntryException | StateDivergedException e) {
                throw new UnusableEntryException(
                        "entry " + entry.getIndex() + " cannot be applied: " + e.getMessage(), e);
            }
        }
        index = position.getIndex();
        term = position.getTerm();
    }

    private void apply(TermIndex position, byte[] bytes) throws CorruptBytesException, CorruptEntryException {
        EntryCodec.Reader entry = new EntryCodec.Reader(bytes);
        if (entry.term() != position.getTerm()) {
            return; // sealed by a leader that was deposed before the log took it: every server skips it
        }
        state.beginEntry(position.getTerm(), entry.wallMillis(), entry.clusterMillis());
        while (entry.nextSegment()) {
            String client = "";
            while (entry.nextCommand()) {
                CommandCodec.Decoded decoded =
                        CommandCodec.decode(entry.bytes(), entry.commandOffset(), entry.commandLength(), client);
                client = decoded.requestId() == null
                        ? client
                        : decoded.requestId().clientId();
                state.apply(decoded.command(), decoded.requestId());
                if (decoded.command() instanceof Command.CheckDigest check) {
                    committedRevision(check.revision());
                }
            }
        }
        state.endEntry();
        open.put(state.view().revision(), position.getIndex());
    }

    /** A leader had applied this revision before it wrote the entry. */
    private void committedRevision(long revision) {
        Map.Entry<Long, Long> known = open.floorEntry(revision);
        if (known != null) {
            committed = Math.max(committed, known.getValue());
            open.headMap(revision, true).clear();
        }
    }

    /** Carries what is wrong with an entry out of the reader of the log. */
    private static final class UnusableEntryException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnusableEntryException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
