package io.pathkeeper.server.rpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.value.Value;
import io.pathkeeper.server.value.ValueLimits;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;

/**
 * JSON text (RFC 8259) to values and back. Integers that fit are 64-bit integers; other numbers are doubles if nothing of what is
 * written is lost. Bytes are {@code {"$bytes": "<base64>"}}; a map that has just one key {@code $bytes} is written with {@code $$bytes}
 * (and so on), so that everything comes back as it was. Any thread.
 */
final class JsonValues {
    /** Order of the keys of a map: that of their UTF-8 bytes, which is that of their code points. */
    static final Comparator<String> KEY_ORDER = JsonValues::compareCodePoints;

    private static final String BYTES = "$bytes";
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(1_000)
                    .maxNumberLength(1_000)
                    .maxStringLength(16 << 20)
                    .maxNameLength(50_000)
                    .build())
            .build();

    private JsonValues() {}

    /**
     * Reads one value that is the whole text.
     *
     * @throws RejectedException JSON_INVALID, NUMBER_RANGE, or VALUE_INVALID for what the limits do not allow
     */
    static Value parse(String text, ValueLimits limits) {
        try (JsonParser in = FACTORY.createParser(text)) {
            if (in.nextToken() == null) {
                throw invalid("the JSON text is empty", 0);
            }
            Value value = new Reader(in, limits).read(1);
            if (in.nextToken() != null) {
                throw invalid("there is more behind the JSON value", in.currentTokenLocation());
            }
            return value;
        } catch (StreamConstraintsException e) {
            RejectReason reason = String.valueOf(e.getMessage()).startsWith("Number")
                    ? RejectReason.NUMBER_RANGE
                    : RejectReason.JSON_INVALID;
            throw new RejectedException(
                    Rejection.of(reason, "the JSON text is beyond a limit: " + e.getOriginalMessage()));
        } catch (JsonProcessingException e) {
            JsonLocation where = e.getLocation();
            throw invalid("the text is not JSON: " + e.getOriginalMessage(), where);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text of a value: no spaces, keys in canonical order. */
    static String print(Value value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            write(value, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(Value value, JsonGenerator out) throws IOException {
        if (value instanceof Value.Null) {
            out.writeNull();
        } else if (value instanceof Value.Bool bool) {
            out.writeBoolean(bool.value());
        } else if (value instanceof Value.Int number) {
            out.writeNumber(number.value());
        } else if (value instanceof Value.Real number) {
            out.writeNumber(JsonNumbers.print(number.value()));
        } else if (value instanceof Value.Text text) {
            out.writeString(text.value());
        } else if (value instanceof Value.Bytes bytes) {
            out.writeStartObject();
            out.writeStringField(BYTES, Base64.getEncoder().encodeToString(bytes.value()));
            out.writeEndObject();
        } else if (value instanceof Value.Items items) {
            out.writeStartArray();
            for (Value item : items.items()) {
                write(item, out);
            }
            out.writeEndArray();
        } else if (value instanceof Value.Fields fields) {
            boolean single = fields.fields().size() == 1;
            out.writeStartObject();
            for (Value.Field field : fields.fields()) {
                out.writeFieldName(single && isBytesKey(field.key()) ? "$" + field.key() : field.key());
                write(field.value(), out);
            }
            out.writeEndObject();
        }
    }

    /** {@code $bytes}, {@code $$bytes} and so on. */
    private static boolean isBytesKey(String key) {
        return key.endsWith(BYTES) && key.chars().limit(key.length() - 5L).allMatch(c -> c == '$');
    }

    private static int compareCodePoints(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean xPair = Character.isSurrogate(x);
                return xPair == Character.isSurrogate(y) ? Character.compare(x, y) : xPair ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    private static RejectedException invalid(String message, JsonLocation where) {
        return invalid(message, where.getCharOffset());
    }

    private static RejectedException invalid(String message, long offset) {
        return new RejectedException(Rejection.of(
                RejectReason.JSON_INVALID,
                message.replaceAll("\\s*\\R\\s*", " ") + " (at character " + offset + ")",
                "offset",
                Long.toString(offset)));
    }

    /** Reads one text. */
    private static final class Reader {
        private final JsonParser in;
        private final ValueLimits limits;
        private int elements;

        Reader(JsonParser in, ValueLimits limits) {
            this.in = in;
            this.limits = limits;
        }

        /** Reads the value that begins with the current token. */
        Value read(int depth) throws IOException {
            if (depth > limits.maxDepth()) {
                throw beyond("has more than " + limits.maxDepth() + " levels", limits.maxDepth());
            }
            JsonToken token = in.currentToken();
            return switch (token) {
                case VALUE_NULL -> Value.Null.INSTANCE;
                case VALUE_TRUE -> new Value.Bool(true);
                case VALUE_FALSE -> new Value.Bool(false);
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> JsonNumbers.parse(in.getText());
                case VALUE_STRING -> new Value.Text(in.getText());
                case START_ARRAY -> array(depth);
                case START_OBJECT -> object(depth);
                default -> throw invalid("the text is not JSON: unexpected " + token, in.currentTokenLocation());
            };
        }

        private Value array(int depth) throws IOException {
            List<Value> items = new ArrayList<>();
            while (in.nextToken() != JsonToken.END_ARRAY) {
                count();
                items.add(read(depth + 1));
            }
            return new Value.Items(items);
        }

        private Value object(int depth) throws IOException {
            List<Value.Field> fields = new ArrayList<>();
            while (in.nextToken() != JsonToken.END_OBJECT) {
                count();
                String key = in.currentName();
                in.nextToken();
                fields.add(new Value.Field(key, read(depth + 1)));
            }
            if (fields.size() == 1 && isBytesKey(fields.get(0).key())) {
                return special(fields.get(0));
            }
            fields.sort((a, b) -> KEY_ORDER.compare(a.key(), b.key()));
            for (int i = 1; i < fields.size(); i++) {
                if (fields.get(i).key().equals(fields.get(i - 1).key())) {
                    throw invalid(
                            "the key '" + fields.get(i).key() + "' stands twice in an object",
                            in.currentTokenLocation());
                }
            }
            return new Value.Fields(fields);
        }

        private Value special(Value.Field field) {
            if (!field.key().equals(BYTES)) {
                return new Value.Fields(List.of(new Value.Field(field.key().substring(1), field.value())));
            }
            try {
                if (field.value() instanceof Value.Text text) {
                    return new Value.Bytes(Base64.getDecoder().decode(text.value()));
                }
            } catch (IllegalArgumentException e) {
                // said below
            }
            throw invalid("{\"$bytes\": ...} needs a text in base64 (RFC 4648 section 4)", in.currentTokenLocation());
        }

        private void count() {
            if (++elements > limits.maxElements()) {
                throw beyond("has more than " + limits.maxElements() + " items and entries", limits.maxElements());
            }
        }

        private static RejectedException beyond(String problem, long limit) {
            return new RejectedException(Rejection.of(
                    RejectReason.VALUE_INVALID, "the JSON value " + problem, "limit", Long.toString(limit)));
        }
    }
}
