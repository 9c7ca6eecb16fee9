package io.pathkeeper.it.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the threads of processes do while a load runs: how often each gives a processor up to wait (and so has to be woken), and how much of the processors it
 * takes. A request's way from thread to thread, hop by hop, without a profiler that would slow it down. From Linux's {@code /proc}; names of Java's threads by {@code jcmd}.
 */
final class ThreadUse {
    private static final Pattern JAVA_THREAD = Pattern.compile("^\"(.*)\" .*nid=(0x[0-9a-f]+|\\d+)");
    private static final Pattern VOLUNTARY = Pattern.compile("(?m)^voluntary_ctxt_switches:\\s+(\\d+)");
    private static final Pattern GROUP = Pattern.compile("^\\S+@group-\\p{XDigit}+(->[^-]+)?-");
    private static final Pattern MEMBER = Pattern.compile("^[a-z]\\d+-");
    private static final Pattern NUMBER = Pattern.compile("[-#:]?\\d+$");

    private final Map<String, Long> processes;
    private final Map<Task, Use> before;
    private final long begunNanos;

    private record Task(String process, long id) {}

    private record Use(long waits, long nanos, String command) {}

    /**
     * What the threads of one name did in one process, for each operation.
     *
     * @param waits how often they waited
     * @param micros of processor time
     */
    record Line(String process, String name, double waits, double micros) {}

    /**
     * Begins to look.
     *
     * @param processes their identities by the names that the lines shall have
     */
    ThreadUse(Map<String, Long> processes) throws IOException {
        this.processes = new LinkedHashMap<>(processes);
        this.before = look();
        this.begunNanos = System.nanoTime();
    }

    /** Seconds since this was made. */
    double seconds() {
        return (System.nanoTime() - begunNanos) / 1e9;
    }

    /**
     * What was done since this was made, those that waited most first in each process; threads that began since count from nothing.
     *
     * @param operations that were done meanwhile
     */
    List<Line> lines(double operations) throws IOException {
        Map<Task, Use> after = look();
        List<Line> lines = new ArrayList<>();
        for (Map.Entry<String, Long> process : processes.entrySet()) {
            Map<Long, String> names = javaNames(process.getValue());
            Map<String, Line> byName = new HashMap<>();
            after.forEach((thread, use) -> {
                if (thread.process().equals(process.getKey())) {
                    Use then = before.getOrDefault(thread, new Use(0, 0, ""));
                    String name = plain(names.getOrDefault(thread.id(), use.command()));
                    double waits = (use.waits() - then.waits()) / operations;
                    double micros = (use.nanos() - then.nanos()) / 1e3 / operations;
                    byName.merge(name, new Line(process.getKey(), name, waits, micros), ThreadUse::sum);
                }
            });
            byName.values().stream()
                    .sorted(Comparator.comparingDouble(Line::waits).reversed())
                    .forEach(lines::add);
        }
        return lines;
    }

    private static Line sum(Line one, Line other) {
        return new Line(one.process(), one.name(), one.waits() + other.waits(), one.micros() + other.micros());
    }

    /**
     * A table in Markdown.
     *
     * @param least threads that wait more seldom and take fewer microseconds than a hundred times that are one line
     */
    static String markdown(String title, List<Line> lines, double least) {
        StringBuilder text = new StringBuilder("### " + title + "\n\n");
        text.append("| process | threads | waits an operation | us of processor an operation |\n|---|---|---:|---:|\n");
        Map<String, Line> rest = new LinkedHashMap<>();
        Map<String, Line> whole = new LinkedHashMap<>();
        for (Line line : lines) {
            whole.merge(
                    line.process(), new Line(line.process(), "**all**", line.waits(), line.micros()), ThreadUse::sum);
            if (line.waits() >= least || line.micros() >= 100 * least) {
                text.append(row(line));
            } else {
                rest.merge(
                        line.process(),
                        new Line(line.process(), "others", line.waits(), line.micros()),
                        ThreadUse::sum);
            }
        }
        rest.values().forEach(line -> text.append(row(line)));
        whole.values().forEach(line -> text.append(row(line)));
        return text.append('\n').toString();
    }

    private static String row(Line line) {
        return String.format(
                Locale.ROOT, "| %s | %s | %.2f | %.0f |%n", line.process(), line.name(), line.waits(), line.micros());
    }

    /** A thread's name without what tells it from its like. */
    static String plain(String name) {
        String plain = GROUP.matcher(name).replaceFirst("");
        plain = MEMBER.matcher(plain).replaceFirst("");
        return NUMBER.matcher(plain).replaceFirst("");
    }

    private Map<Task, Use> look() throws IOException {
        Map<Task, Use> uses = new HashMap<>();
        for (Map.Entry<String, Long> process : processes.entrySet()) {
            Path tasks = Path.of("/proc", Long.toString(process.getValue()), "task");
            try (DirectoryStream<Path> all = Files.newDirectoryStream(tasks)) {
                for (Path task : all) {
                    long id = Long.parseLong(task.getFileName().toString());
                    try {
                        uses.put(new Task(process.getKey(), id), use(task));
                    } catch (java.nio.file.NoSuchFileException e) {
                        // it has ended meanwhile
                    }
                }
            }
        }
        return uses;
    }

    private static Use use(Path task) throws IOException {
        Matcher waits = VOLUNTARY.matcher(Files.readString(task.resolve("status")));
        if (!waits.find()) {
            throw new IOException(task + "/status does not count context switches");
        }
        long nanos = Long.parseLong(Files.readString(task.resolve("schedstat")).split(" ", 2)[0]);
        return new Use(
                Long.parseLong(waits.group(1)),
                nanos,
                Files.readString(task.resolve("comm")).strip());
    }

    /** Names by the identity that the system knows; none for a process that is not Java, or ended. */
    private static Map<Long, String> javaNames(long pid) throws IOException {
        Map<Long, String> names = new HashMap<>();
        if (!Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "exe")).endsWith("java")) {
            return names;
        }
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process asked = new ProcessBuilder(jcmd.toString(), Long.toString(pid), "Thread.print")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        for (String line : answer.lines().toList()) {
            Matcher thread = JAVA_THREAD.matcher(line);
            if (thread.find()) {
                names.put(Long.decode(thread.group(2)), thread.group(1));
            }
        }
        return names;
    }
}
