package io.pathkeeper.server.raft;

import io.pathkeeper.server.encoding.ByteSink;
import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.Guard;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The binary form of a {@link Command} and its {@link RequestId}, as the log and the servers' streams carry it. The format is
 * described in {@code store-server/docs/formats.md}; numbers of kinds and flags are never used again for something else.
 *
 * <p>Decoding checks the structure of everything and no limit: what was written under other limits stays readable. Canonical
 * values are carried as they are. Stateless; safe for use by several threads.
 */
public final class CommandCodec {
    private static final int CREATE = 1;
    private static final int SET = 2;
    private static final int PATCH = 3;
    private static final int DELETE = 4;
    private static final int READ = 5;
    private static final int TRANSACT = 6;
    private static final int TICK = 7;
    private static final int CHECK_DIGEST = 8;
    private static final int CREATE_SESSION = 9;
    private static final int CLOSE_SESSION = 10;
    private static final int EXPIRE_SESSION = 11;
    private static final int ACQUIRE = 12;
    private static final int RELEASE = 13;
    private static final int PROCLAIM = 14;
    private static final int GUARDED = 15;
    private static final int INTERNAL = 16;

    /** Stands in the first byte beside the kind when a request id follows. */
    private static final int WITH_REQUEST_ID = 0x80;

    private CommandCodec() {}

    /**
     * A command as it came out of its binary form.
     *
     * @param command the command
     * @param requestId its request id, null for none
     */
    public record Decoded(Command command, @Nullable RequestId requestId) {}

    /**
     * Appends the binary form of a command. The length is not part of it.
     *
     * @throws IllegalArgumentException when a transaction or a guarded command stands where it cannot, or a text is not valid
     *     UTF-16; the sink then has what it had before
     */
    public static void encode(Command command, @Nullable RequestId requestId, ByteSink sink) {
        int start = sink.size();
        try {
            if (requestId == null) {
                encodeCommand(command, 0, false, null, sink);
            } else {
                encodeCommand(command, WITH_REQUEST_ID, false, requestId, sink);
            }
        } catch (IllegalArgumentException e) {
            sink.truncate(start);
            throw e;
        }
    }

    /**
     * Decodes the binary form of one command, which must fill the slice exactly. Nothing in the result refers to the array.
     *
     * @throws CorruptEntryException when the bytes are anything else; positions are counted from {@code offset}
     * @throws IllegalArgumentException when there is no such slice
     */
    public static Decoded decode(byte[] bytes, int offset, int length) throws CorruptEntryException {
        return decode(bytes, offset, length, "");
    }

    /**
     * As {@link #decode(byte[], int, int)}.
     *
     * @param likelyClientId the client id of the command before: as a rule it is the same, and is then not made anew
     */
    static Decoded decode(byte[] bytes, int offset, int length, String likelyClientId) throws CorruptEntryException {
        ByteSource source = new ByteSource(bytes, offset, length);
        try {
            int first = source.getByte();
            RequestId requestId = (first & WITH_REQUEST_ID) == 0 ? null : decodeRequestId(source, likelyClientId);
            Command command = decodeCommand(first & ~WITH_REQUEST_ID, false, source);
            source.requireEnd();
            return new Decoded(command, requestId);
        } catch (CorruptBytesException e) {
            throw new CorruptEntryException(e.position(), String.valueOf(e.getMessage()), e);
        }
    }

