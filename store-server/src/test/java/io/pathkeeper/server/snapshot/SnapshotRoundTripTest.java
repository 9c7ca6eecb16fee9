package io.pathkeeper.server.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.InvalidStateException;
import io.pathkeeper.server.state.PinnedState;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.state.StoreState;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.ValueEncoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class SnapshotRoundTripTest {
    private static final SnapshotOrigin ORIGIN = new SnapshotOrigin("cluster-größe", 7, 4711);

    @TempDir
    Path directory;

    @Test
    void restoresRandomStatesWholly() throws IOException {
        for (long seed = 0; seed < 25; seed++) {
            StoreState state = RandomStates.state(seed, 50 + (int) seed * 60);
            SnapshotSummary written = write(state.pin(), "one");
            RestoredSnapshot restored = SnapshotReader.read(written.file(), StateLimits.DEFAULT);
            assertThat(restored.header()).as("seed %d", seed).isEqualTo(written.header());
            assertThat(restored.counts()).as("seed %d", seed).isEqualTo(written.counts());
            requireSame("seed " + seed, restored.state().pin(), state.pin());
        }
    }

    @Test
    void writesTheSameFileFromTheRestoredState() throws IOException {
        for (long seed = 100; seed < 120; seed++) {
            Path first = write(RandomStates.state(seed, 2000).pin(), "first").file();
            StoreState restored =
                    SnapshotReader.read(first, StateLimits.DEFAULT).state();
            Path second = write(restored.pin(), "second").file();
            assertThat(second).as("seed %d", seed).hasSameBinaryContentAs(first);
        }
    }

    @Test
    void goesOnFromARestoredStateAsIfNothingHadHappened() throws IOException {
        for (long seed = 200; seed < 215; seed++) {
            StoreState original = StoreState.create(StateLimits.DEFAULT);
            RandomStates driver = new RandomStates(seed, original);
            driver.run(1500);
            StoreState restored = SnapshotReader.read(
                            write(original.pin(), "one").file(), StateLimits.DEFAULT)
                    .state();
            List<String> expected = texts(new RandomStates(seed + 1, original).run(1500));
            assertThat(texts(new RandomStates(seed + 1, restored).run(1500)))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
            requireSame("seed " + seed, restored.pin(), original.pin());
        }
    }

    @Test
    void keepsThePinnedRevisionWhileTheStateGoesOn() throws IOException {
        StoreState state = StoreState.create(StateLimits.DEFAULT);
        RandomStates driver = new RandomStates(5, state);
        driver.run(3000);
        PinnedState pinned = state.pin();
        long revision = pinned.view().revision();
        Path before = write(pinned, "before").file();
        AtomicInteger asked = new AtomicInteger();
        SnapshotSummary during = SnapshotWriter.write(pinned, ORIGIN, directory.resolve("during"), directory, () -> {
            asked.incrementAndGet();
            driver.run(200);
            return false;
        });
        assertThat(asked).hasValueGreaterThan(3);
        assertThat(state.view().revision()).isGreaterThan(revision);
        assertThat(during.header().revision()).isEqualTo(revision);
        assertThat(during.file()).hasSameBinaryContentAs(before);
    }

    @Test
    void historyAndTreeShareWhatIsTheSame() throws Exception {
        StoreState state = StoreState.create(StateLimits.DEFAULT);
        ZnodePath path = ZnodePath.parse("/shared");
        state.beginEntry(1, 1, 1);
        state.apply(create(path, ValueEncoding.ofString("first")), null);
        state.apply(set(path, ValueEncoding.ofString("second")), null);
        state.apply(set(path, ValueEncoding.ofString("third")), null);
        state.endEntry();
        StoreState restored = SnapshotReader.read(write(state.pin(), "one").file(), StateLimits.DEFAULT)
                .state();
        List<TreeChange> changes = restored.history().read(1, 3).stream()
                .flatMap(revision -> revision.changes().stream())
                .toList();
        assertThat(changes).hasSize(3);
        assertThat(changes.get(1).before()).isSameAs(changes.get(0).after());
        assertThat(changes.get(2).before()).isSameAs(changes.get(1).after());
        assertThat(changes.get(2).after()).isSameAs(restored.view().find(path));
        assertThat(changes.get(2).path()).isSameAs(changes.get(0).path());
    }

    @Test
    void restoresAnEmptyState() throws IOException {
        SnapshotSummary written = write(StoreState.create(StateLimits.DEFAULT).pin(), "empty");
        assertThat(written.counts())
                .isEqualTo(new SnapshotCounts(1, written.counts().dataBytes(), 0, 0, 0, 0));
        RestoredSnapshot restored = SnapshotReader.read(written.file(), StateLimits.DEFAULT);
        assertThat(restored.state().view().revision()).isZero();
        assertThat(restored.state().view().znodeCount()).isEqualTo(1);
    }

    @Test
    void restoresValuesOfOneMebibyteWithResultsAndHistory() throws IOException {
        StoreState state = StoreState.create(StateLimits.DEFAULT);
        Random random = new Random(8);
        state.beginEntry(1, 1, 1);
        for (int i = 0; i < 6; i++) {
            byte[] bytes = new byte[(1 << 20) - 10];
            random.nextBytes(bytes);
            ZnodePath path = ZnodePath.ROOT.child("big" + i);
            CommandResult result = state.apply(create(path, ValueEncoding.ofBytes(bytes)), null);
            assertThat(result).isInstanceOf(CommandResult.Created.class);
        }
        state.endEntry();
        SnapshotSummary written = write(state.pin(), "big");
        assertThat(written.fileBytes()).isGreaterThan(6 << 20);
        requireSame(
                "big",
                SnapshotReader.read(written.file(), StateLimits.DEFAULT).state().pin(),
                state.pin());
    }

    @Test
    void readsTheHeaderWithoutTheRest() throws IOException {
        SnapshotSummary written = write(RandomStates.state(1, 500).pin(), "one");
        Path cut =
                Files.write(directory.resolve("cut"), java.util.Arrays.copyOf(Files.readAllBytes(written.file()), 120));
        SnapshotHeader header = SnapshotHeader.read(cut);
        assertThat(header).isEqualTo(written.header());
        assertThat(header.clusterId()).isEqualTo("cluster-größe");
        assertThat(header.term()).isEqualTo(7);
        assertThat(header.index()).isEqualTo(4711);
        assertThat(header.revision()).isPositive();
    }

    @Test
    void givesSizeAndMd5OfTheFile() throws Exception {
        SnapshotSummary written = write(RandomStates.state(1, 500).pin(), "one");
        byte[] bytes = Files.readAllBytes(written.file());
        assertThat(written.fileBytes()).isEqualTo(bytes.length);
        assertThat(written.md5()).isEqualTo(MessageDigest.getInstance("MD5").digest(bytes));
    }

    @Test
    void leavesNothingWhenCancelled() throws IOException {
        PinnedState pinned = RandomStates.state(3, 1000).pin();
        AtomicInteger asked = new AtomicInteger();
        assertThatThrownBy(() -> SnapshotWriter.write(
                        pinned, ORIGIN, directory.resolve("one"), directory, () -> asked.incrementAndGet() == 3))
                .isInstanceOf(SnapshotCancelledException.class);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void replacesAnOlderFileAndDeletesLeftovers() throws IOException {
        Files.writeString(directory.resolve("one"), "an older one");
        Files.writeString(directory.resolve("two.writing"), "unfinished");
        PinnedState pinned = RandomStates.state(3, 100).pin();
        Path file = write(pinned, "one").file();
        assertThat(SnapshotWriter.deleteLeftovers(directory)).isEqualTo(1);
        assertThat(SnapshotHeader.read(file).revision()).isEqualTo(pinned.view().revision());
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void writesNoFileOfAnEphemeralWithoutItsSession() throws IOException {
        StoreState state = RandomStates.state(11, 1000);
        long owner = state.sessions().after(0, Integer.MAX_VALUE).stream()
                .filter(session -> state.sessions().ephemeralCount(session.id()) > 0
                        && state.sessions().lockCount(session.id()) == 0)
                .findFirst()
                .orElseThrow()
                .id();
        for (ZnodePath path : List.copyOf(state.sessions().ephemerals(owner))) {
            state.sessions().ephemeralRemoved(owner, path);
        }
        state.sessions().end(owner);

        PinnedState pinned = state.pin();
        assertThatThrownBy(() -> write(pinned, "one"))
                .isInstanceOf(InvalidStateException.class)
                .hasMessageContaining("belongs to session " + owner);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }

    private SnapshotSummary write(PinnedState pinned, String name) throws IOException {
        return SnapshotWriter.write(pinned, ORIGIN, directory.resolve(name), directory, () -> false);
    }

    private static List<String> texts(List<CommandResult> results) {
        return results.stream().map(StateText::result).toList();
    }

    private static Command.Create create(ZnodePath path, byte[] value) {
        return new Command.Create(path, ZnodeKind.PERSISTENT, value, "", false, null, 0, false, null, false);
    }

    private static Command.Set set(ZnodePath path, byte[] value) {
        return new Command.Set(path, value, "", Command.ANY, Command.ANY, false, false, false);
    }

    private static void requireSame(String what, PinnedState found, PinnedState expected) {
        assertThat(StateText.of(found)).as(what).isEqualTo(StateText.of(expected));
    }
}
