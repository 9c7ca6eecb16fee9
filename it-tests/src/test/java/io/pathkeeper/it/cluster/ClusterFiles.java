package io.pathkeeper.it.cluster;

import io.pathkeeper.it.process.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The directory of a cluster with the data and the log file of every member, and their ports. Made anew for each cluster. */
final class ClusterFiles {
    private final Path directory;
    private final Map<String, MemberLayout> layouts = new LinkedHashMap<>();

    private ClusterFiles(Path directory) {
        this.directory = directory;
    }

    static ClusterFiles create(String name, int servers) {
        try {
            Path parent = Path.of(System.getProperty("pathkeeper.it.directory", "target/clusters"))
                    .toAbsolutePath()
                    .normalize();
            Files.createDirectories(parent);
            ClusterFiles files = new ClusterFiles(Files.createTempDirectory(parent, name + "-"));
            List<Integer> ports = FreePorts.find(3 * servers);
            for (int i = 0; i < servers; i++) {
                String id = "s" + (i + 1);
                files.layouts.put(
                        id,
                        new MemberLayout(
                                id,
                                files.directory.resolve(id),
                                ports.get(3 * i),
                                ports.get(3 * i + 1),
                                ports.get(3 * i + 2)));
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path directory() {
        return directory;
    }

    List<String> members() {
        return List.copyOf(layouts.keySet());
    }

    List<MemberLayout> layouts() {
        return new ArrayList<>(layouts.values());
    }

    MemberLayout layout(String member) {
        MemberLayout layout = layouts.get(member);
        if (layout == null) {
            throw new IllegalArgumentException("no member " + member + ", there are " + layouts.keySet());
        }
        return layout;
    }

    Path log(String member) {
        return directory.resolve(member + ".log");
    }

    void wipe(String member) {
        Path data = layout(member).data();
        if (!Files.exists(data)) {
            return;
        }
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + data, e);
        }
    }
}
