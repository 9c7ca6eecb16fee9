package io.pathkeeper.server.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReserveFileTest {
    private static final long BYTES = (3L << 20) + 5;

    @TempDir
    Path directory;

    @Test
    void takesRealSpaceAndGivesItBack() throws IOException {
        ReserveFile reserve = new ReserveFile(directory);
        Path file = directory.resolve(ReserveFile.NAME);
        reserve.reserve(BYTES, () -> true);
        assertThat(reserve.reservedBytes()).isEqualTo(BYTES);
        assertThat(file).hasSize(BYTES);
        assertThat(reserve.freeBytes()).isPositive();

        reserve.release();
        assertThat(reserve.reservedBytes()).isZero();
        assertThat(file).doesNotExist();
        reserve.release();
    }

    @Test
    void goesOnWithWhatAnEarlierProcessLeft() throws IOException {
        new ReserveFile(directory).reserve(1 << 20, () -> true);
        ReserveFile next = new ReserveFile(directory);
        assertThat(next.reservedBytes()).isEqualTo(1 << 20);
        next.reserve(BYTES, () -> true);
        assertThat(directory.resolve(ReserveFile.NAME)).hasSize(BYTES);
    }

    @Test
    void stopsWhenItMayNotGoOn() throws IOException {
        ReserveFile reserve = new ReserveFile(directory);
        reserve.reserve(BYTES, () -> reserve.reservedBytes() < (1 << 20));
        assertThat(reserve.reservedBytes()).isEqualTo(1 << 20);
        assertThat(directory.resolve(ReserveFile.NAME)).hasSize(1 << 20);
    }
}
