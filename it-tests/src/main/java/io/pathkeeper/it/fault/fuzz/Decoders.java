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
                SnapshotDecoders.file(directory),
                SnapshotDecoders.content(directory),
                RaftLogDecoders.file(directory),
                RaftLogDecoders.entry(directory));
    }

    /**
     * Share of the inputs that a decoder gets: those that go through files are slower, and get fewer.
     *
     * @return at least 1
     */
    static int share(String name) {
        return name.startsWith("snapshot") || name.startsWith("log") ? 1 : 8;
    }
}
