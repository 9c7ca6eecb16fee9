package io.pathkeeper.server.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.value.Value;
import io.pathkeeper.server.value.ValueEncoding;
import io.pathkeeper.server.value.ValueLimits;
import io.pathkeeper.server.value.ValueProblem;
import io.pathkeeper.v1.MapEntry;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.ValueFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Values between their canonical encoding and the three forms in which the API carries them. Any thread. */
public final class Payloads {
    private Payloads() {}

    /**
     * Reads a payload of a request.
     *
     * @return canonical encoding; a payload without a form is null
     * @throws RejectedException VALUE_INVALID, VALUE_TOO_LARGE, NUMBER_RANGE, JSON_INVALID
     */
    static byte[] read(Payload payload, ValueLimits limits) {
        return switch (payload.getBodyCase()) {
            case BODY_NOT_SET -> ValueEncoding.ofNull();
            case RAW -> {
                ByteString raw = payload.getRaw();
                if (raw.size() > limits.maxBytes()) {
                    throw tooLarge(raw.size(), limits.maxBytes());
                }
                byte[] encoded = ValueEncoding.ofBytes(raw.toByteArray());
                if (encoded.length > limits.maxBytes()) {
                    throw tooLarge(encoded.length, limits.maxBytes());
                }
                yield encoded;
            }
            case JSON -> encode(JsonValues.parse(payload.getJson(), limits), limits);
            case VALUE -> encode(toCore(payload.getValue(), limits, 1), limits);
        };
    }

    /** A value in the form that was asked for; an unset form is the typed one. */
    public static Payload payload(byte[] encoding, String contentType, ValueFormat format) {
        Payload.Builder payload = Payload.newBuilder().setContentType(contentType);
        switch (format) {
            case VALUE_FORMAT_JSON -> payload.setJson(JsonValues.print(ValueEncoding.decode(encoding)));
            case VALUE_FORMAT_RAW -> payload.setRaw(raw(encoding));
            default -> payload.setValue(typed(encoding));
        }
        return payload.build();
    }

    /** The typed form: the canonical encoding is a message of the API. */
    public static io.pathkeeper.v1.Value typed(byte[] encoding) {
        try {
            return io.pathkeeper.v1.Value.parseFrom(encoding);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a stored value is no canonical encoding", e);
        }
    }

    private static ByteString raw(byte[] encoding) {
        Value value = ValueEncoding.decode(encoding);
        if (value instanceof Value.Bytes bytes) {
            return UnsafeByteOperations.unsafeWrap(bytes.value());
        }
        String text = value instanceof Value.Text plain ? plain.value() : JsonValues.print(value);
        return UnsafeByteOperations.unsafeWrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] encode(Value value, ValueLimits limits) {
        ValueProblem problem = ValueEncoding.check(value, limits);
        if (problem != null) {
            throw refused(problem);
        }
        return ValueEncoding.encode(value);
    }

    private static Value toCore(io.pathkeeper.v1.Value value, ValueLimits limits, int depth) {
        if (depth > limits.maxDepth()) {
            throw invalid("the value has more than " + limits.maxDepth() + " levels");
        }
        return switch (value.getKindCase()) {
            case NULL_VALUE -> {
                if (value.getNullValueValue() != 0) {
                    throw invalid("null_value is " + value.getNullValueValue() + ": its only value is 0");
                }
                yield Value.Null.INSTANCE;
            }
            case BOOL_VALUE -> new Value.Bool(value.getBoolValue());
            case INT_VALUE -> new Value.Int(value.getIntValue());
            case DOUBLE_VALUE -> new Value.Real(value.getDoubleValue() == 0 ? 0.0 : value.getDoubleValue());
            case STRING_VALUE -> new Value.Text(value.getStringValue());
            case BYTES_VALUE -> new Value.Bytes(value.getBytesValue().toByteArray());
            case LIST_VALUE -> {
                checkCount(value.getListValue().getItemsCount(), limits);
                List<Value> items = new ArrayList<>(value.getListValue().getItemsCount());
                for (io.pathkeeper.v1.Value item : value.getListValue().getItemsList()) {
                    items.add(toCore(item, limits, depth + 1));
                }
                yield new Value.Items(items);
            }
            case MAP_VALUE -> fields(value.getMapValue().getEntriesList(), limits, depth);
            case KIND_NOT_SET -> throw invalid("a value has no kind: set one, null_value for null");
        };
    }

    private static Value fields(List<MapEntry> entries, ValueLimits limits, int depth) {
        checkCount(entries.size(), limits);
        List<Value.Field> fields = new ArrayList<>(entries.size());
        for (MapEntry entry : entries) {
            Value inner = entry.hasValue() ? toCore(entry.getValue(), limits, depth + 1) : Value.Null.INSTANCE;
            fields.add(new Value.Field(entry.getKey(), inner));
        }
        fields.sort((a, b) -> JsonValues.KEY_ORDER.compare(a.key(), b.key()));
        return new Value.Fields(fields);
    }

    private static void checkCount(int count, ValueLimits limits) {
        if (count > limits.maxElements()) {
            throw invalid("the value has more than " + limits.maxElements() + " items and entries");
        }
    }

    private static RejectedException invalid(String message) {
        return new RejectedException(Rejection.of(RejectReason.VALUE_INVALID, message));
    }

    private static RejectedException tooLarge(long size, long limit) {
        return new RejectedException(Rejection.of(
                RejectReason.VALUE_TOO_LARGE,
                "the encoded value has " + size + " bytes, the limit is " + limit,
                "actual",
                Long.toString(size),
                "limit",
                Long.toString(limit)));
    }

    private static RejectedException refused(ValueProblem problem) {
        return switch (problem.kind()) {
            case TOO_LARGE -> tooLarge(problem.actual(), problem.limit());
            case NUMBER_RANGE -> new RejectedException(Rejection.of(RejectReason.NUMBER_RANGE, problem.text()));
            default ->
                problem.limit() == 0
                        ? invalid(problem.text())
                        : new RejectedException(Rejection.of(
                                RejectReason.VALUE_INVALID, problem.text(), "limit", Long.toString(problem.limit())));
        };
    }
}
