package io.pathkeeper.it.bench;

import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.text.JsonText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A closed loop in a Python process, steered by lines of JSON that {@code it-tests/bench/load.py} tells of. The client's processor time is that of this process. Used by one thread.
 *
 * <p>Life: made with its process, {@link #begin} once, {@link #run} any number of times, closed once.
 */
final class PythonLoad implements AutoCloseable {
    /** Longer than the program waits for connections and for the last answers. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final int LOG_CHARS = 3_000;

    private final Process process;
    private final Path log;
    private final Writer commands;
    private final BufferedReader answers;

    PythonLoad(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Has the program connect, and waits until it is. */
    void begin(String store, List<String> addresses, Znodes znodes, String token) throws IOException {
        try {
            send(Value.map(
                    "store",
                    store,
                    "addresses",
                    addresses,
                    "znodes",
                    znodes.count(),
                    "value",
                    HexFormat.of().formatHex(znodes.value()),
                    "token",
                    token));
            await("ready", PATIENCE);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Runs the warm-up, then the measurement, then waits for the last answers.
     *
     * @param server that a single outstanding call goes to
     * @throws IllegalStateException when a call was never answered, or the program ended
     */
    Sample run(
            Workload workload, int outstanding, int server, Duration warmup, Duration measured, List<Long> serverPids)
            throws IOException {
        send(Value.map(
                "workload",
                workload.label(),
                "outstanding",
                outstanding,
                "server",
                server,
                "settle_seconds",
                warmup.toNanos() / 1e9,
                "measured_seconds",
                measured.toNanos() / 1e9));
        await("begun", warmup.plus(PATIENCE));
        ProcessorSeconds processors = new ProcessorSeconds(serverPids, process.pid());
        await("ended", measured.plus(PATIENCE));
        double serverSeconds = processors.servers();
        double clientSeconds = processors.client();
        return sample(await("result", PATIENCE), serverSeconds, clientSeconds);
    }

    /** What a result says, and processor time. */
    static Sample sample(Value result, double serverSeconds, double clientSeconds) {
        long unanswered = result.get("unanswered").asLong();
        if (unanswered > 0) {
            throw new IllegalStateException(unanswered + " calls from Python were not answered");
        }
        Histogram latencies = new Histogram(Meter.MAX_MICROS, 3);
        List<Value> micros = result.get("micros").asList();
        List<Value> counts = result.get("counts").asList();
        for (int i = 0; i < micros.size(); i++) {
            latencies.recordValueWithCount(
                    Math.min(micros.get(i).asLong(), Meter.MAX_MICROS),
                    counts.get(i).asLong());
        }
        Value firstError = result.get("first_error");
        return new Sample(
                latencies,
                result.get("seconds").asDouble(),
                serverSeconds,
                clientSeconds,
                result.get("failed").asLong(),
                firstError.isNull() ? null : firstError.asString());
    }

    private void send(Value command) throws IOException {
        try {
            commands.write(command.toJson() + "\n");
            commands.flush();
        } catch (IOException e) {
            throw failure("does not listen", e);
        }
    }

    /** Waits for the next answer, which is of this kind. */
    private Value await(String event, Duration patience) {
        String line = nextLine(patience);
        Value answer;
        try {
            answer = JsonText.read("an answer", line);
        } catch (CommandFailure e) {
            throw failure("says '" + line + "' instead of " + event, e);
        }
        if (!answer.get("event").asString().equals(event)) {
            throw failure("says '" + line + "' instead of " + event, null);
        }
        return answer;
    }

    private String nextLine(Duration patience) {
        CompletableFuture<@Nullable String> line = CompletableFuture.supplyAsync(() -> {
            try {
                return answers.readLine();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        try {
            String said = line.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            if (said == null) {
                throw failure("ended", null);
            }
            return said;
        } catch (TimeoutException | ExecutionException e) {
            throw failure("said nothing within " + patience.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure("was waited for when this thread was interrupted", e);
        }
    }

    private IllegalStateException failure(String what, @Nullable Throwable cause) {
        String text;
        try {
            text = Files.readString(log);
        } catch (IOException e) {
            text = "(" + e + ")";
        }
        return new IllegalStateException(
                "the Python program " + what + "; its log, " + log + ", ends with:\n"
                        + text.substring(Math.max(0, text.length() - LOG_CHARS)),
                cause);
    }

    /** Ends the process. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
