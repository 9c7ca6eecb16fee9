package io.pathkeeper.it.fault.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Name of a run: all that it leaves on the machine has it, so that what a killed run left can be told from what a living one uses.
 *
 * @param pid process of the run
 * @param startTicks when that process started, as the system counts
 * @param number of the cluster within the process
 */
record RunName(long pid, long startTicks, int number) {
    private static final Pattern FORM = Pattern.compile("pkf-(\\d+)-(\\d+)-(\\d+)");
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    /** A new name of this process. */
    static RunName next() {
        long pid = ProcessHandle.current().pid();
        return new RunName(pid, startTicks(pid).orElse(0L), NUMBERS.incrementAndGet());
    }

    /** Finds a name in a text. */
    static Optional<RunName> in(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.find()
                ? Optional.of(new RunName(
                        Long.parseLong(matcher.group(1)),
                        Long.parseLong(matcher.group(2)),
                        Integer.parseInt(matcher.group(3))))
                : Optional.empty();
    }

    /** Whether the process of the run is still there. */
    boolean isAlive() {
        return startTicks(pid).filter(ticks -> ticks == startTicks).isPresent();
    }

    /** Name of an interface of the network: at most 15 characters. */
    String interfaceName() {
        return "pk" + pid + "-" + number;
    }

    @Override
    public String toString() {
        return "pkf-" + pid + "-" + startTicks + "-" + number;
    }

    private static Optional<Long> startTicks(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // what follows the command's closing bracket begins with the third field; the start is the twenty-second
            return Optional.of(
                    Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
