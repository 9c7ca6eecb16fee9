package io.pathkeeper.it.fault.fuzz;

import java.nio.file.Path;
import java.util.List;

/** All decoders. Made anew for each run: some have a state. */
public final class Decoders {
    private Decoders() {}

    /**
     * All of them.
     *
     * @param directory where files for those that read files are written
     */
    public static List<Decoder> all(Path directory) {
        return List.of(
                TextDecoders.path(),
                TextDecoders.json(),
                TextDecoders.pointer(),
                StoredDecoders.value(),
                StoredDecoders.command(),
                StoredDecoders.entry(),
                StoredDecoders.peerFrame(),
                MessageDecoder.decoder(),
                CallDecoder.decoder(),
                SnapshotDecoders.file(directory),
                SnapshotDecoders.content(directory),
                RaftLogDecoders.file(directory),
                RaftLogDecoders.entry(directory));
    }

    /**
     * Share of the inputs that a decoder gets: those that go through a server or files are slower, and get fewer; of whole files nearly all are stopped by a
     * checksum.
     *
     * @return at least 1
     */
    static int share(String name) {
        return switch (name) {
            case "snapshot", "log-file" -> 2;
            case "call", "snapshot-content", "log-entry" -> 4;
            default -> 8;
        };
    }
}
