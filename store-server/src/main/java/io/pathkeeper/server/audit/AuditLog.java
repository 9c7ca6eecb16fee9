package io.pathkeeper.server.audit;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.pathkeeper.server.config.ServerConfig;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Writes the audit log. Any thread; {@link #close} writes what waits.
 *
 * <p>Files: {@code audit.file}, and {@code audit.file.1} (the newest) to {@code audit.file.N} that were put aside. Mode 0600.
 */
public final class AuditLog implements AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int QUEUE = 8_192;

    private final LoggerContext context = new LoggerContext();
    private final @Nullable Logger log;
    private final boolean writes;

    /**
     * Opens the file.
     *
     * @throws IOException when the file cannot be written
     */
    public AuditLog(ServerConfig.Audit config) throws IOException {
        writes = config.writes();
        Path file = config.file();
        if (file == null) {
            log = null;
            return;
        }
        prepare(file);
        context.setName("audit");
        context.setMDCAdapter(new LogbackMDCAdapter()); // a context that SLF4J did not make has none
        AsyncAppender queue = new AsyncAppender();
        queue.setContext(context);
        queue.setQueueSize(QUEUE);
        queue.setDiscardingThreshold(0);
        queue.setMaxFlushTime(5_000);
        queue.addAppender(files(file, config));
        queue.start();
        Logger made = context.getLogger("audit");
        made.setLevel(Level.INFO);
        made.setAdditive(false);
        made.addAppender(queue);
        log = made;
    }

    private static void prepare(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        if (!Files.isWritable(file)) {
            throw new IOException("audit.file " + file + " cannot be written");
        }
    }

    private RollingFileAppender<ILoggingEvent> files(Path file, ServerConfig.Audit config) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%msg%n");
        encoder.start();
        RollingFileAppender<ILoggingEvent> files = new PrivateFiles();
        files.setContext(context);
        files.setFile(file.toString());
        files.setEncoder(encoder);
        FixedWindowRollingPolicy rolling = new ManyFiles();
        rolling.setContext(context);
        rolling.setParent(files);
        rolling.setFileNamePattern(file.toString().replace("%", "\\%") + ".%i");
        rolling.setMinIndex(1);
        rolling.setMaxIndex(config.files());
        rolling.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
        trigger.setContext(context);
        trigger.setMaxFileSize(new FileSize(config.fileBytes()));
        trigger.setCheckIncrement(Duration.buildByMilliseconds(100));
        trigger.start();
        files.setRollingPolicy(rolling);
        files.setTriggeringPolicy(trigger);
        files.start();
        return files;
    }

    /** Every file that it begins is its owner's alone. */
    private static final class PrivateFiles extends RollingFileAppender<ILoggingEvent> {
        @Override
        public void openFile(String name) throws IOException {
            prepare(Path.of(name));
            super.openFile(name);
        }
    }

    /** More files than the library's own limit of 20. */
    private static final class ManyFiles extends FixedWindowRollingPolicy {
        @Override
        protected int getMaxWindowSize() {
            return 1_000;
        }
    }

    /** Whether anything is written at all. */
    public boolean isOn() {
        return log != null;
    }

    /** Whether writes of the store are written, too. */
    public boolean takesWrites() {
        return log != null && writes;
    }

    /** Writes an entry. */
    public void write(AuditEntry entry) {
        if (log != null) {
            log.info(text(entry));
        }
    }

    private static String text(AuditEntry entry) {
        StringWriter out = new StringWriter(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField(
                    "time", Instant.ofEpochMilli(entry.timeMillis()).toString());
            json.writeStringField("principal", entry.principal());
            json.writeStringField("credential", entry.credential());
            json.writeStringField("peer", entry.peer());
            json.writeStringField("method", entry.method());
            if (!entry.namespace().isEmpty()) {
                json.writeStringField("namespace", entry.namespace());
            }
            json.writeStringField("path", entry.target());
            json.writeNumberField("revision", entry.revision());
            json.writeStringField("outcome", entry.outcome());
            if (!entry.reason().isEmpty()) {
                json.writeStringField("reason", entry.reason());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("text in memory cannot be written", e);
        }
        return out.toString();
    }

    @Override
    public void close() {
        context.stop();
        if (log != null) {
            LoggerFactory.getLogger(AuditLog.class).debug("the audit log is closed");
        }
    }
}
