package io.pathkeeper.server.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One key: its name, the form of its value, its default and its range.
 *
 * @param name dotted name as in the file, for example {@code raft.election_timeout_min}
 * @param form form of the value
 * @param fallback default, as text
 * @param least smallest value: a count, bytes or milliseconds; for texts the least length
 * @param most greatest value, likewise
 * @param choices allowed words of a {@link Form#CHOICE}
 * @param description for people, one sentence
 */
public record ConfigKey(
        String name, Form form, String fallback, long least, long most, List<String> choices, String description) {
    /** The form of a value. */
    public enum Form {
        /** Letters, digits, dot, underline, dash. */
        NAME,
        /** A path in the file system. */
        FILE,
        /** Any text. */
        TEXT,
        /** {@code host:port}, an IPv6 host in brackets. */
        ADDRESS,
        /** Members, {@code id=host:raftport/host:clientport}, separated by commas. */
        MEMBERS,
        /** A whole number. */
        COUNT,
        /** A number of bytes: {@code 512}, {@code 64KiB}, {@code 1MiB}, {@code 2GiB}. */
        SIZE,
        /** A time: {@code 250ms}, {@code 10s}, {@code 5m}, {@code 1h}. */
        DURATION,
        /** {@code true} or {@code false}. */
        SWITCH,
        /** One of a few words. */
        CHOICE
    }

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final Set<Form> TEXTS = Set.of(Form.NAME, Form.FILE, Form.TEXT, Form.ADDRESS, Form.MEMBERS);

    static ConfigKey text(String name, Form form, String fallback, int least, int most, String description) {
        return new ConfigKey(name, form, fallback, least, most, List.of(), description);
    }

    static ConfigKey count(String name, String fallback, long least, long most, String description) {
        return new ConfigKey(name, Form.COUNT, fallback, least, most, List.of(), description);
    }

    static ConfigKey size(String name, String fallback, String least, String most, String description) {
        return new ConfigKey(
                name, Form.SIZE, fallback, Units.parseSize(least), Units.parseSize(most), List.of(), description);
    }

    static ConfigKey duration(String name, String fallback, String least, String most, String description) {
        return new ConfigKey(
                name,
                Form.DURATION,
                fallback,
                Units.parseMillis(least),
                Units.parseMillis(most),
                List.of(),
                description);
    }

    static ConfigKey toggle(String name, boolean fallback, String description) {
        return new ConfigKey(name, Form.SWITCH, Boolean.toString(fallback), 0, 1, List.of(), description);
    }

    static ConfigKey choice(String name, String fallback, List<String> choices, String description) {
        return new ConfigKey(name, Form.CHOICE, fallback, 0, 0, choices, description);
    }

    /** Name of the environment variable that sets this key. */
    public String environmentName() {
        return "PATHKEEPER_" + name.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /** What is allowed, for people. */
    public String range() {
        return switch (form) {
            case COUNT -> least + " to " + most;
            case SIZE -> Units.formatSize(least) + " to " + Units.formatSize(most);
            case DURATION -> Units.formatMillis(least) + " to " + Units.formatMillis(most);
            case SWITCH -> "true or false";
            case CHOICE -> String.join(", ", choices);
            case NAME -> least + " to " + most + " letters, digits, '.', '_' or '-', a letter or digit first";
            case FILE -> (least == 0 ? "empty or " : "") + "a path";
            case TEXT -> least + " to " + most + " characters";
            case ADDRESS -> (least == 0 ? "empty or " : "") + "host:port with a port of 0 to 65535";
            case MEMBERS -> "empty or id=host:raftport/host:clientport, separated by commas, 1 to 9 of them";
        };
    }

    /** Checks a number of this key: a count, bytes or milliseconds. */
    public long check(long value) {
        if (value < least || value > most) {
            throw refused(format(value));
        }
        return value;
    }

    /** Checks a time of this key. */
    public Duration check(Duration value) {
        check(value.toMillis());
        return value;
    }

    /** Checks a text or a word of this key. */
    public String check(String value) {
        boolean good = switch (form) {
            case NAME -> NAME.matcher(value).matches();
            case FILE -> value.indexOf('\0') < 0;
            case CHOICE -> choices.contains(value);
            case ADDRESS -> value.isEmpty() || Address.isValid(value);
            default -> true;
        };
        if (!good || TEXTS.contains(form) && (value.length() < least || value.length() > most)) {
            throw refused(value);
        }
        return value;
    }

    /** Reads a count, a size or a duration (milliseconds) and checks it. */
    long number(String text) {
        try {
            long value = switch (form) {
                case COUNT -> Long.parseLong(text.replace("_", ""));
                case SIZE -> Units.parseSize(text);
                case DURATION -> Units.parseMillis(text);
                default -> throw new IllegalStateException(name + " is no number");
            };
            if (value < least || value > most) {
                throw refused(text);
            }
            return value;
        } catch (NumberFormatException e) {
            throw refused(text);
        }
    }

    /** Reads true or false. */
    boolean toggle(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refused(text);
        };
    }

    ConfigException refused(String value) {
        return new ConfigException(name + " is '" + value + "': allowed is " + range());
    }

    private String format(long value) {
        return switch (form) {
            case SIZE -> Units.formatSize(value);
            case DURATION -> Units.formatMillis(value);
            default -> Long.toString(value);
        };
    }
}
