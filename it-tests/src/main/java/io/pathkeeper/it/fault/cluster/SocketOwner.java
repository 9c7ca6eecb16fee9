package io.pathkeeper.it.fault.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;

/** Tells which server has dialled, by asking the system whose socket it is. Safe to use from any thread. */
final class SocketOwner {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int INODE = 9;

    private final AtomicReferenceArray<Long> pids;

    SocketOwner(int servers) {
        pids = new AtomicReferenceArray<>(servers);
    }

    /** Tells which process a server is now. */
    void started(int server, long pid) {
        pids.set(server, pid);
    }

    /** The server that has the near end of a connection between two ports of this machine; empty when none of them has. */
    OptionalInt of(int nearPort, int farPort) {
        Optional<String> inode = inode(nearPort, farPort);
        for (int i = 0; inode.isPresent() && i < pids.length(); i++) {
            Long pid = pids.get(i);
            if (pid != null && has(pid, "socket:[" + inode.get() + "]")) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    private static Optional<String> inode(int nearPort, int farPort) {
        String near = String.format(Locale.ROOT, ":%04X", nearPort);
        String far = String.format(Locale.ROOT, ":%04X", farPort);
        for (Path table : TABLES) {
            try (Stream<String> lines = Files.lines(table)) {
                Optional<String> inode = lines.map(line -> line.strip().split("\\s+"))
                        .filter(fields -> fields[LOCAL].endsWith(near) && fields[REMOTE].endsWith(far))
                        .map(fields -> fields[INODE])
                        .findFirst();
                if (inode.isPresent()) {
                    return inode;
                }
            } catch (IOException e) {
                // without IPv6 there is no such table
            }
        }
        return Optional.empty();
    }

    private static boolean has(long pid, String socket) {
        try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return files.anyMatch(file -> {
                try {
                    return Files.readSymbolicLink(file).toString().equals(socket);
                } catch (IOException e) {
                    return false; // closed meanwhile
                }
            });
        } catch (IOException e) {
            return false; // ended meanwhile
        }
    }
}
