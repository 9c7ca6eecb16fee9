package io.pathkeeper.pathctl.migrate;

import com.google.protobuf.CodedOutputStream;
import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.SubtreeIterator;
import io.pathkeeper.client.error.NodeExistsException;
import io.pathkeeper.client.error.NodeNotFoundException;
import io.pathkeeper.client.model.BatchGetResult;
import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.Limits;
import io.pathkeeper.client.model.ReadResult;
import io.pathkeeper.client.model.ScanOptions;
import io.pathkeeper.client.model.SetOptions;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.View;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.pathctl.text.PathText;
import io.pathkeeper.pathctl.transfer.Progress;
import io.pathkeeper.pathctl.transfer.TransferSummary.LeftOut;
import io.pathkeeper.pathctl.transfer.TransferWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies everything that a {@link Source} has, and then reads both sides again and compares them. What is there already and equal is left alone, so
 * that a migration that broke is started again; what is there and differs is named and left, or replaced when asked for. Memory is bounded by
 * what the source holds of it and the writes under way. For one thread, one run.
 */
final class Migration {
    private static final int BATCH = 100;

    private final PathkeeperClient client;
    private final Limits limits;
    private final Source source;
    private final Values values;
    private final boolean overwrite;
    private final boolean dryRun;
    private final MigrationResult result;
    private final Progress progress;
    private final TransferWriter writer;

    /**
     * Makes a migration.
     *
     * @param overwrite whether values at the target that differ are replaced
     * @param dryRun whether nothing is written
     * @param patience how long a write without a clear answer is made again
     */
    Migration(
            PathkeeperClient client,
            Source source,
            Values values,
            boolean overwrite,
            boolean dryRun,
            MigrationResult result,
            Progress progress,
            Duration patience) {
        this.client = client;
        this.limits = client.store().clusterInfo().limits();
        this.source = source;
        this.values = values;
        this.overwrite = overwrite;
        this.dryRun = dryRun;
        this.result = result;
        this.progress = progress;
        this.writer = new TransferWriter(client.async(), result.transfer, progress, patience);
    }

    /** Copies and, unless nothing is written, compares everything below {@code root}, whose parents are created if need be. */
    void run(String root) throws InterruptedException {
        if (!dryRun) {
            createParents(root);
        }
        source.walk(new Copy());
        writer.drain();
        if (!dryRun) {
            progress.say("pathctl: copied, now reading both sides again");
            result.copiedRevision = client.store().sync();
            source.walk(new Check());
            writer.drain();
            findExtras(root);
        }
    }

    private void createParents(String root) {
        String parent = PathText.parent(root);
        if (parent.equals("/")) {
            return;
        }
        try {
            client.store().create(parent, Value.NULL, CreateOptions.defaults().createParents(true));
        } catch (NodeExistsException e) {
            return; // as it should be
        }
    }

    /** What both readings of the source have in common. */
    private abstract class Reading implements Source.Visitor {
        @Override
        public final void entries(List<SourceEntry> batch) throws InterruptedException {
            for (int from = 0; from < batch.size(); from += BATCH) {
                List<SourceEntry> part = batch.subList(from, Math.min(batch.size(), from + BATCH));
                List<String> paths = part.stream().map(SourceEntry::path).toList();
                BatchGetResult there = client.store().batchGet(paths);
                for (int i = 0; i < part.size(); i++) {
                    ReadResult read = there.results().get(i);
                    entry(part.get(i), read.znode().orElse(null));
                }
                progress.draw();
            }
        }

        @Override
        public final boolean accepts(String name, String path) {
            String why = PathText.whyUnfit(PathText.name(path), limits.maxNameBytes());
            LeftOut reason = LeftOut.NAME;
            if (path.equals("/")) {
                why = null;
            } else if (why == null) {
                why = whyTooFar(path);
                reason = LeftOut.PATH;
            }
            if (why != null) {
                leaveOut(reason, name, why + "; what is below it is left out, too");
            }
            return why == null;
        }

        @Override
        public final boolean takes(byte[] data) {
            // the limit is one of the encoded value: its type and its length come in front
            return 1L + CodedOutputStream.computeUInt32SizeNoTag(data.length) + data.length <= limits.maxValueBytes();
        }

        abstract void entry(SourceEntry entry, @Nullable Znode there) throws InterruptedException;

        /** The value of an entry, or null when it is too large to be carried. */
        final @Nullable Value value(SourceEntry entry) {
            byte[] data = entry.data();
            if (data == null || takes(data)) {
                return values.of(data);
            }
            String why =
                    data.length + " bytes, the limit is " + limits.maxValueBytes() + " with those that say the type";
            leaveOut(
                    LeftOut.SIZE,
                    entry.name(),
                    entry.parent() ? why + "; its place is kept with the null value for what is below it" : why);
            return entry.parent() ? Value.NULL : null;
        }
    }

