package io.pathkeeper.it.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What somebody must know of a run to judge it and to repeat it. */
public final class RunFacts {
    /** Options that the script adds before those of the user; each has one value. */
    private static final Set<String> OF_THE_SCRIPT = Set.of("--server-jar", "--directory", "--repository", "--commit");

    private RunFacts() {}

    /**
     * Gathers them; call it before the load begins, or the machine's load is the run's own.
     *
     * @param tool name of the script
     * @param commit what was measured; empty when it is not known
     * @param arguments of the command line
     */
    public static Map<String, String> gather(String tool, String commit, List<String> arguments) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "machine",
                String.format(
                        Locale.ROOT,
                        "%s, %d cores, %s of memory, %s %s, Java %s",
                        field(Files.readString(Path.of("/proc/cpuinfo")), "model name", "unknown processor"),
                        Runtime.getRuntime().availableProcessors(),
                        field(Files.readString(Path.of("/proc/meminfo")), "MemTotal", "unknown size"),
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        System.getProperty("java.version")));
        facts.put(
                "load averages of the machine before",
                Files.readString(Path.of("/proc/loadavg")).strip());
        facts.put("commit", commit.isEmpty() ? "unknown" : commit);
        facts.put("command", "`it-tests/bin/" + tool + " " + String.join(" ", given(arguments)) + "`");
        return facts;
    }

    /** What the user gave, without what the script adds: each of its options once. */
    static List<String> given(List<String> arguments) {
        Set<String> ofTheScript = new HashSet<>(OF_THE_SCRIPT);
        List<String> given = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            if (ofTheScript.remove(arguments.get(i))) {
                i++;
            } else {
                given.add(arguments.get(i));
            }
        }
        return given;
    }

    /** The value behind a name and a colon in a file of lines. */
    static String field(String lines, String name, String otherwise) {
        return lines.lines()
                .filter(line -> line.startsWith(name) && line.contains(":"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(otherwise);
    }
}
