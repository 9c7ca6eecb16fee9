package io.pathkeeper.pathctl.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DirectoryTransferTest {
    @TempDir
    Path temp;

    private final Run run = new Run();
    private Path source;
    private Path copy;

    @BeforeEach
    void makeDirectory() throws IOException {
        source = Files.createDirectory(temp.resolve("source"));
        copy = temp.resolve("copy");
    }

    @Test
    void carriesATreeThereAndBackWithoutADifference() throws Exception {
        makeTree(source, new Random(7), 4);
        Files.createDirectory(source.resolve("empty directory"));
        Files.createFile(source.resolve("empty file"));
        Files.write(source.resolve("all bytes"), allBytes());
        Files.writeString(source.resolve("éß\uD83D\uDE00 'quoted' $x * \\ back"), "odd name");
        Files.writeString(source.resolve("\uE000"), "private use");
        Files.createSymbolicLink(source.resolve("link"), Path.of("all bytes"));
        Files.createSymbolicLink(source.resolve("broken"), Path.of("/no/such/file"));
        Files.createSymbolicLink(source.resolve("to directory"), Path.of("empty directory"));
        Path script = Files.writeString(source.resolve("run.sh"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(run.pathctl("import", source.toString(), "/deep/top"))
                .as(run.err)
                .isZero();
        assertThat(run.pathctl("export", "/deep/top", copy.toString()))
                .as(run.err)
                .isZero();

        assertThat(diff(source, copy)).isEmpty();
        assertThat(copy.resolve("run.sh")).isExecutable();
        assertThat(Files.isExecutable(copy.resolve("all bytes"))).isFalse();
        assertThat(run.tree.node("/deep/top/empty directory").value).isEqualTo(Value.NULL);
        assertThat(run.tree.node("/deep/top/empty file").value).isEqualTo(Value.of(new byte[0]));
        assertThat(run.tree.node("/deep/top/link").value).isEqualTo(Value.map("$symlink", "all bytes"));
    }

    @Test
    void repeatsWritesWithoutAClearOutcome() throws IOException {
        makeTree(source, new Random(10), 4);
        run.tree.unclear = new Random(11);
        assertThat(run.pathctl("import", source.toString(), "/top")).as(run.err).isZero();
        run.tree.unclear = null;
        assertThat(run.pathctl("export", "/top", copy.toString())).isZero();
        assertThat(diff(source, copy)).isEmpty();
    }

    @Test
    void writesOnlyWhatHasChangedWhenDoneAgain() throws IOException {
        makeTree(source, new Random(8), 3);
        Files.writeString(source.resolve("changing"), "one");
        run.pathctl("import", source.toString(), "/top");
        long before = run.tree.revision;
        Files.writeString(source.resolve("changing"), "two");
        Files.writeString(source.resolve("new"), "new");
        assertThat(run.pathctl("import", source.toString(), "/top", "-o", "json"))
                .isZero();
        assertThat(run.out()).contains("\"created\":1,\"updated\":1,");
        assertThat(run.tree.revision).isEqualTo(before + 2);
    }

    @Test
    void deletesWhatIsGoneOnlyWhenAsked() throws IOException {
        Files.createDirectories(source.resolve("d/e"));
        Files.writeString(source.resolve("d/e/f"), "x");
        Files.writeString(source.resolve("stays"), "x");
        run.pathctl("import", source.toString(), "/top");
        Files.delete(source.resolve("d/e/f"));
        Files.delete(source.resolve("d/e"));
        Files.delete(source.resolve("d"));
        Files.writeString(source.resolve("d"), "a file now");
        run.pathctl("create", "/top/other", "--value", "not from a file");
        assertThat(run.pathctl("import", source.toString(), "/top")).isZero();
        assertThat(run.tree.nodes).containsKeys("/top/d/e/f", "/top/other");
        assertThat(run.pathctl("import", source.toString(), "/top", "--delete")).isZero();
        assertThat(run.err).contains("deleted 3");
        assertThat(run.tree.nodes).containsOnlyKeys("/", "/top", "/top/d", "/top/stays");
    }

    @Test
    void namesWhatItLeavesOut() throws Exception {
        run.tree.maxValueBytes = 10;
        Files.writeString(source.resolve("large"), "12345678901");
        Files.writeString(source.resolve("fits"), "1234567890");
        Path bad = Files.createDirectory(source.resolve("tab\tin it"));
        Files.writeString(bad.resolve("inside"), "x");
        shell("mkfifo pipe && : > \"$(printf 'bad\\377utf8')\"");
        assertThat(run.pathctl("import", source.toString(), "/top")).isEqualTo(7);
        assertThat(run.err)
                .contains("left out " + source + "/large: 11 bytes, the limit is 10")
                .contains("left out " + source + "/pipe: it is a socket, a pipe or a device")
                .contains("left out " + source + "/tab\\u0009in it: the name has the character U+0009")
                .contains("/inside: it is inside a directory that is left out")
                .contains("the name is not valid UTF-8")
                .contains("left out 5: 3 names that no path may have; 1 values over the limit; 1 sockets");
        assertThat(run.tree.nodes).containsOnlyKeys("/", "/top", "/top/fits");
        assertThat(run.pathctl("import", source.toString(), "/top", "--skip-unsupported"))
                .isZero();
        assertThat(run.pathctl("import", source.toString(), "/top", "--skip-unsupported", "-o", "json"))
                .isZero();
        assertThat(run.out()).contains("\"left_out\":{\"name\":3,\"size\":1,\"special\":1},\"left_out_count\":5");
    }

    @Test
    void leavesOutPathsBeyondTheLimits() throws IOException {
        Path deep = source;
        for (int i = 0; i < 65; i++) {
            deep = Files.createDirectory(deep.resolve("d"));
        }
        assertThat(run.pathctl("import", source.toString(), "/top")).isEqualTo(7);
        assertThat(run.err)
                .contains("it would be 65 levels deep, the limit is 64")
                .contains("2 paths that are too long or too deep");
        assertThat(run.tree.nodes).hasSize(65);
    }

    @Test
    void stopsWhenTheStoreIsGone() throws IOException {
        Files.writeString(source.resolve("a"), "x");
        run.tree.unavailable = true;
        assertThat(run.pathctl("import", source.toString(), "/top")).isEqualTo(1);
        assertThat(run.pathctl("import", temp.resolve("nothing").toString(), "/top"))
                .isEqualTo(1);
        assertThat(run.err).contains("does not exist");
    }

    @Test
    void exportsOtherValuesAsTextAndNamesWhatADirectoryCannotHold() throws IOException {
        put("/r", Value.of("value of the root"));
        put("/r/text", Value.of("é"));
        put("/r/map", Value.map("n", 1));
        put("/r/both", Value.of("beside a child"));
        put("/r/both/child", Value.of(new byte[] {1}));
        assertThat(run.pathctl("export", "/r", copy.toString())).isEqualTo(7);
        assertThat(run.err)
                .contains("the value of /r:")
                .contains("the value of /r/both:")
                .contains("2 values beside children");
        assertThat(copy.resolve("text")).hasContent("é");
        assertThat(copy.resolve("map")).hasContent("{\"n\":1}");
        assertThat(copy.resolve("both/child")).hasBinaryContent(new byte[] {1});
        assertThat(run.pathctl("export", "/r", temp.resolve("two").toString(), "--skip-unsupported"))
                .isZero();
    }

    @Test
    void neverWritesThroughASymlinkFromTheStore() throws IOException {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        put("/r/link", Value.map("$symlink", outside.toString()));
        put("/r/link/file", Value.of(new byte[] {1}));
        assertThat(run.pathctl("export", "/r", copy.toString())).isEqualTo(7);
        assertThat(outside).isEmptyDirectory();
        assertThat(copy.resolve("link/file")).isRegularFile();
    }

    @Test
    void readsAgainWhenAScanBreaksAndLeavesNoTrace() throws IOException {
        makeTree(source, new Random(9), 3);
        run.pathctl("import", source.toString(), "/top");
        run.tree.scansToBreak = 2;
        assertThat(run.pathctl("export", "/top", copy.toString())).isZero();
        assertThat(diff(source, copy)).isEmpty();
        run.tree.scansToBreak = 99;
        Path second = temp.resolve("second");
        assertThat(run.pathctl("export", "/top", second.toString())).isEqualTo(1);
        assertThat(second).isEmptyDirectory();
    }

    @Test
    void refusesADirectoryThatIsNotEmpty() throws IOException {
        Files.createDirectory(copy);
        Files.createFile(copy.resolve("mine"));
        assertThat(run.pathctl("export", "/", copy.toString())).isEqualTo(1);
        assertThat(run.err).contains("is not empty");
        assertThat(copy.resolve("mine")).exists();
    }

    private void put(String path, Value value) {
        run.tree.create(path, value, CreateOptions.defaults().createParents(true));
    }

    private static byte[] allBytes() {
        byte[] bytes = new byte[4096];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    private static void makeTree(Path directory, Random random, int depth) throws IOException {
        for (int i = random.nextInt(6); i >= 0; i--) {
            byte[] content = new byte[random.nextInt(3000)];
            random.nextBytes(content);
            Files.write(directory.resolve("f" + i), content);
        }
        for (int i = depth > 0 ? random.nextInt(4) : 0; i > 0; i--) {
            makeTree(Files.createDirectory(directory.resolve("d" + i)), random, depth - 1);
        }
    }

    private void shell(String script) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", script)
                .directory(source.toFile())
                .redirectErrorStream(true)
                .start();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    /** What differs between two trees, one line each, links compared as links. */
    private static String diff(Path left, Path right) throws IOException {
        StringBuilder lines = new StringBuilder();
        compare(left, right, lines);
        compare(right, left, lines);
        return lines.toString();
    }

    private static void compare(Path left, Path right, StringBuilder lines) throws IOException {
        try (var paths = Files.walk(left)) {
            for (Path path : paths.toList()) {
                Path other = right.resolve(left.relativize(path).toString());
                boolean same = Files.exists(other, LinkOption.NOFOLLOW_LINKS)
                        && Files.isSymbolicLink(path) == Files.isSymbolicLink(other)
                        && (Files.isSymbolicLink(path)
                                ? Files.readSymbolicLink(path).equals(Files.readSymbolicLink(other))
                                : Files.isDirectory(path) ? Files.isDirectory(other) : Files.mismatch(path, other) < 0);
                if (!same) {
                    lines.append(path).append(" differs from ").append(other).append('\n');
                }
            }
        }
    }

    @Test
    void aFailedComparisonIsSeen() throws IOException {
        Files.createDirectory(copy);
        Files.writeString(source.resolve("a"), "x");
        assertThat(diff(source, copy)).contains("differs");
        Files.write(copy.resolve("a"), "y".getBytes(StandardCharsets.UTF_8));
        assertThat(diff(source, copy)).contains("differs");
    }
}
