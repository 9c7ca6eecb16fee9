package io.pathkeeper.server.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.pathkeeper.server.config.ServerConfig;
import io.pathkeeper.server.metrics.AuditMeters;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Writes the audit log. Any thread; {@link #close} writes what waits.
 *
 * <p>Files: {@code audit.file}, and {@code audit.file.1} (the newest) to {@code audit.file.N} that were put aside. Mode 0600.
 */
public final class AuditLog implements AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final @Nullable AuditWriter log;
    private final boolean writes;

    /**
     * Opens the file.
     *
     * @throws IOException when the file cannot be written
     */
    public AuditLog(ServerConfig.Audit config, AuditMeters meters) throws IOException {
        writes = config.writes();
        Path name = config.file();
        if (name == null) {
            log = null;
            return;
        }
        AuditFile file = new AuditFile(name, config.fileBytes(), config.files());
        try {
            file.open();
        } catch (IOException e) {
            throw new IOException("audit.file " + name + " cannot be written: " + e, e);
        }
        log = new AuditWriter(name, file, meters, AuditWriter.QUEUE, RETRY);
    }

    /** Whether anything is written at all. */
    public boolean isOn() {
        return log != null;
    }

    /** Whether writes of the store are written, too. */
    public boolean takesWrites() {
        return log != null && writes;
    }

    /** Writes an entry. Waits a tenth of a second at most. */
    public void write(AuditEntry entry) {
        if (log != null) {
            log.write(text(entry));
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
        if (log != null) {
            log.close();
        }
    }
}
