package io.pathkeeper.it.bench;

import java.util.Locale;

/** What a place of a load does again and again. */
enum Workload {
    /** Replaces the value of a random znode. */
    SET,
    /** Creates a znode that was not there. */
    CREATE,
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
            throw new IllegalArgumentException(
                    "unknown workload '" + name + "': there are set, create, get-lin, get-local and mixed-lin");
        }
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
