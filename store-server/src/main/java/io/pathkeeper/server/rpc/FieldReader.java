package io.pathkeeper.server.rpc;

import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.ReadRequest;
import io.pathkeeper.server.store.ReadRequest.Consistency;
import io.pathkeeper.server.tree.InvalidPathException;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.v1.ReadOptions;
import io.pathkeeper.v1.ValueFormat;
import io.pathkeeper.v1.View;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads and checks the fields that many requests have. Every method throws {@link RejectedException}. Any thread. */
public final class FieldReader {
    private static final int MAX_CLIENT_ID_BYTES = 64;

    private FieldReader() {}

    /** A path. */
    public static ZnodePath path(String text) {
        try {
            return ZnodePath.parse(text);
        } catch (InvalidPathException e) {
            throw invalidPath(text, e);
        }
    }

    /** The prefix of a sequential path. */
    static ZnodePath prefix(String text) {
        try {
            return ZnodePath.parsePrefix(text);
        } catch (InvalidPathException e) {
            throw invalidPath(text, e);
        }
    }

    private static RejectedException invalidPath(String text, InvalidPathException e) {
        Rejection rejection = e.limit() == 0
                ? Rejection.of(RejectReason.PATH_INVALID, String.valueOf(e.getMessage()), "path", text)
                : Rejection.of(
                        RejectReason.PATH_INVALID,
                        String.valueOf(e.getMessage()),
                        "path",
                        text,
                        "limit",
                        Long.toString(e.limit()));
        return new RejectedException(rejection);
    }

    /** The id of a write, or null when there is none. */
    static @Nullable RequestId requestId(boolean present, io.pathkeeper.v1.RequestId id) {
        if (!present) {
            return null;
        }
        clientId(id.getClientId());
        if (id.getClientId().isEmpty()) {
            throw RejectedException.argument("request_id.client_id", "is empty: choose 1 to 64 bytes at random");
        }
        if (id.getSequence() < 1) {
            throw RejectedException.argument(
                    "request_id.sequence", "is " + id.getSequence() + ": the first write of a client has 1");
        }
        if (id.getAcknowledgedBelow() < 0 || id.getAcknowledgedBelow() > id.getSequence()) {
            throw RejectedException.argument(
                    "request_id.acknowledged_below",
                    "is " + id.getAcknowledgedBelow() + ": allowed are 0 to the sequence, " + id.getSequence());
        }
        return new RequestId(id.getClientId(), id.getSequence(), id.getAcknowledgedBelow());
    }

    /** Checks the identity of a client; it may be empty. */
    static void clientId(String clientId) {
        if (clientId.length() > MAX_CLIENT_ID_BYTES
                || clientId.getBytes(StandardCharsets.UTF_8).length > MAX_CLIENT_ID_BYTES) {
            throw RejectedException.argument("client_id", "has more than " + MAX_CLIENT_ID_BYTES + " bytes");
        }
    }

    /** How a read is to be made. */
    static ReadRequest readOptions(ReadOptions options) {
        if (options.getMinRevision() < 0) {
            throw RejectedException.argument(
                    "options.min_revision", "is " + options.getMinRevision() + ": a revision is not negative");
        }
        if (options.getMaxStalenessMs() < 0) {
            throw RejectedException.argument(
                    "options.max_staleness_ms", "is " + options.getMaxStalenessMs() + ": it is 0 or more");
        }
        Consistency consistency = switch (options.getConsistency()) {
            case CONSISTENCY_UNSPECIFIED, CONSISTENCY_LINEARIZABLE -> Consistency.LINEARIZABLE;
            case CONSISTENCY_AT_LEAST -> Consistency.AT_LEAST;
            case CONSISTENCY_LOCAL -> Consistency.LOCAL;
            case UNRECOGNIZED -> throw unknown("options.consistency", options.getConsistencyValue());
        };
        long staleness = consistency == Consistency.LOCAL ? options.getMaxStalenessMs() : 0;
        return consistency == Consistency.LINEARIZABLE && options.getMinRevision() == 0
                ? ReadRequest.LINEARIZABLE
                : new ReadRequest(consistency, options.getMinRevision(), staleness);
    }

    /** An expected version or revision, {@link Command#ANY} when there is none. */
    static long expected(String field, boolean present, long value) {
        if (!present) {
            return Command.ANY;
        }
        if (value < 0) {
            throw RejectedException.argument(field, "is " + value + ": leave it out to expect nothing");
        }
        return value;
    }

    /** The key of a session. */
    static SessionKey session(String field, boolean present, io.pathkeeper.v1.SessionKey key) {
        if (!present || key.getId() < 1) {
            throw RejectedException.argument(
                    field, present ? ".id is " + key.getId() + ": ids begin with 1" : "is unset: open a session first");
        }
        if (key.getSecret().size() != Session.SECRET_BYTES) {
            throw RejectedException.argument(
                    field + ".secret",
                    "has " + key.getSecret().size() + " bytes: it is the " + Session.SECRET_BYTES
                            + " bytes that came with the session");
        }
        return new SessionKey(key.getId(), key.getSecret().toByteArray());
    }

    /** A text of limited size. */
    static String text(String field, String text, int maxBytes) {
        if (text.length() > maxBytes || text.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            throw RejectedException.argument(field, "has more than " + maxBytes + " bytes");
        }
        return text;
    }

    /** A number within limits. */
    static long within(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new RejectedException(Rejection.of(
                    RejectReason.ARGUMENT_INVALID,
                    field + " is " + value + ": allowed are " + least + " to " + most,
                    "field",
                    field,
                    "actual",
                    Long.toString(value),
                    "limit",
                    Long.toString(value < least ? least : most)));
        }
        return value;
    }

    /** The size of a page. */
    static int pageSize(int size) {
        int most = TreeReads.MAX_PAGE_SIZE;
        if (size < 0 || size > most) {
            throw RejectedException.argument("page_size", "is " + size + ": allowed are 1 to " + most + ", 0 for 100");
        }
        return size == 0 ? 100 : size;
    }

    /** The form of values. */
    public static ValueFormat format(ValueFormat format) {
        if (format == ValueFormat.UNRECOGNIZED) {
            throw RejectedException.argument("value_format", "is none that this server knows");
        }
        return format;
    }

    /** How much of a znode is wanted. */
    static View view(View view, View fallback) {
        if (view == View.UNRECOGNIZED) {
            throw RejectedException.argument("view", "is none that this server knows");
        }
        return view == View.VIEW_UNSPECIFIED ? fallback : view;
    }

    /** An enum value that this server does not know. */
    static RejectedException unknown(String field, int number) {
        return RejectedException.argument(field, "is " + number + ", which this server does not know");
    }
}
