package io.pathkeeper.it.stalled;

import io.grpc.StatusRuntimeException;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.it.process.FreePorts;
import io.pathkeeper.it.process.HeapSize;
import io.pathkeeper.it.process.ServerProcess;
import io.pathkeeper.v1.SyncRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One server process without others, whose heap is resident as a whole from the start: what grows is outside of it. Driven by one thread; closing kills it. */
final class LoneServer implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(120);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(1);
    private static final long POLL_MILLIS = 50;
    private static final Pattern RESIDENT = Pattern.compile("^VmRSS:\\s+(\\d+) kB", Pattern.MULTILINE);

    private final ServerProcess process;
    private final ServerStubs stubs;

    /** Starts it and waits until it is ready. */
    LoneServer(Path jar, Path directory, String heap, List<String> javaOptions, Map<String, String> settings)
            throws IOException, InterruptedException {
        List<Integer> ports = FreePorts.find(3);
        stubs = new ServerStubs("127.0.0.1:" + ports.get(0));
        Files.createDirectories(directory);
        Path data = Files.createTempDirectory(directory.toAbsolutePath(), "stalled-");
        List<String> command = new ArrayList<>(
                List.of(ServerProcess.java(), "-Xms" + heap, "-Xmx" + heap, "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC"));
        command.addAll(javaOptions);
        command.addAll(List.of(
                "-jar",
                jar.toString(),
                "--data",
                data.resolve("data").toString(),
                "--client-listen",
                stubs.address(),
                "--raft-listen",
                "127.0.0.1:" + ports.get(1),
                "--http-listen",
                "127.0.0.1:" + ports.get(2)));
        settings.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
        process = ServerProcess.start(command, data, data.resolve("server.log"));
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!isReady()) {
            if (!process.isRunning() || System.nanoTime() - deadline > 0) {
                close();
                throw new IllegalStateException("the server is not ready; its log ends with:\n" + process.logEnd());
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private boolean isReady() {
        try {
            stubs.store(ANSWER_LIMIT).sync(SyncRequest.getDefaultInstance());
            return true;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    ServerStubs stubs() {
        return stubs;
    }

    /** Fails when the server has ended, as it does when its memory is not enough. */
    void requireRunning() {
        if (!process.isRunning()) {
            throw new IllegalStateException("the server ended; its log ends with:\n" + process.logEnd());
        }
    }

    /** Bytes of all living objects, behind a full collection. */
    long heapBytes() throws IOException, InterruptedException {
        requireRunning();
        return HeapSize.of(process.pid()).bytes();
    }

    /** Bytes of memory that the process has, heap and everything else. */
    long residentBytes() throws IOException {
        Matcher found = RESIDENT.matcher(Files.readString(Path.of("/proc/" + process.pid() + "/status")));
        if (!found.find()) {
            throw new IllegalStateException("the system does not tell the memory of process " + process.pid());
        }
        return Long.parseLong(found.group(1)) << 10;
    }

    @Override
    public void close() {
        stubs.close();
        if (process.isRunning()) {
            process.kill();
        }
    }
}
