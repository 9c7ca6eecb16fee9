package io.pathkeeper.it.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.it.process.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** What must hold of every start that fails: the code, a line that says why, no stack trace, and untouched files. */
final class FailedStart {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private FailedStart() {}

    /** Waits until a process has ended and checks how; one line of what it wrote has all the fragments. */
    static void assertRefused(ServerProcess process, int exitCode, String... fragments) {
        int code = process.awaitExit(PATIENCE);
        String written = process.log();
        assertThat(code).as("exit code; the server wrote:%n%s", written).isEqualTo(exitCode);
        List<String> lines = written.lines().toList();
        assertThat(lines).as("lines of a stack trace").noneMatch(line -> line.startsWith("\tat "));
        assertThat(lines).anySatisfy(line -> assertThat(line).contains(fragments));
    }

    /** Checksums of all files of a directory by their paths. */
    static Map<String, Long> checksums(Path directory) {
        Map<String, Long> checksums = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                CRC32C checksum = new CRC32C();
                checksum.update(Files.readAllBytes(file));
                checksums.put(directory.relativize(file).toString(), checksum.getValue());
            }
            return checksums;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
