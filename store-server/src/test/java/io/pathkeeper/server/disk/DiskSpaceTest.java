package io.pathkeeper.server.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** The levels of a disk that the test fills and frees by hand, in mebibytes. */
class DiskSpaceTest {
    private static final long MIB = 1L << 20;
    private static final SpaceLimits LIMITS = new SpaceLimits(30 * MIB, 40 * MIB, 10 * MIB);

    private final FakeStore store = new FakeStore();
    private long nanos = 1;

    /** A disk with a size, of which somebody else takes some. */
    private static final class FakeStore implements ReserveStore {
        long free;
        long reserved;
        boolean broken;
        long takenMeanwhile;

        @Override
        public long freeBytes() throws IOException {
            if (broken) {
                throw new IOException("planned");
            }
            return free;
        }

        @Override
        public long reservedBytes() {
            return reserved;
        }

        @Override
        public void reserve(long bytes, BooleanSupplier goOn) {
            while (reserved < bytes && goOn.getAsBoolean()) {
                reserved += MIB;
                free -= MIB + takenMeanwhile;
            }
        }

        @Override
        public void release() {
            free += reserved;
            reserved = 0;
        }
    }

    private DiskSpace space(long freeMib) {
        store.free = freeMib * MIB;
        return new DiskSpace(store, LIMITS, () -> nanos);
    }

    private static void watch(DiskSpace space, int rounds, Runnable clock) {
        for (int i = 0; i < rounds; i++) {
            clock.run();
            space.watch();
        }
    }

    private void rounds(DiskSpace space, int rounds) {
        watch(space, rounds, () -> nanos += TimeUnit.MILLISECONDS.toNanos(200));
    }

    @Test
    void theReserveIsMadeWhenThereHasBeenEnoughSpaceForAWhile() {
        try (DiskSpace space = space(1_000)) {
            rounds(space, 20);
            assertThat(space.reservedBytes()).isZero();
            rounds(space, 10);
            assertThat(space.reservedBytes()).isEqualTo(30 * MIB);
            assertThat(store.free).isEqualTo(970 * MIB);
        }
    }

    @Test
    void theReserveIsNotMadeOnASmallDiskNorFurtherWhenSpaceGoesMeanwhile() {
        try (DiskSpace space = space(79)) {
            rounds(space, 50);
            assertThat(space.level()).isEqualTo(SpaceLevel.ENOUGH);
            assertThat(space.reservedBytes()).isZero();

            store.free = 100 * MIB;
            store.takenMeanwhile = 9 * MIB;
            rounds(space, 1);
            assertThat(space.reservedBytes()).isBetween(6 * MIB, 7 * MIB);
        }
    }

    @Test
    void lowIsToldOnceAndEndsAQuarterAboveWhereItBegan() {
        try (DiskSpace space = space(100)) {
            List<SpaceLevel> told = new ArrayList<>();
            space.onChange(() -> told.add(space.level()));
            store.reserved = 30 * MIB;
            store.free = 39 * MIB;
            rounds(space, 3);
            assertThat(space.level()).isEqualTo(SpaceLevel.LOW);
            store.free = 49 * MIB;
            rounds(space, 3);
            assertThat(told).containsExactly(SpaceLevel.LOW);
            store.free = 50 * MIB;
            rounds(space, 3);
            assertThat(told).containsExactly(SpaceLevel.LOW, SpaceLevel.ENOUGH);
            assertThat(store.reserved).isEqualTo(30 * MIB);
        }
    }

    @Test
    void theReserveIsGivenUpWhenTheLogHasNoRoomAndNobodyTakesMore() {
        try (DiskSpace space = space(100)) {
            store.reserved = 30 * MIB;
            rounds(space, 1);
            for (long free = 30; free >= 0; free -= 10) {
                store.free = free * MIB;
                rounds(space, 1);
                assertThat(store.reserved).as("while space falls").isEqualTo(30 * MIB);
            }
            assertThat(space.level()).isEqualTo(SpaceLevel.FULL);
            rounds(space, 2);
            assertThat(store.reserved).isZero();
            assertThat(space.level()).isEqualTo(SpaceLevel.LOW);
            assertThat(space.mayWrite()).isTrue();
        }
    }

