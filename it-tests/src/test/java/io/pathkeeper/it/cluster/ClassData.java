package io.pathkeeper.it.cluster;

import io.pathkeeper.it.process.FreePorts;
import io.pathkeeper.it.process.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The archive of the server's classes that lets each of the hundreds of servers of these tests start with half of the processor time. It lies
 * beside the directories of the clusters and is made anew, by a server that starts and stops once, when the jar is newer. A JVM that cannot use it starts without.
 */
final class ClassData {
    private static final String SHARED = "-XX:SharedArchiveFile=";

    private ClassData() {}

    /**
     * The options of a JVM that uses the archive, which is made when there is none yet.
     *
     * @param java and its options that decide on the archive's form
     * @throws IllegalStateException when the server that should write it does not, with its log
     */
    static synchronized List<String> options(List<String> java, Path serverJar, Path directory) {
        Path archive = directory.resolve("server.jsa");
        try {
            boolean usable = Files.exists(archive)
                    && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(serverJar)) > 0;
            if (!usable) {
                make(java, serverJar, directory, archive);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.of(SHARED + archive, "-Xshare:auto");
    }

    private static void make(List<String> java, Path serverJar, Path directory, Path archive) throws IOException {
        Path scratch = Files.createTempDirectory(directory, "class-data-");
        Path written = scratch.resolve("server.jsa"); // a name of its own: another JVM may be at it, too
        List<Integer> ports = FreePorts.find(3);
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of("-XX:ArchiveClassesAtExit=" + written, "-jar", serverJar.toString()));
        command.addAll(List.of("--data", scratch.resolve("data").toString()));
        command.addAll(List.of("--client-listen", "127.0.0.1:" + ports.get(0)));
        command.addAll(List.of("--raft-listen", "127.0.0.1:" + ports.get(1)));
        command.addAll(List.of("--http-listen", "127.0.0.1:" + ports.get(2)));
        ServerProcess server = ServerProcess.start(command, scratch, scratch.resolve("log"));
        Await.until(
                "the server for the class data serves",
                Cluster.PATIENCE,
                () -> server.log().contains(" serving ") || !server.isRunning());
        server.stop(Duration.ofSeconds(60));
        if (!Files.isRegularFile(written)) {
            throw new IllegalStateException("no archive of classes was written; the server said:\n" + server.log());
        }
        Files.move(written, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
