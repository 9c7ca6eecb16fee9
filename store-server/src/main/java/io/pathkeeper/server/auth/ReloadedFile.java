package io.pathkeeper.server.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The contents of a file, read again when the file has changed. It is looked at once a second at most, by whoever asks. A new content that
 * cannot be read keeps the old one and is logged. Any thread.
 *
 * @param <T> what the contents are made into
 */
final class ReloadedFile<T> {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadedFile.class);
    private static final long LOOK_NANOS = 1_000_000_000L;

    private final Path file;
    private final Reader<T> reader;
    private final AtomicLong lookedNanos = new AtomicLong(System.nanoTime());
    private volatile Content<T> content;
    private volatile String problem = "";

    /** Makes something of the text of a file. */
    interface Reader<T> {
        /** Throws IOException with what is wrong. */
        T read(String text) throws IOException;
    }

    private record Content<T>(T value, Mark mark) {}

    private record Mark(long modifiedMillis, long size) {
        static Mark of(Path file) throws IOException {
            return new Mark(Files.getLastModifiedTime(file).toMillis(), Files.size(file));
        }
    }

    /** Reads the file for the first time; a failure is the caller's. */
    ReloadedFile(Path file, Reader<T> reader) throws IOException {
        this.file = file;
        this.reader = reader;
        content = load();
    }

    private Content<T> load() throws IOException {
        Mark mark = Mark.of(file);
        return new Content<>(reader.read(Files.readString(file)), mark);
    }

    /** The newest contents that could be read. */
    T get() {
        long looked = lookedNanos.get();
        long now = System.nanoTime();
        if (now - looked > LOOK_NANOS && lookedNanos.compareAndSet(looked, now)) {
            look();
        }
        return content.value();
    }

    /** Why the file cannot be used as it is now; empty when it can. Looks as {@link #get} does. */
    String problem() {
        get();
        return problem;
    }

    private void look() {
        try {
            if (!Mark.of(file).equals(content.mark())) {
                content = load();
                LOG.atInfo().addKeyValue("file", file).log("read again, as it has changed");
            }
            problem = "";
        } catch (IOException e) {
            if (problem.isEmpty()) {
                LOG.atError()
                        .addKeyValue("file", file)
                        .addKeyValue("error", e.toString())
                        .log("the changed file cannot be used; what it held before still counts");
            }
            problem = "the file " + file + " cannot be used (" + e
                    + "): what it held before still counts; put a good one in its place";
        }
    }
}
