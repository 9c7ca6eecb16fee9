package io.pathkeeper.server.raft;

import io.pathkeeper.server.encoding.ByteSink;
import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.state.Condition;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.ArrayList;
import java.util.List;

/** The binary form of the conditions of a transaction: kind, path, and what the kind needs. */
final class ConditionCodec {
    private static final int EXISTS = 1;
    private static final int NOT_EXISTS = 2;
    private static final int VERSION = 3;
    private static final int MODIFIED_REVISION = 4;
    private static final int VALUE_EQUALS = 5;
    private static final int FIELD = 6;
    private static final int CHILD_COUNT = 7;

    private static final Condition.Comparison[] COMPARISONS = Condition.Comparison.values();

    private ConditionCodec() {}

    static void encode(List<Condition> conditions, ByteSink sink) {
        sink.putVarint(conditions.size());
        for (int i = 0; i < conditions.size(); i++) {
            encode(conditions.get(i), sink);
        }
    }

    static List<Condition> decode(ByteSource source) throws CorruptBytesException {
        int count = source.getCount(2, "conditions");
        List<Condition> conditions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            conditions.add(decodeOne(source));
        }
        return List.copyOf(conditions);
    }

    private static void encode(Condition condition, ByteSink sink) {
        if (condition instanceof Condition.Exists exists) {
            begin(exists.expected() ? EXISTS : NOT_EXISTS, condition, sink);
        } else if (condition instanceof Condition.Version version) {
            begin(VERSION, condition, sink);
            sink.putZigzag(version.version());
        } else if (condition instanceof Condition.ModifiedRevision modified) {
            begin(MODIFIED_REVISION, condition, sink);
            sink.putZigzag(modified.revision());
        } else if (condition instanceof Condition.ValueEquals equals) {
            begin(VALUE_EQUALS, condition, sink);
            sink.putBytes(equals.value());
        } else if (condition instanceof Condition.Field field) {
            begin(FIELD, condition, sink);
            sink.putText(field.pointer());
            sink.putByte(field.comparison().ordinal());
            sink.putBytes(field.operand());
        } else if (condition instanceof Condition.ChildCount children) {
            begin(CHILD_COUNT, condition, sink);
            sink.putZigzag(children.count());
        } else {
            throw new IllegalArgumentException("no binary form for " + condition.getClass());
        }
    }

    private static void begin(int kind, Condition condition, ByteSink sink) {
        sink.putByte(kind);
        sink.putBytes(condition.path().utf8());
    }

    private static Condition decodeOne(ByteSource source) throws CorruptBytesException {
        int kind = source.getByte();
        if (kind < EXISTS || kind > CHILD_COUNT) {
            throw source.corrupt("kind of condition " + kind + " is unknown");
        }
        ZnodePath path = OperationCodec.decodePath(source, false);
        return switch (kind) {
            case EXISTS -> new Condition.Exists(path, true);
            case NOT_EXISTS -> new Condition.Exists(path, false);
            case VERSION -> new Condition.Version(path, source.getZigzag());
            case MODIFIED_REVISION -> new Condition.ModifiedRevision(path, source.getZigzag());
            case VALUE_EQUALS -> new Condition.ValueEquals(path, source.getBytes("value"));
            case FIELD ->
                new Condition.Field(
                        path,
                        source.getText("pointer"),
                        source.getEnum(COMPARISONS, "comparison"),
                        source.getBytes("operand"));
            default -> new Condition.ChildCount(path, source.getZigzag());
        };
    }
}
