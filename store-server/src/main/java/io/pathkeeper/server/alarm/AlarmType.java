package io.pathkeeper.server.alarm;

import java.util.Locale;

/** Kinds of alarms. Names are part of the public interface. */
public enum AlarmType {
    /** A certificate or the authorities in use end soon. */
    CERT_EXPIRY,
    /** New files of a certificate, key or authorities cannot be used; those read before stay in use. */
    CERT_RELOAD_FAILED,
    /** A file with keys or a token that callers are known by cannot be used any more; what it held before counts. */
    AUTH_RELOAD_FAILED,
    /** The state of another server differs, or a snapshot here cannot be read. */
    CORRUPT,
    /** The store has nearly as many znodes or bytes as it may. */
    MEMORY,
    /** The disk of the data directory runs full. */
    NOSPACE,
    /** The disk takes long to make the log durable. */
    SLOW_DISK;

    /** As the label of the meter has it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
