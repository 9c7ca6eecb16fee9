package io.pathkeeper.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.pathkeeper.server.metrics.ServerMeters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What becomes of lines when their disk fails, is slow, or full of them. */
@Timeout(60)
class AuditWriterTest {
    private static final long MOST_BYTES = 65_536;

    @TempDir
    private Path dir;

    private final ServerMeters meters = new ServerMeters("test", "none", Set.of());
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private final Logger log = (Logger) LoggerFactory.getLogger(AuditWriter.class);
    private Path name;

    @BeforeEach
    void listen() {
        name = dir.resolve("logs").resolve("audit.log");
        said.start();
        log.addAppender(said);
    }

    @AfterEach
    void stopListening() {
        log.detachAppender(said);
        meters.close();
    }

    private AuditWriter writer(int capacity) throws IOException {
        AuditFile file = new AuditFile(name, MOST_BYTES, 3);
        file.open();
        return new AuditWriter(name, file, meters.audit(), capacity, Duration.ofMillis(20));
    }

    private double meter(String counter) {
        return meters.scrape()
                .lines()
                .filter(line -> line.startsWith(counter + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(counter.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private List<String> lines() throws IOException {
        return Files.exists(name) ? Files.readAllLines(name) : List.of();
    }

    private void awaitLine(String line) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> lines().contains(line));
    }

    /** From now on every write fails: where the directory was, there is a file. */
    private void takeDirectoryAway() throws IOException {
        try (Stream<Path> files = Files.list(name.getParent())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(name.getParent());
        Files.createFile(name.getParent());
    }

    private List<String> said() {
        return said.list.stream().map(ILoggingEvent::getMessage).toList();
    }

    @Test
    void linesWaitForABrokenDiskAndThoseThatFindNoRoomAreCountedAndSaid() throws Exception {
        int sent = 50;
        try (AuditWriter writer = writer(8)) {
            writer.write("first");
            awaitLine("first");
            takeDirectoryAway();
            for (int i = 0; i < sent; i++) {
                writer.write("line " + i);
            }
            assertThat(writer.lost()).isPositive().isLessThan(sent);
            assertThat(meter("pathkeeper_audit_lost_lines_total")).isEqualTo(writer.lost());
            assertThat(said()).anyMatch(line -> line.contains("lines of the audit log are lost"));

            Files.delete(name.getParent());
            awaitLine("line 0");
            writer.write("last");
            awaitLine("last");

            List<String> kept = lines();
            assertThat(kept).filteredOn(line -> line.startsWith("line ")).hasSize(sent - (int) writer.lost());
            assertThat(kept)
                    .filteredOn(line -> line.contains("LINES_LOST"))
                    .singleElement()
                    .asString()
                    .contains("\"lost\":" + writer.lost() + "}");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> meter("pathkeeper_audit_lines_total") == 2 + sent - writer.lost());
            assertThat(said()).anyMatch(line -> line.contains("is written again"));
        }
    }

    @Test
    void noCallWaitsForABrokenDiskMoreThanOnce() throws Exception {
        try (AuditWriter writer = writer(8)) {
            takeDirectoryAway();
            long begin = System.nanoTime();
            String line = "x".repeat(10_000); // of short ones the writer takes hundreds at a time, to write them later
            for (int i = 0; i < 2_000; i++) {
                writer.write(line);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
            assertThat(writer.lost()).isGreaterThan(1_900);
        }
        assertThat(meter("pathkeeper_audit_lost_lines_total"))
                .as("with those that waited")
                .isEqualTo(2_000);
    }

    @Test
    void aFullDiskIsNoticed() throws Exception {
        Files.createDirectories(name.getParent());
        Files.createSymbolicLink(name, Path.of("/dev/full"));
        try (AuditWriter writer = writer(4)) {
            writer.write("line");
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !said().isEmpty());
            assertThat(said()).anyMatch(line -> line.contains("cannot be written"));
        }
        assertThat(meter("pathkeeper_audit_lost_lines_total")).isEqualTo(1);
    }

    @Test
    void aFileThatWasTakenAwayIsMadeAgain() throws Exception {
        try (AuditWriter writer = writer(64)) {
            writer.write("one");
            awaitLine("one");
            Files.move(name, name.resolveSibling("taken"));
            writer.write("two");
            awaitLine("two");
            Files.delete(name.resolveSibling("taken"));
            Files.delete(name);
            Files.delete(name.getParent());
            writer.write("three");
            awaitLine("three");
            assertThat(lines()).containsExactly("three");
            assertThat(writer.lost()).isZero();
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(name)))
                .isEqualTo("rw-------");
    }

    @Test
    void aTornLineIsEnded() throws Exception {
        Files.createDirectories(name.getParent());
        Files.writeString(name, "whole\nto");
        try (AuditWriter writer = writer(64)) {
            writer.write("next");
        }
        assertThat(lines()).containsExactly("whole", "to", "next");
    }

    @Test
    void filesAreBoundedInNumberAndSize() throws Exception {
        String filler = "x".repeat(1_000);
        int count = 1_000;
        try (AuditWriter writer = writer(AuditWriter.QUEUE)) {
            for (int i = 0; i < count; i++) {
                writer.write("line " + i + " " + filler);
            }
        }
        List<String> all = new ArrayList<>();
        for (String end : List.of(".3", ".2", ".1", "")) {
            Path file = name.resolveSibling("audit.log" + end);
            assertThat(Files.size(file)).as(end).isBetween(1L, MOST_BYTES);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            all.addAll(Files.readAllLines(file));
        }
        try (Stream<Path> files = Files.list(name.getParent())) {
            assertThat(files).hasSize(4);
        }
        assertThat(all)
                .as("the newest, in order and without a gap")
                .containsExactlyElementsOf(IntStream.range(count - all.size(), count)
                        .mapToObj(i -> "line " + i + " " + filler)
                        .toList());
    }
}
