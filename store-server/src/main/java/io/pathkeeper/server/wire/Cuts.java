package io.pathkeeper.server.wire;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the server ended by itself on the port of clients. Any thread. */
public final class Cuts {
    /** Why a connection was ended. */
    public enum Connection {
        /** It was as old as one may be. */
        AGE,
        /** Nothing was called for too long. */
        IDLE,
        /** The server stops. */
        SHUTDOWN,
        /** Its certificate is of an authority that counts no more. */
        AUTHORITY,
        /** It sent pings too often. */
        PINGS,
        /** It reset too many calls. */
        RESETS,
        /** The headers of a call were much too large. */
        HEADERS,
        /** It sent too much of something else. */
        FLOOD,
        /** What it sent was not as HTTP/2 has it. */
        PROTOCOL;

        /** As the label of the meter has it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Why a call was ended before anything of the server saw it. */
    public enum Call {
        /** Its headers were too large. */
        HEADERS,
        /** Its message was too large, packed or unpacked. */
        MESSAGE_BYTES,
        /** There were as many calls on its connection as may be. */
        STREAMS,
        /** What it sent was not as HTTP/2 has it. */
        PROTOCOL;

        /** As the label of the meter has it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Map<Connection, LongAdder> connections = new EnumMap<>(Connection.class);
    private final Map<Call, LongAdder> calls = new EnumMap<>(Call.class);

    /** With nothing counted yet. */
    public Cuts() {
        for (Connection reason : Connection.values()) {
            connections.put(reason, new LongAdder());
        }
        for (Call reason : Call.values()) {
            calls.put(reason, new LongAdder());
        }
    }

    /** A connection was ended. */
    public void connection(Connection reason) {
        of(connections, reason).increment();
    }

    /** A call was ended. */
    public void call(Call reason) {
        of(calls, reason).increment();
    }

    /** How many connections were ended for a reason. */
    public long count(Connection reason) {
        return of(connections, reason).sum();
    }

    /** How many calls were ended for a reason. */
    public long count(Call reason) {
        return of(calls, reason).sum();
    }

    private static <K> LongAdder of(Map<K, LongAdder> counts, K reason) {
        LongAdder count = counts.get(reason);
        if (count == null) {
            throw new IllegalStateException("no count for " + reason);
        }
        return count;
    }
}
