package io.pathkeeper.server.raft;

import org.jspecify.annotations.Nullable;

/**
 * A command or an entry of the log is not what its format says. In the log of this server it means damage: the server must stop;
 * from another server it means that the message is to be refused.
 */
public final class CorruptEntryException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int position;

    /**
     * Tells of malformed bytes.
     *
     * @param position offset of the offending bytes from the start of what was decoded
     * @param problem what was expected and what was found
     */
    public CorruptEntryException(int position, String problem) {
        this(position, problem, null);
    }

    /** Tells of malformed bytes, and of what noticed them. */
    public CorruptEntryException(int position, String problem, @Nullable Throwable cause) {
        super("log bytes are malformed at offset " + position + ": " + problem, cause);
        this.position = position;
    }

    /** Offset of the offending bytes from the start of what was decoded. */
    public int position() {
        return position;
    }
}
