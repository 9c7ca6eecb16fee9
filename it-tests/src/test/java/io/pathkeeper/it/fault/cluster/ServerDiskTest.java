package io.pathkeeper.it.fault.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerDiskTest {
    @TempDir
    Path directory;

    /** The newest is the last one, which the order of the names would not say. */
    @Test
    void snapshotsComeInTheOrderOfTheirIndexes() throws IOException {
        ServerDisk disk = ServerDisk.at(directory);
        Files.createDirectories(disk.data());
        for (String name :
                new String[] {"snapshot.9_800", "snapshot.10_1200", "snapshot.9_800.md5", "snapshot.10_11000"}) {
            Files.createFile(disk.data().resolve(name));
        }

        assertThat(disk.snapshots())
                .extracting(file -> file.getFileName().toString())
                .containsExactly("snapshot.9_800", "snapshot.10_1200", "snapshot.10_11000");
    }
}