    private static void encodeCommand(
            Command command, int flag, boolean inside, @Nullable RequestId requestId, ByteSink sink) {
        sink.putByte(kindOf(command) | flag);
        if (requestId != null) {
            encodeRequestId(requestId, sink);
        }
        if (command instanceof Command.Set set) {
            OperationCodec.encodeSet(set, sink);
        } else if (command instanceof Command.Create create) {
            OperationCodec.encodeCreate(create, sink);
        } else if (command instanceof Command.Patch patch) {
            OperationCodec.encodePatch(patch, sink);
        } else if (command instanceof Command.Delete delete) {
            OperationCodec.encodeDelete(delete, sink);
        } else if (command instanceof Command.Read read) {
            sink.putBytes(read.path().utf8());
        } else if (command instanceof Command.Transact transact) {
            encodeTransact(transact, inside, sink);
        } else if (command instanceof Command.Tick tick) {
            sink.putZigzag(tick.limit());
        } else if (command instanceof Command.CheckDigest check) {
            sink.putZigzag(check.revision());
            sink.putFixed64(check.digest());
        } else {
            encodeCoordination(command, inside, sink);
        }
    }

    private static void encodeCoordination(Command command, boolean inside, ByteSink sink) {
        if (command instanceof Command.Guarded guarded) {
            encodeGuarded(guarded, inside, sink);
        } else if (command instanceof Command.Internal internal) {
            encodeInternal(internal, inside, sink);
        } else if (command instanceof Command.Acquire acquire) {
            CoordinationCodec.encodeAcquire(acquire, sink);
        } else if (command instanceof Command.Release release) {
            CoordinationCodec.encodeRelease(release, sink);
        } else if (command instanceof Command.Proclaim proclaim) {
            CoordinationCodec.encodeProclaim(proclaim, sink);
        } else if (command instanceof Command.CreateSession create) {
            CoordinationCodec.encodeCreateSession(create, sink);
        } else if (command instanceof Command.CloseSession close) {
            CoordinationCodec.encodeSession(close.session(), sink);
        } else if (command instanceof Command.ExpireSession expire) {
            CoordinationCodec.encodeExpire(expire, sink);
        }
    }

    private static int kindOf(Command command) {
        if (command instanceof Command.Set) {
            return SET;
        } else if (command instanceof Command.Create) {
            return CREATE;
        } else if (command instanceof Command.Patch) {
            return PATCH;
        } else if (command instanceof Command.Delete) {
            return DELETE;
        } else if (command instanceof Command.Read) {
            return READ;
        } else if (command instanceof Command.Transact) {
            return TRANSACT;
        } else if (command instanceof Command.Tick) {
            return TICK;
        } else if (command instanceof Command.CheckDigest) {
            return CHECK_DIGEST;
        } else if (command instanceof Command.Guarded) {
            return GUARDED;
        } else if (command instanceof Command.Internal) {
            return INTERNAL;
        } else if (command instanceof Command.Acquire) {
            return ACQUIRE;
        } else if (command instanceof Command.Release) {
            return RELEASE;
        } else if (command instanceof Command.Proclaim) {
            return PROCLAIM;
        } else if (command instanceof Command.CreateSession) {
            return CREATE_SESSION;
        } else if (command instanceof Command.CloseSession) {
            return CLOSE_SESSION;
        } else if (command instanceof Command.ExpireSession) {
            return EXPIRE_SESSION;
        }
        throw new IllegalArgumentException("no binary form for " + command.getClass());
    }

    private static Command decodeCommand(int kind, boolean inside, ByteSource source) throws CorruptBytesException {
        return switch (kind) {
            case CREATE -> OperationCodec.decodeCreate(source);
            case SET -> OperationCodec.decodeSet(source);
            case PATCH -> OperationCodec.decodePatch(source);
            case DELETE -> OperationCodec.decodeDelete(source);
            case READ -> new Command.Read(OperationCodec.decodePath(source, false));
            case TRANSACT -> decodeTransact(inside, source);
            case TICK -> new Command.Tick(decodeTickLimit(source));
            case CHECK_DIGEST -> new Command.CheckDigest(source.getZigzag(), source.getFixed64());
            case CREATE_SESSION -> CoordinationCodec.decodeCreateSession(source);
            case CLOSE_SESSION -> new Command.CloseSession(CoordinationCodec.decodeSession(source));
            case EXPIRE_SESSION -> CoordinationCodec.decodeExpire(source);
            case ACQUIRE -> CoordinationCodec.decodeAcquire(source);
            case RELEASE -> CoordinationCodec.decodeRelease(source);
            case PROCLAIM -> CoordinationCodec.decodeProclaim(source);
            case GUARDED -> decodeGuarded(inside, source);
            case INTERNAL -> decodeInternal(inside, source);
            default -> throw source.corrupt("kind of command " + kind + " is unknown");
        };
    }

