package io.pathkeeper.it.fault.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Finds what runs have left on the machine, by its name, and removes it: processes, namespaces, mounts. */
final class LeftOvers {
    private LeftOvers() {}

    /** Removes what killed runs have left. Returns a line for each thing removed. */
    static List<String> removeOfDeadRuns() {
        return remove(name -> !name.isAlive());
    }

    /** Removes what one run has. Does nothing the second time. */
    static void removeOf(RunName run) {
        remove(run::equals);
    }

    private static List<String> remove(Predicate<RunName> whose) {
        List<String> removed = new ArrayList<>();
        servers(whose).forEach(server -> {
            server.destroyForcibly();
            server.onExit().orTimeout(20, java.util.concurrent.TimeUnit.SECONDS).join();
            removed.add("process " + server.pid());
        });
        for (String mount : lines(Path.of("/proc/mounts"))) {
            String[] fields = mount.split(" ");
            if (belongs(fields[0], whose)) {
                Shell.run("umount", fields[1].replace("\\040", " "));
                removed.add("mount " + fields[1]);
            }
        }
        Path namespaces = Path.of("/run/netns");
        if (Files.isDirectory(namespaces)) {
            for (Path namespace : list(namespaces)) {
                String name = String.valueOf(namespace.getFileName());
                if (belongs(name, whose)) {
                    Shell.run("ip", "netns", "del", name);
                    removed.add("namespace " + name);
                }
            }
        }
        return removed;
    }

    /** Processes that were started as servers with a data directory of such a run. */
    private static List<ProcessHandle> servers(Predicate<RunName> whose) {
        List<ProcessHandle> servers = new ArrayList<>();
        for (Path process : list(Path.of("/proc"))) {
            String pid = String.valueOf(process.getFileName());
            if (pid.chars().allMatch(Character::isDigit)) {
                List<String> arguments = arguments(process);
                int data = arguments.indexOf("--data");
                if (data >= 0 && data + 1 < arguments.size() && belongs(arguments.get(data + 1), whose)) {
                    ProcessHandle.of(Long.parseLong(pid)).ifPresent(servers::add);
                }
            }
        }
        return servers;
    }

    private static List<String> arguments(Path process) {
        try {
            return List.of(
                    new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.UTF_8).split("\0"));
        } catch (IOException e) {
            return List.of(); // it has ended
        }
    }

    private static boolean belongs(String text, Predicate<RunName> whose) {
        Optional<RunName> name = RunName.in(text);
        return name.isPresent() && whose.test(name.get());
    }

    private static List<Path> list(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
