package io.pathkeeper.it.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the living objects of a JVM take, as {@code jcmd GC.class_histogram} tells it behind a full collection.
 *
 * @param bytes bytes of all living objects
 * @param largest lines of the classes that take most, largest first
 */
public record HeapSize(long bytes, List<String> largest) {
    private static final Pattern TOTAL = Pattern.compile("^Total\\s+\\d+\\s+(\\d+)\\s*$", Pattern.MULTILINE);
    private static final int SHOWN_CLASSES = 12;

    /** Measures a JVM on this machine by its process id. */
    public static HeapSize of(long pid) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(pid),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher total = TOTAL.matcher(output);
        if (process.waitFor() != 0 || !total.find()) {
            throw new IllegalStateException(
                    "jcmd " + pid + " GC.class_histogram: " + output.substring(0, Math.min(500, output.length())));
        }
        List<String> largest = output.lines()
                .filter(line -> line.matches("\\s*\\d+:.*"))
                .limit(SHOWN_CLASSES)
                .map(String::strip)
                .toList();
        return new HeapSize(Long.parseLong(total.group(1)), largest);
    }
}