    @Test
    void whereSomeSpaceIsLeftItMustBeSteadyForLonger() {
        try (DiskSpace space = space(100)) {
            store.reserved = 30 * MIB;
            store.free = 9 * MIB;
            rounds(space, 10);
            assertThat(space.level()).isEqualTo(SpaceLevel.FULL);
            assertThat(space.mayWrite()).isFalse();
            assertThat(store.reserved).isEqualTo(30 * MIB);
            rounds(space, 2);
            assertThat(store.reserved).isZero();
            assertThat(space.level()).isEqualTo(SpaceLevel.LOW);
            assertThat(space.mayWrite()).isTrue();
        }
    }

    @Test
    void lowSpaceThatFallsIsNotWrittenTo() {
        try (DiskSpace space = space(100)) {
            rounds(space, 1);
            store.free = 60 * MIB;
            rounds(space, 1);
            assertThat(space.mayWrite()).as("enough, though it falls").isTrue();
            store.free = 35 * MIB;
            rounds(space, 1);
            assertThat(space.mayWrite()).isFalse();
            rounds(space, 2);
            assertThat(space.mayWrite()).isTrue();
            store.free -= MIB / 2;
            rounds(space, 1);
            assertThat(space.mayWrite()).as("small files come and go").isTrue();
        }
    }

    @Test
    void fullEndsWhenThereIsRoomForTwoFilesOfTheLog() {
        try (DiskSpace space = space(100)) {
            store.free = 9 * MIB;
            rounds(space, 5);
            assertThat(space.level()).isEqualTo(SpaceLevel.FULL);
            store.free = 19 * MIB;
            rounds(space, 5);
            assertThat(space.level()).isEqualTo(SpaceLevel.FULL);
            assertThat(space.mayWrite()).isFalse();
            store.free = 20 * MIB;
            rounds(space, 5);
            assertThat(space.level()).isEqualTo(SpaceLevel.LOW);
            store.free = 79 * MIB;
            rounds(space, 5);
            assertThat(space.level()).as("a whole reserve must fit, too").isEqualTo(SpaceLevel.LOW);
            store.free = 80 * MIB;
            rounds(space, 40);
            assertThat(space.level()).isEqualTo(SpaceLevel.ENOUGH);
            assertThat(space.reservedBytes()).isEqualTo(30 * MIB);
        }
    }

    @Test
    void aServerThatStartsOnAFullDiskGivesUpItsReserveAtOnce() {
        store.reserved = 30 * MIB;
        try (DiskSpace space = space(0)) {
            assertThat(store.reserved).isZero();
            assertThat(space.level()).isEqualTo(SpaceLevel.LOW);
            assertThat(space.mayWrite()).isTrue();
        }
    }

    @Test
    void whoeverWritesLooksInBetweenButNotAllTheTime() {
        try (DiskSpace space = space(100)) {
            store.free = 0;
            assertThat(space.lookAgain()).isEqualTo(SpaceLevel.ENOUGH);
            nanos += TimeUnit.MILLISECONDS.toNanos(10);
            assertThat(space.lookAgain()).isEqualTo(SpaceLevel.FULL);
        }
    }

    @Test
    void aDiskThatCannotBeAskedChangesNothing() {
        try (DiskSpace space = space(20)) {
            store.broken = true;
            rounds(space, 3);
            assertThat(space.level()).isEqualTo(SpaceLevel.LOW);
            store.broken = false;
            store.free = 1_000 * MIB;
            rounds(space, 1);
            assertThat(space.level()).isEqualTo(SpaceLevel.ENOUGH);
        }
    }

    @Test
    void theLimitsLeaveRoomForTheLogWhateverIsConfigured() {
        SpaceLimits small = SpaceLimits.of(MIB, MIB, 256 * MIB);
        assertThat(small.roomBytes()).isGreaterThan(256 * MIB);
        assertThat(small.reserveBytes()).isEqualTo(2 * small.roomBytes());
        assertThat(small.minimumBytes()).isEqualTo(2 * small.roomBytes());
        assertThat(SpaceLimits.of(64 * MIB, 128 * MIB, 16 * MIB))
                .isEqualTo(new SpaceLimits(64 * MIB, 128 * MIB, 18 * MIB));
    }

    @Test
    void levelsOfNewerServersCountAsTheWorst() {
        assertThat(SpaceLevel.of(0)).isEqualTo(SpaceLevel.ENOUGH);
        assertThat(SpaceLevel.of(1)).isEqualTo(SpaceLevel.LOW);
        assertThat(SpaceLevel.of(2)).isEqualTo(SpaceLevel.FULL);
        assertThat(SpaceLevel.of(99)).isEqualTo(SpaceLevel.FULL);
    }
}
