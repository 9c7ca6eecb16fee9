package io.pathkeeper.client.model;

import java.util.Base64;
import java.util.Map;

/** Writes values as JSON text (RFC 8259) in one line. */
final class JsonWriter {
    private static final String HEX = "0123456789abcdef";

    private JsonWriter() {}

    static String write(Value value) {
        StringBuilder out = new StringBuilder();
        append(out, value);
        return out.toString();
    }

    private static void append(StringBuilder out, Value value) {
        switch (value.type()) {
            case NULL -> out.append("null");
            case BOOL -> out.append(value.asBool());
            case LONG -> out.append(value.asLong());
            case DOUBLE -> out.append(value.asDouble());
            case STRING -> appendText(out, value.asString());
            case BYTES ->
                out.append("{\"$bytes\":\"")
                        .append(Base64.getEncoder().encodeToString(value.asBytes()))
                        .append("\"}");
            case JSON -> out.append(value.asJsonText());
            case LIST -> {
                char separator = '[';
                for (Value item : value.asList()) {
                    append(out.append(separator), item);
                    separator = ',';
                }
                out.append(separator == '[' ? "[]" : "]");
            }
            case MAP -> {
                char separator = '{';
                for (Map.Entry<String, Value> entry : value.asMap().entrySet()) {
                    appendText(out.append(separator), entry.getKey());
                    append(out.append(':'), entry.getValue());
                    separator = ',';
                }
                out.append(separator == '{' ? "{}" : "}");
            }
        }
    }

    private static void appendText(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7f) {
                        out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
