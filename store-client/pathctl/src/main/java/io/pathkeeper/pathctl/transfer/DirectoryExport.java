package io.pathkeeper.pathctl.transfer;

import io.pathkeeper.client.Store;
import io.pathkeeper.client.SubtreeIterator;
import io.pathkeeper.client.error.UnavailableException;
import io.pathkeeper.client.model.ScanOptions;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.PathText;
import io.pathkeeper.pathctl.transfer.TransferSummary.LeftOut;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a subtree as a directory tree, all of it as it was at one revision, in the forms of {@link FileForm}. The tree grows in
 * a temporary directory inside the target and moves to its place at the end, so a transfer that breaks leaves nothing behind and
 * can start again. For one thread, one run.
 */
public final class DirectoryExport {
    private static final int ATTEMPTS = 5;

    private final Store store;
    private final Progress progress;
    private final ScanOptions options;
    private TransferSummary summary = new TransferSummary();
    private long revision;

    /** Makes an export that reads with {@code options}. */
    public DirectoryExport(Store store, ScanOptions options, Progress progress) {
        this.store = store;
        this.options = options;
        this.progress = progress;
    }

    /**
     * Writes the subtree at {@code root} to {@code directory}, which must be empty or missing.
     *
     * @throws CommandFailure when the directory is not empty
     * @throws IOException when a file cannot be written
     */
    public TransferSummary run(String root, Path directory) throws IOException {
        prepare(directory);
        Path temporary = Files.createTempDirectory(directory, ".pathctl-export-");
        Thread cleaner = new Thread(() -> deleteTree(temporary), "pathctl-export-cleaner");
        Runtime.getRuntime().addShutdownHook(cleaner);
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    summary = new TransferSummary();
                    writeAll(root, temporary);
                    break;
                } catch (UnavailableException e) {
                    if (attempt == ATTEMPTS) {
                        throw e;
                    }
                    progress.say("pathctl: the connection broke, reading again: " + e.getMessage());
                    deleteEntries(temporary);
                }
            }
            moveEntries(temporary, directory);
            return summary;
        } finally {
            deleteTree(temporary);
            Runtime.getRuntime().removeShutdownHook(cleaner);
        }
    }

    /** Returns the revision that was written. */
    public long revision() {
        return revision;
    }

    private static void prepare(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                if (entries.iterator().hasNext()) {
                    throw new CommandFailure(
                            ExitCode.UNAVAILABLE, directory + " is not empty; export to a new or empty directory");
                }
            }
        } else {
            Files.createDirectories(directory);
        }
    }

    private void writeAll(String root, Path target) throws IOException {
        try (SubtreeIterator znodes = store.scanSubtree(root, options)) {
            while (znodes.hasNext()) {
                progress.draw();
                write(root, target, znodes.next());
            }
            revision = znodes.revision();
        }
    }

    private void write(String root, Path target, Znode znode) throws IOException {
        Value value = znode.value();
        boolean isRoot = znode.path().equals(root);
        boolean directory = isRoot || value.isNull() || znode.stat().childCount() > 0;
        if (directory && !value.isNull()) {
            summary.leaveOut(LeftOut.FORM);
            String why = isRoot && znode.stat().childCount() == 0
                    ? "it is the root of the export, which becomes a directory; use get --raw"
                    : "it has children and a value, and a directory holds no value; use export --json";
            progress.say("pathctl: left out the value of " + PathText.printable(znode.path()) + ": " + why);
        }
        Path file = isRoot ? target : file(target, PathText.below(root, znode.path()));
        if (file == null) {
            summary.leaveOut(LeftOut.NAME);
            progress.say("pathctl: left out " + PathText.printable(znode.path())
                    + ": this system cannot have a file of that name");
            return;
        }
        if (directory) {
            if (!isRoot) {
                Files.createDirectory(file);
            }
            summary.directories.incrementAndGet();
            progress.advance(0);
            return;
        }
        String link = FileForm.symlinkTarget(value);
        if (link != null) {
            Files.createSymbolicLink(file, Path.of(link));
            summary.symlinks.incrementAndGet();
            progress.advance(0);
            return;
        }
        writeFile(file, FileForm.fileBytes(value), znode.contentType().equals(FileForm.EXECUTABLE));
    }

    private void writeFile(Path file, byte[] content, boolean executable) throws IOException {
        Files.write(file, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        if (executable && file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            permissions.add(PosixFilePermission.OWNER_EXECUTE);
            if (permissions.contains(PosixFilePermission.GROUP_READ)) {
                permissions.add(PosixFilePermission.GROUP_EXECUTE);
            }
            if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
                permissions.add(PosixFilePermission.OTHERS_EXECUTE);
            }
            Files.setPosixFilePermissions(file, permissions);
        }
        summary.files.incrementAndGet();
        summary.bytes.addAndGet(content.length);
        progress.advance(content.length);
    }

    /** Returns the file for a path below the root, or null when the file system cannot name it. */
    private static @Nullable Path file(Path target, String below) {
        try {
            return target.resolve(below);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static void moveEntries(Path from, Path to) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(from)) {
            for (Path entry : entries) {
                Files.move(entry, to.resolve(entry.getFileName()));
            }
        }
    }

    private static void deleteEntries(Path directory) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                deleteTree(entry);
            }
        }
    }

    /** Deletes a tree as far as it can; what stays is told by the name of the directory. */
    private static void deleteTree(Path top) {
        if (!Files.exists(top, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.walkFileTree(top, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException error)
                        throws IOException {
                    Files.delete(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            // nothing more can be done here; the directory's name tells what it is
            return;
        }
    }
}
