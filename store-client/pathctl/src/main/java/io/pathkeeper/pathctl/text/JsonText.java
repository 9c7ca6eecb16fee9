package io.pathkeeper.pathctl.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandFailure;
import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON text (RFC 8259) to typed values, exactly: an integer literal that fits is a 64-bit integer, a larger one a double if
 * that is exact, a literal with a fraction or an exponent a double. Keys that stand twice, numbers without an exact form and
 * text that is not valid Unicode are refused. Bytes and the escape for maps are undone as {@link ExactJson} tells.
 */
public final class JsonText {
    private static final int MAX_TEXT_CHARS = 16 * 1024 * 1024;
    private static final int MAX_DEPTH = 200;
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(MAX_TEXT_CHARS)
                    .maxNestingDepth(MAX_DEPTH)
                    .build())
            .build();

    private JsonText() {}

    /**
     * Returns the value that {@code text} writes.
     *
     * @param what what the text is, for the message, such as {@code --json}
     * @throws CommandFailure with exit code 2 when it is not exactly one JSON value
     */
    public static Value read(String what, String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                throw CommandFailure.usage(what + ": nothing there; a JSON value is needed");
            }
            Value value = decoded(parser);
            if (parser.nextToken() != null) {
                throw CommandFailure.usage(what + ": more text behind the JSON value" + at(parser));
            }
            return value;
        } catch (JsonProcessingException e) {
            throw CommandFailure.usage(what + ": " + reason(e));
        } catch (IOException e) {
            throw new CommandFailure(io.pathkeeper.pathctl.ExitCode.UNAVAILABLE, what + ": " + e.getMessage(), e);
        }
    }

    /** Reads JSON values that stand one behind the other, as in a file with one a line. Closes the reader at its end. */
    public static final class Sequence implements AutoCloseable {
        private final String what;
        private final JsonParser parser;

        /** Opens a sequence; {@code what} is its name for messages. */
        public Sequence(String what, Reader reader) throws IOException {
            this.what = what;
            this.parser = FACTORY.createParser(reader);
        }

        /**
         * Returns the next value, or null at the end.
         *
         * @throws CommandFailure with exit code 2 when the text is no JSON
         * @throws IOException when the reader fails
         */
        public @Nullable Value next() throws IOException {
            try {
                return parser.nextToken() == null ? null : decoded(parser);
            } catch (JsonProcessingException e) {
                throw CommandFailure.usage(what + ": " + reason(e));
            }
        }

        @Override
        public void close() throws IOException {
            parser.close();
        }
    }

    private static Value decoded(JsonParser parser) throws IOException {
        Value value = value(parser);
        try {
            return ExactJson.unescape(value);
        } catch (IllegalArgumentException e) {
            throw new JsonProblem(String.valueOf(e.getMessage()), parser);
        }
    }

    private static Value value(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case VALUE_NULL -> Value.NULL;
            case VALUE_TRUE -> Value.of(true);
            case VALUE_FALSE -> Value.of(false);
            case VALUE_STRING -> Value.of(unicode(parser, parser.getText()));
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> fraction(parser);
            case START_ARRAY -> list(parser);
            case START_OBJECT -> map(parser);
            default -> throw new JsonProblem("unexpected " + token, parser);
        };
    }

    private static Value list(JsonParser parser) throws IOException {
        List<Value> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser));
        }
        return Value.of(items);
    }

    private static Value map(JsonParser parser) throws IOException {
        Map<String, Value> entries = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = unicode(parser, parser.currentName());
            parser.nextToken();
            entries.put(key, value(parser));
        }
        return Value.of(entries);
    }

    private static Value integer(JsonParser parser) throws IOException {
        BigInteger number = parser.getBigIntegerValue();
        if (number.bitLength() < Long.SIZE) {
            return Value.of(number.longValue());
        }
        double nearest = number.doubleValue();
        if (Double.isFinite(nearest) && new BigDecimal(nearest).compareTo(new BigDecimal(number)) == 0) {
            return Value.of(nearest);
        }
        throw new JsonProblem(
                "the number " + number + " is beyond 64-bit integers (-2^63 to 2^63-1) and no exact double", parser);
    }

    private static Value fraction(JsonParser parser) throws IOException {
        double number = parser.getDoubleValue();
        boolean vanished = number == 0 && parser.getDecimalValue().signum() != 0;
        if (!Double.isFinite(number) || vanished) {
            throw new JsonProblem("the number " + parser.getText() + " is out of the range of doubles", parser);
        }
        return Value.of(number);
    }

    private static String unicode(JsonParser parser, String text) throws IOException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new JsonProblem(
                        String.format(Locale.ROOT, "a text has half a character (\\u%04x) in it", (int) c), parser);
            }
        }
        return text;
    }

    private static String reason(JsonProcessingException e) {
        String place = e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
        return (e instanceof JsonProblem ? "" : "no valid JSON: ")
                + e.getOriginalMessage()
                        .replaceAll(": (maybe|enable) .*", "")
                        .replaceAll(" \\(start marker at \\[Source:.*", "")
                + place;
    }

    private static String at(JsonParser parser) {
        return " (line " + parser.currentTokenLocation().getLineNr() + ", column "
                + parser.currentTokenLocation().getColumnNr() + ")";
    }

    /** Valid JSON that has no typed value. */
    private static final class JsonProblem extends JsonProcessingException {
        private static final long serialVersionUID = 1L;

        JsonProblem(String message, JsonParser parser) {
            super(message, parser.currentTokenLocation());
        }
    }
}
