package io.pathkeeper.server.raft;

import io.pathkeeper.server.encoding.ByteSink;
import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.encoding.PathStructure;
import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.FieldOperation;
import java.util.ArrayList;
import java.util.List;

/** The binary forms of the commands that change one znode. What is absent by default takes no byte: a flag says so. */
final class OperationCodec {
    private static final ZnodeKind[] KINDS = ZnodeKind.values();
    private static final FieldOperation.Type[] TYPES = FieldOperation.Type.values();

    private static final int CREATE_SEQUENTIAL = 1;
    private static final int CREATE_TTL_ABSOLUTE = 1 << 1;
    private static final int CREATE_PARENTS = 1 << 2;
    private static final int CREATE_CONTENT_TYPE = 1 << 3;
    private static final int CREATE_TTL = 1 << 4;
    private static final int CREATE_SESSION = 1 << 5;
    private static final int CREATE_TAKE_OVER = 1 << 6;
    private static final int CREATE_FLAGS = (1 << 7) - 1;

    private static final int EXPECTED_VERSION = 1;
    private static final int EXPECTED_REVISION = 1 << 1;
    private static final int RETURN_PREVIOUS = 1 << 2;
    private static final int PATCH_FLAGS = (1 << 3) - 1;

    private static final int DELETE_RECURSIVE = 1 << 3;
    private static final int DELETE_FLAGS = (1 << 4) - 1;

    private static final int SET_ALLOW_MISSING = 1 << 3;
    private static final int SET_IF_CHANGED = 1 << 4;
    private static final int SET_CONTENT_TYPE = 1 << 5;
    private static final int SET_LEAST_SEQUENCE = 1 << 6;
    private static final int SET_FLAGS = (1 << 7) - 1;

    private static final int FIELD_TYPE_MASK = 0x0f;
    private static final int FIELD_OPERAND = 1 << 4;
    private static final int FIELD_INDEX = 1 << 5;
    private static final int FIELD_DELTA = 1 << 6;

    private OperationCodec() {}

    static void encodeSet(Command.Set set, ByteSink sink) {
        int flags = expectations(set.expectedVersion(), set.expectedRevision(), set.returnPrevious())
                | flag(set.allowMissing(), SET_ALLOW_MISSING)
                | flag(set.ifChanged(), SET_IF_CHANGED)
                | flag(!set.contentType().isEmpty(), SET_CONTENT_TYPE)
                | flag(set.leastSequence() != 0, SET_LEAST_SEQUENCE);
        sink.putByte(flags);
        sink.putBytes(set.path().utf8());
        putExpectations(flags, set.expectedVersion(), set.expectedRevision(), sink);
        if ((flags & SET_CONTENT_TYPE) != 0) {
            sink.putText(set.contentType());
        }
        if ((flags & SET_LEAST_SEQUENCE) != 0) {
            sink.putVarint(set.leastSequence());
        }
        sink.putBytes(set.value());
    }

    static Command.Set decodeSet(ByteSource source) throws CorruptBytesException {
        int flags = flags(source, SET_FLAGS, "a set");
        ZnodePath path = decodePath(source, false);
        long version = expectation(flags, EXPECTED_VERSION, source);
        long revision = expectation(flags, EXPECTED_REVISION, source);
        String contentType = (flags & SET_CONTENT_TYPE) == 0 ? "" : source.getText("content type");
        long leastSequence = (flags & SET_LEAST_SEQUENCE) == 0 ? 0 : source.getVarint();
        byte[] value = source.getBytes("value");
        return new Command.Set(
                path,
                value,
                contentType,
                version,
                revision,
                (flags & SET_ALLOW_MISSING) != 0,
                (flags & SET_IF_CHANGED) != 0,
                (flags & RETURN_PREVIOUS) != 0,
                leastSequence);
    }

    static void encodeCreate(Command.Create create, ByteSink sink) {
        ZnodeKind parents = create.parents();
        SessionKey session = create.session();
        int flags = flag(create.sequential(), CREATE_SEQUENTIAL)
                | flag(create.ttlAbsolute(), CREATE_TTL_ABSOLUTE)
                | flag(parents != null, CREATE_PARENTS)
                | flag(!create.contentType().isEmpty(), CREATE_CONTENT_TYPE)
                | flag(create.ttlMillis() != 0, CREATE_TTL)
                | flag(session != null, CREATE_SESSION)
                | flag(create.takeOver(), CREATE_TAKE_OVER);
        sink.putByte(flags);
        sink.putByte(create.kind().ordinal());
        sink.putBytes(create.path().utf8());
        if (parents != null) {
            sink.putByte(parents.ordinal());
        }
        if ((flags & CREATE_CONTENT_TYPE) != 0) {
            sink.putText(create.contentType());
        }
        if ((flags & CREATE_TTL) != 0) {
            sink.putZigzag(create.ttlMillis());
        }
        if (session != null) {
            CoordinationCodec.encodeSession(session, sink);
        }
        sink.putBytes(create.value());
    }

    static Command.Create decodeCreate(ByteSource source) throws CorruptBytesException {
        int flags = flags(source, CREATE_FLAGS, "a create");
        boolean sequential = (flags & CREATE_SEQUENTIAL) != 0;
        ZnodeKind kind = source.getEnum(KINDS, "kind of znode");
        ZnodePath path = decodePath(source, sequential);
        ZnodeKind parents = (flags & CREATE_PARENTS) == 0 ? null : source.getEnum(KINDS, "kind of the parents");
        String contentType = (flags & CREATE_CONTENT_TYPE) == 0 ? "" : source.getText("content type");
        long ttlMillis = (flags & CREATE_TTL) == 0 ? 0 : source.getZigzag();
        SessionKey session = (flags & CREATE_SESSION) == 0 ? null : CoordinationCodec.decodeSession(source);
        byte[] value = source.getBytes("value");
        return new Command.Create(
                path,
                kind,
                value,
                contentType,
                sequential,
                parents,
                ttlMillis,
                (flags & CREATE_TTL_ABSOLUTE) != 0,
                session,
                (flags & CREATE_TAKE_OVER) != 0);
    }

