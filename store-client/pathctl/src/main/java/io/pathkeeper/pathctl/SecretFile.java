package io.pathkeeper.pathctl;

import io.pathkeeper.pathctl.text.FileProblem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that hold one secret, in their first line. */
public final class SecretFile {
    private static final int MAX_CHARACTERS = 64 * 1024;

    private SecretFile() {}

    /**
     * Reads a secret, without what ends the line.
     *
     * @throws IllegalArgumentException when the file cannot be read or its first line is empty
     */
    public static String firstLine(String file) {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(Files.newInputStream(Path.of(file)), StandardCharsets.UTF_8))) {
            return firstLine("the file '" + file + "'", reader);
        } catch (IOException | InvalidPathException e) {
            String why = e instanceof IOException problem ? FileProblem.words(problem) : "no name of a file";
            throw new IllegalArgumentException("the file '" + file + "' cannot be read: " + why, e);
        }
    }

    /** Reads a secret from what {@code what} names in messages. */
    static String firstLine(String what, BufferedReader reader) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = reader.read(); c >= 0 && c != '\n'; c = reader.read()) {
            if (line.length() >= MAX_CHARACTERS) {
                throw new IllegalArgumentException(
                        what + " has more than " + MAX_CHARACTERS + " characters in its first line");
            }
            line.append((char) c);
        }
        if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
        }
        if (line.isEmpty()) {
            throw new IllegalArgumentException(what + " is empty: the secret is its first line");
        }
        return line.toString();
    }

    /** Makes a file of mode 0600 for a secret that is not there yet. To be filled by {@link #write}. */
    public static Path create(String file) {
        try {
            Path path = Path.of(file);
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return path;
        } catch (FileAlreadyExistsException e) {
            throw new CommandFailure(
                    ExitCode.EXISTS, "the file '" + file + "' exists already: name another, or remove it first", e);
        } catch (IOException | InvalidPathException e) {
            String why = e instanceof IOException problem ? FileProblem.words(problem) : "no name of a file";
            throw new CommandFailure(ExitCode.UNAVAILABLE, "the file '" + file + "' cannot be made: " + why, e);
        }
    }

    /** Fills a file that was made for it. */
    public static void write(Path path, String secret) {
        try (SeekableByteChannel channel = Files.newByteChannel(path, Set.of(StandardOpenOption.WRITE))) {
            ByteBuffer bytes = ByteBuffer.wrap((secret + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
