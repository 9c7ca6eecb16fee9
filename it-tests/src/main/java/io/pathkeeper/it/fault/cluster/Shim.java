package io.pathkeeper.it.fault.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;

/**
 * Stands between a server and the system: steps the server's wall clock, slows its syncs, lets them fail. Made of the C source beside this class, which is compiled at run time; what
 * the server does is changed through a file that both have in memory. Used by one thread.
 */
public final class Shim {
    private static final int CLOCK = 0;
    private static final int SYNC_MILLIS = 8;
    private static final int SYNC_ERRNO = 12;
    private static final int HINDERED = 16;
    private static final int BYTES = 24;
    private static final int EIO = 5;

    private final Path library;
    private final Path file;
    private final MappedByteBuffer control;

    /** Makes the file that steers one server. */
    Shim(Path library, Path file) {
        this.library = library;
        this.file = file;
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            control = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
            control.order(ByteOrder.nativeOrder());
            heal();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Compiles the library.
     *
     * @return its file
     * @throws IllegalStateException with what the compiler said, or that there is none
     */
    static Path compile(Path directory) {
        Path source = directory.resolve("shim.c");
        Path library = directory.resolve("shim.so");
        try (InputStream in = Shim.class.getResourceAsStream("/fault/shim.c")) {
            if (in == null) {
                throw new IllegalStateException("fault/shim.c is not among the resources");
            }
            Files.write(source, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Shell.Result compiled =
                Shell.attempt("gcc", "-shared", "-fPIC", "-O2", source.toString(), "-ldl", "-o", library.toString());
        if (compiled.code() == 127) {
            throw new IllegalStateException("there is no gcc");
        }
        if (compiled.code() != 0) {
            throw new IllegalStateException("gcc: " + compiled.output().strip());
        }
        return library;
    }

    /** What a process needs in its environment. */
    Map<String, String> environment() {
        return Map.of("LD_PRELOAD", library.toString(), "PATHKEEPER_FAULT_CONTROL", file.toString());
    }

    /** Sets the wall clock so much ahead, or behind when negative; the monotonic clock goes on. */
    public void stepClock(Duration step) {
        control.putLong(CLOCK, step.toMillis());
    }

    /** Every sync takes so much longer. */
    public void slowSyncs(Duration more) {
        control.putInt(SYNC_MILLIS, (int) more.toMillis());
    }

    /** Every sync fails with an input/output error. */
    public void failSyncs() {
        control.putInt(SYNC_ERRNO, EIO);
    }

    /** How many syncs were slowed or failed since the file was made. */
    public long hinderedSyncs() {
        return control.getLong(HINDERED);
    }

    /** Disk and clock are well again. */
    public void heal() {
        control.putLong(CLOCK, 0);
        control.putInt(SYNC_MILLIS, 0);
        control.putInt(SYNC_ERRNO, 0);
    }
}
