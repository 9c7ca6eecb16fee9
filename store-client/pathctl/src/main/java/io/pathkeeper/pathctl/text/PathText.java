package io.pathkeeper.pathctl.text;

import io.pathkeeper.pathctl.CommandFailure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Paths of znodes as people write them. A path given to a command is taken as it stands; only the shell, which has a
 * working path, resolves relative ones with {@code .} and {@code ..}.
 */
public final class PathText {
    private PathText() {}

    /**
     * Returns the absolute path that {@code text} means at the working path {@code base}.
     *
     * @param base an absolute path
     * @param text an absolute path, returned as it is but for a trailing slash, or a relative one
     * @throws CommandFailure when {@code text} is empty or leads above the root
     */
    public static String resolve(String base, String text) {
        if (text.isEmpty()) {
            throw CommandFailure.usage("the path is empty; write an absolute path such as /config");
        }
        if (text.startsWith("/")) {
            return text.length() > 1 && text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        }
        Deque<String> names = new ArrayDeque<>();
        for (String name : (base + "/" + text).split("/")) {
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (!name.equals("..")) {
                names.addLast(name);
            } else if (names.pollLast() == null) {
                throw CommandFailure.usage("'" + text + "' leads above the root (working path " + base + ")");
            }
        }
        return "/" + String.join("/", names);
    }

    /** Returns the path of the child {@code name} of {@code parent}. */
    public static String child(String parent, String name) {
        return parent.equals("/") ? "/" + name : parent + "/" + name;
    }

    /** Returns the parent of an absolute path; the root is its own parent. */
    public static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    /** Returns the last name of an absolute path; empty for the root. */
    public static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Returns how many names an absolute path has. */
    public static int depth(String path) {
        return path.equals("/") ? 0 : (int) path.chars().filter(c -> c == '/').count();
    }

    /**
     * Returns what {@code path} is called below {@code root}: empty for the root itself, else without a leading slash.
     *
     * @throws IllegalArgumentException when {@code path} is not inside {@code root}
     */
    public static String below(String root, String path) {
        if (path.equals(root)) {
            return "";
        }
        String prefix = root.equals("/") ? "/" : root + "/";
        if (!path.startsWith(prefix)) {
            throw new IllegalArgumentException(path + " is not below " + root);
        }
        return path.substring(prefix.length());
    }

    /**
     * Returns why {@code name} cannot be a name in a path, or null when nothing is known against it. The store has the last
     * word; this saves the attempt and gives a reason in terms of the file system.
     *
     * @param maxNameBytes the store's limit in bytes of UTF-8
     */
    public static @Nullable String whyUnfit(String name, long maxNameBytes) {
        if (name.indexOf('\uFFFD') >= 0) {
            return "the name is not valid UTF-8";
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= 0x1F || c >= 0x7F && c <= 0x9F || c >= 0xFFF0) {
                return String.format(Locale.ROOT, "the name has the character U+%04X, which no path may have", (int) c);
            }
        }
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            return "'" + name + "' is no name in a path";
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        return bytes > maxNameBytes ? "the name has " + bytes + " bytes, the limit is " + maxNameBytes : null;
    }

    /** Returns {@code text} fit for one line of a terminal: control characters as {@code \\uXXXX}. */
    public static String printable(String text) {
        StringBuilder line = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean control = c <= 0x1F || c >= 0x7F && c <= 0x9F || c == '\u2028' || c == '\u2029';
            if (control && line == null) {
                line = new StringBuilder(text.substring(0, i));
            }
            if (line != null) {
                line.append(control ? String.format(Locale.ROOT, "\\u%04X", (int) c) : String.valueOf(c));
            }
        }
        return line == null ? text : line.toString();
    }
}
