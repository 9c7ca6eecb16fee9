package io.pathkeeper.it.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a place of a load does again and again. */
enum Workload {
    /** Replaces the value of a random znode. */
    SET,
    /** Creates a znode that was not there. */
    CREATE,
    /** Deletes a znode that was created before the measurement. */
    DELETE,
    /** Replaces the values of ten znodes in one transaction: one call. */
    TXN10,
    /** Reads a random znode, linearizably; in ZooKeeper a sync and a read on one connection. */
    GET_LIN,
    /** Reads a random znode from the server that the client talks to. */
    GET_LOCAL,
    /** Nine linearizable reads to one set. */
    MIXED_LIN;

    static Workload of(String name) {
        try {
            return valueOf(name.strip().toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new WrongUseException("unknown workload '" + name + "': there are "
                    + Stream.concat(
                                    Arrays.stream(values()).map(Workload::label),
                                    Arrays.stream(TrialKind.values()).map(TrialKind::label))
                            .collect(Collectors.joining(", ")));
        }
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
