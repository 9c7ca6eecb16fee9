package io.pathkeeper.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the data directory out of everybody's reach but its owner's: it holds all values, and the hashes and keys of users. */
final class OwnerOnly {
    private static final Logger LOG = LoggerFactory.getLogger(OwnerOnly.class);
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> EVERYBODY = PosixFilePermissions.fromString("------rwx");

    private OwnerOnly() {}

    /**
     * Takes all rights of the group and of others from a directory and everything in it. What belongs to somebody else stays as it is; where
     * everybody may use that, it is warned of. Does nothing where files have no modes.
     */
    static void keep(Path directory) throws IOException {
        if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : (Iterable<Path>) all.filter(path -> !Files.isSymbolicLink(path))::iterator) {
                keepOne(each);
            }
        }
    }

    private static void keepOne(Path path) throws IOException {
        Set<PosixFilePermission> allowed = Files.getPosixFilePermissions(path);
        if (OWNER.containsAll(allowed)) {
            return;
        }
        boolean everybody = EVERYBODY.stream().anyMatch(allowed::contains);
        allowed.retainAll(OWNER);
        try {
            Files.setPosixFilePermissions(path, allowed);
        } catch (IOException e) {
            if (everybody) {
                LOG.atWarn()
                        .addKeyValue("path", path)
                        .addKeyValue("cause", String.valueOf(e.getMessage()))
                        .log("every user of this machine may use a part of the data directory; take that from them");
            }
        }
    }
}
