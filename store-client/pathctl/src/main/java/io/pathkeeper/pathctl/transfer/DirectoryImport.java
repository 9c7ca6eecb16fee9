package io.pathkeeper.pathctl.transfer;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.Store;
import io.pathkeeper.client.error.NodeExistsException;
import io.pathkeeper.client.error.NodeNotFoundException;
import io.pathkeeper.client.model.Child;
import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.Limits;
import io.pathkeeper.client.model.ListOptions;
import io.pathkeeper.client.model.SetOptions;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.text.FileProblem;
import io.pathkeeper.pathctl.text.PathText;
import io.pathkeeper.pathctl.transfer.TransferSummary.LeftOut;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings a directory tree into the store in the forms of {@link FileForm}. Done again it writes only what has changed. Memory
 * is bounded by the largest directory and the writes under way. For one thread, one run.
 */
public final class DirectoryImport {
    private static final int PAGE_SIZE = 1_000;

    private final PathkeeperClient client;
    private final Store store;
    private final Limits limits;
    private final TransferSummary summary;
    private final TransferWriter writer;
    private final boolean deleteGone;

    /** A directory whose znode is written and whose entries are not. */
    private record Pending(Path directory, String path) {}

    /**
     * Makes an import.
     *
     * @param patience how long a write without a clear answer is made again
     * @param deleteGone whether znodes without a file are deleted
     */
    public DirectoryImport(
            PathkeeperClient client,
            TransferSummary summary,
            Progress progress,
            Duration patience,
            boolean deleteGone) {
        this.client = client;
        this.store = client.store();
        this.limits = store.clusterInfo().limits();
        this.summary = summary;
        this.writer = new TransferWriter(client.async(), summary, progress, patience);
        this.deleteGone = deleteGone;
    }