    private static int decodeTickLimit(ByteSource source) throws CorruptBytesException {
        long limit = source.getZigzag();
        if (limit != (int) limit) {
            throw source.corrupt("limit of a tick is " + limit + ", which has more than 32 bits");
        }
        return (int) limit;
    }

    private static void encodeGuarded(Command.Guarded guarded, boolean inside, ByteSink sink) {
        if (inside || guarded.command() instanceof Command.Guarded || guarded.command() instanceof Command.Internal) {
            throw new IllegalArgumentException("guards stand around a whole command, not inside one");
        }
        CoordinationCodec.encodeGuards(guarded.guards(), sink);
        encodeCommand(guarded.command(), 0, false, null, sink);
    }

    private static Command.Guarded decodeGuarded(boolean inside, ByteSource source) throws CorruptBytesException {
        if (inside) {
            throw source.corrupt("guards stand inside a transaction");
        }
        List<Guard> guards = CoordinationCodec.decodeGuards(source);
        int kind = source.getByte();
        if (kind == GUARDED || kind == INTERNAL) {
            throw source.corrupt(
                    kind == GUARDED ? "guards stand inside guards" : "guards stand around an internal change");
        }
        return new Command.Guarded(guards, decodeCommand(kind, false, source));
    }

    private static void encodeInternal(Command.Internal internal, boolean inside, ByteSink sink) {
        if (inside) {
            throw new IllegalArgumentException("an internal change stands alone");
        }
        encodeTransact(internal.transact(), false, sink);
    }

    private static Command.Internal decodeInternal(boolean inside, ByteSource source) throws CorruptBytesException {
        if (inside) {
            throw source.corrupt("an internal change stands inside a transaction");
        }
        return new Command.Internal(decodeTransact(false, source));
    }

    private static void encodeTransact(Command.Transact transact, boolean inside, ByteSink sink) {
        if (inside) {
            throw new IllegalArgumentException("a transaction cannot hold another transaction");
        }
        ConditionCodec.encode(transact.conditions(), sink);
        encodeList(transact.then(), sink);
        encodeList(transact.otherwise(), sink);
    }

    private static void encodeList(List<Command> commands, ByteSink sink) {
        sink.putVarint(commands.size());
        for (int i = 0; i < commands.size(); i++) {
            encodeCommand(commands.get(i), 0, true, null, sink);
        }
    }

    private static Command.Transact decodeTransact(boolean inside, ByteSource source) throws CorruptBytesException {
        if (inside) {
            throw source.corrupt("a transaction stands inside another transaction");
        }
        return new Command.Transact(ConditionCodec.decode(source), decodeList(source), decodeList(source));
    }

    private static List<Command> decodeList(ByteSource source) throws CorruptBytesException {
        int count = source.getCount(2, "commands of a transaction");
        List<Command> commands = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            commands.add(decodeCommand(source.getByte(), true, source));
        }
        return List.copyOf(commands);
    }

    private static void encodeRequestId(RequestId requestId, ByteSink sink) {
        sink.putText(requestId.clientId());
        sink.putVarint(requestId.sequence());
        sink.putZigzag(requestId.sequence() - requestId.acknowledgedBelow());
    }

    private static RequestId decodeRequestId(ByteSource source, String likelyClientId) throws CorruptBytesException {
        String clientId = source.getText("client id", likelyClientId);
        long sequence = source.getVarint();
        return new RequestId(clientId, sequence, sequence - source.getZigzag());
    }
}
