package io.pathkeeper.pathctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script on a copy of the project that holds nothing but what it looks for, with a Java that tells its arguments. */
@Timeout(60)
class LauncherTest {
    @TempDir
    Path temp;

    private Path launcher;
    private Path target;
    private Path javaHome;

    @BeforeEach
    void makeProject() throws IOException {
        Path project = Files.createDirectories(temp.resolve("a project"));
        Path original =
                Path.of("").toAbsolutePath().resolve("../../deploy/bin/pathctl").normalize();
        launcher = Files.createDirectories(project.resolve("deploy/bin")).resolve("pathctl");
        Files.copy(original, launcher);
        executable(launcher);
        target = project.resolve("store-client/pathctl/target");
        javaHome = temp.resolve("java");
        Files.createDirectories(javaHome.resolve("bin"));
        Files.writeString(javaHome.resolve("release"), "JAVA_VERSION=\"17.0.99\"\n");
        Path java = Files.writeString(javaHome.resolve("bin/java"), """
                #!/bin/sh
                for a in "$@"; do case $a in -XX:SharedArchiveFile=*) file=${a#*=};; -Xshare:dump) dump=yes;; esac; done
                [ -z "$dump" ] || : > "$file"
                printf '<%s>' "$@"
                """);
        executable(java);
    }

    @Test
    void namesTheCommandThatBuilds() throws Exception {
        assertThat(pathctl(1, Map.of(), "get", "/a"))
                .startsWith("pathctl: not built yet; build it with: ")
                .contains("mvn ");
    }

    @Test
    void refusesAJavaThatIsMissingOrOld() throws Exception {
        build();
        assertThat(pathctl(1, Map.of("JAVA_HOME", "/nowhere")))
                .contains("JAVA_HOME is '/nowhere', which has no bin/java");
        Files.writeString(javaHome.resolve("release"), "JAVA_VERSION=\"11.0.2\"\n");
        assertThat(pathctl(1, Map.of())).contains("is Java 11.0.2: 17 or later is needed");
        Files.writeString(javaHome.resolve("release"), "JAVA_VERSION=\"1.8.0_402\"\n");
        assertThat(pathctl(1, Map.of())).contains("is Java 1.8.0_402: 17 or later is needed");
    }

    @Test
    void passesArgumentsOnAndMakesTheArchiveOnce() throws Exception {
        build();
        String first = pathctl(0, Map.of(), "set", "/a b", "--value", "");
        assertThat(first)
                .endsWith("<io.pathkeeper.pathctl.PathctlMain><set></a b><--value><>")
                .contains(".jsa>");
        List<Path> archives = archives();
        assertThat(archives).hasSize(1);
        long made = Files.getLastModifiedTime(archives.get(0)).toMillis();
        pathctl(0, Map.of(), "ls");
        assertThat(Files.getLastModifiedTime(archives.get(0)).toMillis()).isEqualTo(made);
        Files.setLastModifiedTime(
                target.resolve("lib/x.jar"), java.nio.file.attribute.FileTime.fromMillis(made + 10_000));
        pathctl(0, Map.of(), "ls");
        assertThat(Files.getLastModifiedTime(archives.get(0)).toMillis()).isGreaterThan(made);
        try (var entries = Files.list(target)) {
            assertThat(entries.map(p -> p.getFileName().toString())).noneMatch(name -> name.endsWith(".lock"));
        }
    }

    @Test
    void worksThroughSymlinksAndWithoutAnArchive() throws Exception {
        build();
        Path link = Files.createSymbolicLink(temp.resolve("link"), launcher);
        launcher = link;
        assertThat(pathctl(0, Map.of("PATHCTL_CACHE", "none"), "ls"))
                .endsWith("PathctlMain><ls>")
                .doesNotContain(".jsa");
        assertThat(archives()).isEmpty();
    }

    private void build() throws IOException {
        Files.createDirectories(target.resolve("lib"));
        Files.createFile(target.resolve("lib/x.jar"));
        Files.createFile(target.resolve("pathctl-1.0.jar"));
    }

    private List<Path> archives() throws IOException {
        try (var entries = Files.list(target)) {
            return entries.filter(p -> p.toString().endsWith(".jsa")).toList();
        }
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String pathctl(int expectedCode, Map<String, String> environment, String... arguments) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(launcher.toString()).redirectErrorStream(true);
        builder.command().addAll(List.of(arguments));
        builder.environment().put("JAVA_HOME", javaHome.toString());
        builder.environment().putAll(environment);
        Process process = builder.directory(temp.toFile()).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isEqualTo(expectedCode);
        return output;
    }
}