    private @Nullable String whyTooFar(String path) {
        int bytes = path.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > limits.maxPathBytes()) {
            return "its path would have " + bytes + " bytes, the limit is " + limits.maxPathBytes();
        }
        int depth = PathText.depth(path);
        return depth > limits.maxDepth()
                ? "it would be " + depth + " levels deep, the limit is " + limits.maxDepth()
                : null;
    }

    private static boolean isEqual(SourceEntry entry, Value value, Znode there) {
        return entry.place() || there.value().equals(value) && there.stat().nextSequence() >= entry.counter();
    }

    /** Writes an entry in place of {@code there}, which must not have changed since it was read. */
    private void write(SourceEntry entry, Value value, @Nullable Znode there) throws InterruptedException {
        SetOptions set = SetOptions.defaults().ifChanged(true).nextSequenceAtLeast(entry.counter());
        writer.reserve(entry.bytes());
        // version 0: only if it is not there
        SetOptions condition = there == null
                ? set.allowMissing(true).expectedVersion(0)
                : set.expectedRevision(there.stat().modifiedRevision());
        writer.set(entry.path(), value, condition, entry.name(), entry.bytes());
    }

    /** The first reading: writes. */
    private final class Copy extends Reading {
        @Override
        public void leaveOut(LeftOut reason, String name, String why) {
            writer.leaveOut(reason, name, why);
        }

        @Override
        public void note(Source.Note note, String name) {
            result.note(note, name, progress);
        }

        @Override
        void entry(SourceEntry entry, @Nullable Znode there) throws InterruptedException {
            result.read++;
            Value value = value(entry);
            if (value == null) {
                return;
            }
            result.bytes += entry.bytes();
            if (there != null && isEqual(entry, value, there)) {
                result.equal++;
                progress.advance(entry.bytes());
                return;
            }
            boolean differs = there != null && !there.value().equals(value);
            boolean untouched = there != null && isUntouched(entry, there);
            if (differs && !overwrite && !untouched) {
                result.conflicts++;
                progress.say("pathctl: refused " + PathText.printable(entry.path())
                        + ": it exists with another value; --overwrite replaces it");
                progress.advance(0);
                return;
            }
            if (dryRun) {
                result.transfer.count(there == null);
                progress.advance(entry.bytes());
                return;
            }
            write(entry, value, there);
        }

        /** The root of the tree is always there: as long as nobody gave it a value, it may have one. */
        private boolean isUntouched(SourceEntry entry, Znode there) {
            return entry.path().equals("/") && there.value().isNull();
        }
    }

    /** The second reading: compares, and brings along what changed at the source since. */
    private final class Check extends Reading {
        @Override
        public void leaveOut(LeftOut reason, String name, String why) {
            progress.draw(); // named by the first reading
        }

        @Override
        public void note(Source.Note note, String name) {
            progress.draw(); // named by the first reading
        }

        @Override
        void entry(SourceEntry entry, @Nullable Znode there) throws InterruptedException {
            Value value = value(entry);
            if (value == null) {
                return;
            }
            if (there != null && isEqual(entry, value, there)) {
                result.verified++;
                return;
            }
            String path = PathText.printable(entry.path());
            boolean ours = there == null || there.stat().modifiedRevision() <= result.copiedRevision;
            if (there != null && !overwrite && (!ours || result.conflicts > 0)) {
                result.different++;
                progress.say("pathctl: differs: " + path
                        + (ours
                                ? " has another value than the source"
                                : " was changed at the target since it was copied"));
                return;
            }
            write(entry, value, there);
            writer.drain();
            Znode now = client.store()
                    .batchGet(List.of(entry.path()))
                    .results()
                    .get(0)
                    .znode()
                    .orElse(null);
            if (now != null && isEqual(entry, value, now)) {
                result.caughtUp++;
                progress.say("pathctl: changed at the source since it was copied, copied again: " + path);
            } else {
                result.different++;
                progress.say("pathctl: differs: " + path + (now == null ? " is missing at the target" : ""));
            }
        }
    }

    /** Names what is below the root of the target and not at the source. */
    private void findExtras(String root) throws InterruptedException {
        List<String> paths = new ArrayList<>();
        try (SubtreeIterator znodes =
                client.store().scanSubtree(root, ScanOptions.defaults().view(View.NAME))) {
            while (znodes.hasNext()) {
                String path = znodes.next().path();
                if (!path.equals(root)) {
                    result.atTarget++;
                    paths.add(path);
                }
                if (paths.size() == BATCH) {
                    checkExtras(paths);
                    paths.clear();
                }
                progress.draw();
            }
        } catch (NodeNotFoundException e) {
            return; // nothing could be written, which is named already
        }
        checkExtras(paths);
    }

    private void checkExtras(List<String> paths) throws InterruptedException {
        if (paths.isEmpty()) {
            return;
        }
        List<Boolean> present = source.present(List.copyOf(paths));
        for (int i = 0; i < paths.size(); i++) {
            if (!present.get(i)) {
                result.extra(paths.get(i), progress);
            }
        }
    }
}
