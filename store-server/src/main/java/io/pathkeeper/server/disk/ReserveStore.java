package io.pathkeeper.server.disk;

import java.io.IOException;
import java.util.function.BooleanSupplier;

/** The disk and the reserve on it. Used by one thread at a time. */
interface ReserveStore {
    /** Bytes that this process may still write, beside the reserve. */
    long freeBytes() throws IOException;

    /** Bytes that the reserve takes. */
    long reservedBytes();

    /**
     * Makes the reserve so large; what it has stays. Ends early, with what it has then, when it may not go on.
     *
     * @param goOn is asked for every piece
     */
    void reserve(long bytes, BooleanSupplier goOn) throws IOException;

    /** Gives the reserve up. */
    void release() throws IOException;
}
