package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.FileProblem;
import io.pathkeeper.pathctl.text.JsonText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options that give a value: {@code --value}, {@code --json}, {@code --file}, {@code --null}, or standard input. */
final class ValueOptions {
    /** What text or bytes become. */
    enum Type {
        STRING,
        BYTES,
        INT,
        DOUBLE,
        BOOL,
        JSON
    }

    /** Larger than any limit that a store can be given, so that the store's own answer names its limit. */
    private static final int MAX_INPUT_BYTES = 64 * 1024 * 1024;

    /** At most one of these. */
    static final class Source {
        @Option(
                names = {"-v", "--value"},
                paramLabel = "TEXT",
                description = "The value as text; a string unless --type says otherwise.")
        @Nullable
        String value;

        @Option(
                names = {"-j", "--json"},
                paramLabel = "JSON",
                description = "The value as JSON: integers stay 64-bit, {\"$bytes\": \"<base64>\"} are bytes.")
        @Nullable
        String json;

        @Option(
                names = {"-f", "--file"},
                paramLabel = "FILE",
                description = "The value is what the file holds; bytes unless --type says otherwise.")
        @Nullable
        Path file;

        @Option(names = "--null", description = "The null value.")
        boolean none;
    }

    @ArgGroup
    @Nullable
    Source source;

    @Option(
            names = {"-t", "--type"},
            paramLabel = "TYPE",
            description = "What --value, --file or standard input become: ${COMPLETION-CANDIDATES}.")
    @Nullable
    Type type;

    @Option(
            names = "--content-type",
            paramLabel = "TEXT",
            description = "A description of the content, stored beside the value.")
    String contentType = "";

    /** Returns whether a value was given, standard input left aside. */
    boolean given() {
        return source != null;
    }

    /** Returns the value; null when nothing gives one: standard input is a terminal, belongs to a shell or is empty. */
    @Nullable
    Value read(CommandContext context) throws InterruptedException {
        Source from = source;
        if (from == null) {
            if (context.interactive() || context.streams().inTerminal()) {
                return null;
            }
            byte[] content = input(context);
            return content.length == 0 ? null : typed("standard input", content, Type.BYTES);
        }
        if (from.value != null) {
            return typed("--value", from.value.getBytes(StandardCharsets.UTF_8), Type.STRING);
        }
        if (from.file != null) {
            return typed(from.file.toString(), contents(from.file), Type.BYTES);
        }
        if (type != null) {
            throw CommandFailure.usage("--type goes with --value, --file or standard input only");
        }
        return from.json == null ? Value.NULL : JsonText.read("--json", from.json);
    }

    private Value typed(String what, byte[] content, Type standard) {
        Type wanted = type == null ? standard : type;
        if (wanted == Type.BYTES) {
            return Value.of(content);
        }
        String text = text(what, content);
        return switch (wanted) {
            case STRING -> Value.of(text);
            case JSON -> JsonText.read(what, text);
            default -> scalar(what, text.strip(), wanted);
        };
    }

    private static Value scalar(String what, String text, Type wanted) {
        if (wanted == Type.BOOL) {
            if (!text.equals("true") && !text.equals("false")) {
                throw CommandFailure.usage(what + ": '" + text + "' is neither true nor false");
            }
            return Value.of(text.equals("true"));
        }
        try {
            return wanted == Type.INT ? Value.of(Long.parseLong(text)) : Value.of(Double.parseDouble(text));
        } catch (IllegalArgumentException e) {
            String range = wanted == Type.INT ? "64-bit integer (-2^63 to 2^63-1)" : "finite double";
            throw CommandFailure.usage(what + ": '" + text + "' is no " + range);
        }
    }

    private static String text(String what, byte[] content) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw CommandFailure.usage(what + " is not valid UTF-8; use --type bytes");
        }
    }

    static byte[] contents(Path file) {
        try (InputStream stream = Files.newInputStream(file)) {
            return limited(file.toString(), stream);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.UNAVAILABLE, "cannot read " + file + ": " + FileProblem.words(e), e);
        }
    }

    /** Reads standard input to its end. An input that stays open without giving anything is told after the time limit. */
    static byte[] input(CommandContext context) throws InterruptedException {
        Duration limit = context.timeout(CommandContext.DEFAULT_TIMEOUT);
        InputStream stream = context.streams().in();
        CompletableFuture<Integer> first = new CompletableFuture<>();
        CompletableFuture<byte[]> all = new CompletableFuture<>();
        Thread reader = new Thread(() -> readAll(stream, first, all), "pathctl-stdin");
        reader.setDaemon(true);
        reader.start();
        try {
            first.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return all.get();
        } catch (TimeoutException e) {
            throw CommandFailure.usage(
                    "no value option was given and standard input, which is no terminal, gave nothing for "
                            + limit.toSeconds() + " s; use --value, --json, --file or --null");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CommandFailure failure) {
                throw failure;
            }
            throw new CommandFailure(ExitCode.UNAVAILABLE, "cannot read standard input: " + e.getCause(), e);
        }
    }

    private static void readAll(InputStream stream, CompletableFuture<Integer> first, CompletableFuture<byte[]> all) {
        try {
            int begin = stream.read();
            first.complete(begin);
            if (begin < 0) {
                all.complete(new byte[0]);
                return;
            }
            byte[] rest = limited("standard input", stream);
            byte[] content = new byte[rest.length + 1];
            content[0] = (byte) begin;
            System.arraycopy(rest, 0, content, 1, rest.length);
            all.complete(content);
        } catch (IOException | RuntimeException e) {
            first.completeExceptionally(e);
            all.completeExceptionally(e);
        }
    }

    private static byte[] limited(String what, InputStream stream) throws IOException {
        byte[] content = stream.readNBytes(MAX_INPUT_BYTES + 1);
        if (content.length > MAX_INPUT_BYTES) {
            throw new CommandFailure(
                    ExitCode.REFUSED, what + " has more than " + MAX_INPUT_BYTES + " bytes, which no value can hold");
        }
        return content;
    }
}