    /** Returns how many entries a directory tree has, itself included, as far as it can be read. */
    public static long count(Path directory) throws IOException {
        long[] count = {0};
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
                count[0]++;
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                count[0]++;
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException error) {
                count[0]++;
                return FileVisitResult.CONTINUE;
            }
        });
        return count[0];
    }

    /**
     * Imports everything in {@code directory} to below {@code root}, which is created with its parents if need be.
     *
     * @throws IOException when {@code directory} itself cannot be read
     */
    public void run(Path directory, String root) throws IOException, InterruptedException {
        List<LocalEntry> first = LocalEntry.list(directory);
        prepareRoot(root);
        summary.directories.incrementAndGet();
        Deque<Pending> pending = new ArrayDeque<>();
        importEntries(first, root, pending);
        for (Pending next = pending.poll(); next != null; next = pending.poll()) {
            List<LocalEntry> entries;
            try {
                entries = LocalEntry.list(next.directory());
            } catch (IOException e) {
                writer.leaveOut(LeftOut.UNREADABLE, next.directory() + " (its entries)", why(e));
                continue;
            }
            importEntries(entries, next.path(), pending);
        }
        writer.drain();
        if (deleteGone) {
            pruneFiles();
        }
    }

    private void prepareRoot(String root) {
        if (root.equals("/")) {
            return;
        }
        try {
            store.create(root, Value.NULL, CreateOptions.defaults().createParents(true));
            summary.created.incrementAndGet();
        } catch (NodeExistsException e) {
            boolean changed = store.set(root, Value.NULL, SetOptions.defaults().ifChanged(true))
                    .changed();
            (changed ? summary.updated : summary.unchanged).incrementAndGet();
        }
    }

    private void importEntries(List<LocalEntry> entries, String parent, Deque<Pending> pending)
            throws InterruptedException {
        Set<String> names = new HashSet<>();
        List<Pending> directories = new ArrayList<>();
        for (LocalEntry entry : entries) {
            names.add(entry.name());
            Pending directory = importEntry(entry, parent);
            if (directory != null) {
                directories.add(directory);
            }
        }
        if (deleteGone) {
            prune(parent, names);
        }
        for (int i = directories.size() - 1; i >= 0; i--) {
            pending.push(directories.get(i));
        }
    }

    /** Writes an entry, or names it as left out; returns the directory when it is one and its entries have their turn. */
    private @Nullable Pending importEntry(LocalEntry entry, String parent) throws InterruptedException {
        String path = PathText.child(parent, entry.name());
        String unfit = PathText.whyUnfit(entry.name(), limits.maxNameBytes());
        if (unfit != null) {
            leaveOutAll(entry, LeftOut.NAME, unfit);
            return null;
        }
        String tooFar = whyTooFar(path);
        if (tooFar != null) {
            leaveOutAll(entry, LeftOut.PATH, tooFar);
            return null;
        }
        switch (entry.kind()) {
            case DIRECTORY -> {
                writer.reserve(0);
                writer.put(path, Value.NULL, "", entry.file().toString(), 0, summary.directories);
                return new Pending(entry.file(), path);
            }
            case FILE -> importFile(entry, path);
            case SYMLINK -> importSymlink(entry, path);
            case SPECIAL ->
                writer.leaveOut(LeftOut.SPECIAL, entry.file().toString(), "it is a socket, a pipe or a device");
            case UNREADABLE -> writer.leaveOut(LeftOut.UNREADABLE, entry.file().toString(), "it cannot be read");
        }
        return null;
    }

    private void importFile(LocalEntry entry, String path) throws InterruptedException {
        long size = entry.sizeBytes();
        String source = entry.file().toString();
        if (size > limits.maxValueBytes()) {
            writer.leaveOut(LeftOut.SIZE, source, size + " bytes, the limit is " + limits.maxValueBytes());
            return;
        }
        writer.reserve(size);
        byte[] content;
        try (InputStream stream = Files.newInputStream(entry.file(), LinkOption.NOFOLLOW_LINKS)) {
            content = stream.readNBytes((int) limits.maxValueBytes() + 1);
        } catch (IOException e) {
            writer.forgo(size);
            writer.leaveOut(LeftOut.UNREADABLE, source, why(e));
            return;
        }
        String contentType = entry.executable() ? FileForm.EXECUTABLE : "";
        writer.put(path, Value.of(content), contentType, source, size, summary.files);
        summary.bytes.addAndGet(content.length);
    }

    private void importSymlink(LocalEntry entry, String path) throws InterruptedException {
        String target;
        try {
            target = Files.readSymbolicLink(entry.file()).toString();
        } catch (IOException e) {
            writer.leaveOut(LeftOut.UNREADABLE, entry.file().toString(), why(e));
            return;
        }
        if (target.indexOf('\uFFFD') >= 0) {
            writer.leaveOut(LeftOut.NAME, entry.file().toString(), "its target is not valid UTF-8");
            return;
        }
        writer.reserve(target.length());
        writer.put(path, FileForm.symlink(target), "", entry.file().toString(), target.length(), summary.symlinks);
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

    /** Names an entry and everything below it. */
    private void leaveOutAll(LocalEntry entry, LeftOut reason, String why) {
        writer.leaveOut(reason, entry.file().toString(), why);
        Deque<LocalEntry> pending = new ArrayDeque<>(List.of(entry));
        for (LocalEntry next = pending.poll(); next != null; next = pending.poll()) {
            if (next.kind() != LocalEntry.Kind.DIRECTORY) {
                continue;
            }
            try {
                for (LocalEntry inside : LocalEntry.list(next.file())) {
                    writer.leaveOut(reason, inside.file().toString(), "it is inside a directory that is left out");
                    pending.push(inside);
                }
            } catch (IOException e) {
                writer.leaveOut(LeftOut.UNREADABLE, next.file() + " (its entries)", why(e));
            }
        }
    }

    /** Deletes the children of a znode that have no file. */
    private void prune(String parent, Set<String> names) {
        List<String> gone = new ArrayList<>();
        try {
            for (Child child : store.allChildren(parent, ListOptions.defaults().pageSize(PAGE_SIZE))) {
                if (!names.contains(child.name())) {
                    gone.add(PathText.child(parent, child.name()));
                }
            }
            for (String path : gone) {
                summary.deleted.addAndGet(new SubtreeDeletion(client).delete(path));
            }
        } catch (NodeNotFoundException e) {
            return; // the directory itself was refused and is named already, or somebody else deleted it
        }
    }

    /** Deletes what is below files and symlinks: they were directories once. */
    private void pruneFiles() {
        for (String path = writer.pollWithChildren(); path != null; path = writer.pollWithChildren()) {
            prune(path, Set.of());
        }
    }

    private static String why(IOException error) {
        return FileProblem.words(error);
    }
}
