package io.pathkeeper.pathctl.transfer;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One entry of a directory as it was found, symlinks not followed.
 *
 * @param file where it is
 * @param name its name; bytes that are not UTF-8 appear as U+FFFD
 * @param kind what it is
 * @param sizeBytes size of a file; 0 for the rest
 * @param executable whether the owner of a file may execute it
 */
record LocalEntry(Path file, String name, Kind kind, long sizeBytes, boolean executable) {
    enum Kind {
        DIRECTORY,
        FILE,
        SYMLINK,
        /** A socket, a pipe, a device. */
        SPECIAL,
        /** Its attributes could not be read, for example because it vanished. */
        UNREADABLE
    }

    /**
     * Returns what {@code directory} holds, in the order of the names.
     *
     * @throws IOException when the directory itself cannot be read
     */
    static List<LocalEntry> list(Path directory) throws IOException {
        List<LocalEntry> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                entries.add(of(file));
            }
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw e.getCause();
        }
        entries.sort(Comparator.comparing(LocalEntry::name));
        return entries;
    }

    /** Returns the entry at {@code file}; it is {@link Kind#UNREADABLE} when nothing can be learnt about it. */
    static LocalEntry of(Path file) {
        String name = String.valueOf(file.getFileName());
        try {
            boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
            Class<? extends BasicFileAttributes> type = posix ? PosixFileAttributes.class : BasicFileAttributes.class;
            BasicFileAttributes attributes = Files.readAttributes(file, type, LinkOption.NOFOLLOW_LINKS);
            boolean executable = attributes instanceof PosixFileAttributes p
                    && p.permissions().contains(PosixFilePermission.OWNER_EXECUTE);
            return new LocalEntry(
                    file, name, kind(attributes), attributes.isRegularFile() ? attributes.size() : 0, executable);
        } catch (IOException e) {
            return new LocalEntry(file, name, Kind.UNREADABLE, 0, false);
        }
    }

    private static Kind kind(BasicFileAttributes attributes) {
        if (attributes.isSymbolicLink()) {
            return Kind.SYMLINK;
        }
        if (attributes.isDirectory()) {
            return Kind.DIRECTORY;
        }
        return attributes.isRegularFile() ? Kind.FILE : Kind.SPECIAL;
    }
}