    static void encodePatch(Command.Patch patch, ByteSink sink) {
        int flags = expectations(patch.expectedVersion(), patch.expectedRevision(), patch.returnPrevious());
        sink.putByte(flags);
        sink.putBytes(patch.path().utf8());
        putExpectations(flags, patch.expectedVersion(), patch.expectedRevision(), sink);
        List<FieldOperation> operations = patch.operations();
        sink.putVarint(operations.size());
        for (int i = 0; i < operations.size(); i++) {
            encodeField(operations.get(i), sink);
        }
    }

    static Command.Patch decodePatch(ByteSource source) throws CorruptBytesException {
        int flags = flags(source, PATCH_FLAGS, "a patch");
        ZnodePath path = decodePath(source, false);
        long version = expectation(flags, EXPECTED_VERSION, source);
        long revision = expectation(flags, EXPECTED_REVISION, source);
        int count = source.getCount(2, "field operations");
        List<FieldOperation> operations = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            operations.add(decodeField(source));
        }
        return new Command.Patch(path, List.copyOf(operations), version, revision, (flags & RETURN_PREVIOUS) != 0);
    }

    private static void encodeField(FieldOperation operation, ByteSink sink) {
        int flags = flag(operation.operand().length != 0, FIELD_OPERAND)
                | flag(operation.index() != FieldOperation.NO_INDEX, FIELD_INDEX)
                | flag(operation.delta() != 0, FIELD_DELTA);
        sink.putByte(operation.type().ordinal() | flags);
        sink.putText(operation.pointer());
        if ((flags & FIELD_OPERAND) != 0) {
            sink.putBytes(operation.operand());
        }
        if ((flags & FIELD_INDEX) != 0) {
            sink.putZigzag(operation.index());
        }
        if ((flags & FIELD_DELTA) != 0) {
            sink.putZigzag(operation.delta());
        }
    }

    private static FieldOperation decodeField(ByteSource source) throws CorruptBytesException {
        int first = source.getByte();
        int ordinal = first & FIELD_TYPE_MASK;
        if (ordinal >= TYPES.length || first > 0x7f) {
            throw source.corrupt("type of field operation " + first + " is unknown");
        }
        String pointer = source.getText("pointer");
        byte[] operand = (first & FIELD_OPERAND) == 0 ? new byte[0] : source.getBytes("operand");
        long index = (first & FIELD_INDEX) == 0 ? FieldOperation.NO_INDEX : source.getZigzag();
        long delta = (first & FIELD_DELTA) == 0 ? 0 : source.getZigzag();
        return new FieldOperation(TYPES[ordinal], pointer, operand, index, delta);
    }

    static void encodeDelete(Command.Delete delete, ByteSink sink) {
        int flags = expectations(delete.expectedVersion(), delete.expectedRevision(), delete.returnPrevious())
                | flag(delete.recursive(), DELETE_RECURSIVE);
        sink.putByte(flags);
        sink.putBytes(delete.path().utf8());
        putExpectations(flags, delete.expectedVersion(), delete.expectedRevision(), sink);
    }

    static Command.Delete decodeDelete(ByteSource source) throws CorruptBytesException {
        int flags = flags(source, DELETE_FLAGS, "a delete");
        ZnodePath path = decodePath(source, false);
        long version = expectation(flags, EXPECTED_VERSION, source);
        long revision = expectation(flags, EXPECTED_REVISION, source);
        return new Command.Delete(
                path, (flags & DELETE_RECURSIVE) != 0, version, revision, (flags & RETURN_PREVIOUS) != 0);
    }

    /**
     * Reads a path and checks its structure.
     *
     * @param prefix whether the last name may be empty
     */
    static ZnodePath decodePath(ByteSource source, boolean prefix) throws CorruptBytesException {
        byte[] utf8 = source.getBytes("path");
        String problem = PathStructure.problemOf(utf8, prefix);
        if (problem != null) {
            throw source.corrupt(problem);
        }
        return utf8.length == 1 ? ZnodePath.ROOT : ZnodePath.fromBytes(utf8);
    }

    private static int expectations(long version, long revision, boolean returnPrevious) {
        return flag(version != Command.ANY, EXPECTED_VERSION)
                | flag(revision != Command.ANY, EXPECTED_REVISION)
                | flag(returnPrevious, RETURN_PREVIOUS);
    }

    private static void putExpectations(int flags, long version, long revision, ByteSink sink) {
        if ((flags & EXPECTED_VERSION) != 0) {
            sink.putZigzag(version);
        }
        if ((flags & EXPECTED_REVISION) != 0) {
            sink.putZigzag(revision);
        }
    }

    private static long expectation(int flags, int flag, ByteSource source) throws CorruptBytesException {
        return (flags & flag) == 0 ? Command.ANY : source.getZigzag();
    }

    private static int flag(boolean set, int flag) {
        return set ? flag : 0;
    }

    static int flags(ByteSource source, int known, String what) throws CorruptBytesException {
        int flags = source.getByte();
        if ((flags & ~known) != 0) {
            throw source.corrupt("flags of " + what + " are " + flags + ", only " + known + " are known");
        }
        return flags;
    }
}
