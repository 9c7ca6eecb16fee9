package io.pathkeeper.server.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pathkeeper.server.tree.ChangeCause;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.ZnodeBuilder;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.ValueEncoding;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class ChangeHistoryTest {
    private static final ZnodePath PATH = ZnodePath.parse("/a");

    private static RevisionChanges revision(long revision, long clusterMillis, int valueBytes) {
        TreeChange change = new TreeChange.Created(
                PATH,
                ChangeCause.CLIENT,
                new ZnodeBuilder()
                        .name(PATH.name())
                        .value(ValueEncoding.ofBytes(new byte[valueBytes]))
                        .revisions(revision, revision)
                        .build());
        return new RevisionChanges(revision, clusterMillis, List.of(change), List.of());
    }

    private static void append(ChangeHistory history, long from, long to, long clusterMillis) {
        for (long revision = from; revision <= to; revision++) {
            history.add(revision(revision, clusterMillis, 10));
            history.publish();
        }
    }

    @Test
    void answersFromAnyRevisionItHas() throws ChangeHistory.CompactedException {
        ChangeHistory history = new ChangeHistory(StateLimits.History.DEFAULT, 1);
        assertThat(history.newestRevision()).isZero();
        assertThat(history.read(1, 10)).isEmpty();
        append(history, 1, 3_000, 0);

        assertThat(history.read(1, 5)).extracting(RevisionChanges::revision).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(history.read(2_999, 5)).extracting(RevisionChanges::revision).containsExactly(2_999L, 3_000L);
        assertThat(history.read(3_001, 5)).isEmpty();
        assertThat(history.read(9_999, 5)).isEmpty();
        assertThat(history.read(1, Integer.MAX_VALUE)).hasSize(3_000);
        assertThatThrownBy(() -> history.read(0, 1))
                .isInstanceOfSatisfying(
                        ChangeHistory.CompactedException.class,
                        compacted -> assertThat(compacted.oldestRevision()).isEqualTo(1));
    }

    @Test
    void keepsWhatIsYoungOrAmongTheNewest() {
        ChangeHistory history = new ChangeHistory(new StateLimits.History(1_000, 50, 1 << 20), 1);
        append(history, 1, 200, 0);
        assertThat(history.oldestRevision()).as("all are young").isEqualTo(1);
        append(history, 201, 210, 1_000);
        assertThat(history.oldestRevision()).isEqualTo(1);
        append(history, 211, 211, 1_001);
        assertThat(history.oldestRevision())
                .as("older than a second, but 50 are kept")
                .isEqualTo(162);
        append(history, 212, 212, 9_999);
        assertThat(history.oldestRevision()).isEqualTo(163);
    }

    @Test
    void theSizeOverridesEverything() {
        ChangeHistory history = new ChangeHistory(new StateLimits.History(1_000_000, 1_000_000, 10_000), 1);
        append(history, 1, 500, 0);
        assertThat(history.bytes()).isBetween(9_000L, 10_000L);
        assertThat(history.events()).isEqualTo(501 - history.oldestRevision());
        assertThat(history.newestRevision()).isEqualTo(500);
        history.add(revision(501, 0, 20_000));
        history.publish();
        assertThat(history.oldestRevision())
                .as("a revision that alone is too large is not kept")
                .isEqualTo(502);
        assertThat(history.bytes()).isZero();
        assertThat(history.events()).isZero();
        assertThatThrownBy(() -> history.read(501, 1))
                .hasMessageContaining("501")
                .hasMessageContaining("502");
    }

    @Test
    void showsNothingBeforeItIsPublished() throws Exception {
        ChangeHistory history = new ChangeHistory(StateLimits.History.DEFAULT, 1);
        history.add(revision(1, 0, 10));
        assertThat(history.newestRevision()).isZero();
        assertThat(history.bytes()).isZero();
        assertThat(history.events()).isZero();
        assertThat(history.read(1, 5)).isEmpty();
        history.publish();
        assertThat(history.newestRevision()).isEqualTo(1);
        assertThat(history.read(1, 5)).hasSize(1);
    }

    @Test
    void refusesGaps() {
        ChangeHistory history = new ChangeHistory(StateLimits.History.DEFAULT, 5);

        assertThatThrownBy(() -> append(history, 6, 6, 0)).isInstanceOf(IllegalStateException.class);
    }

    /** Readers at different speeds, while the ring grows and drops: each gets every revision once, or is told. */
    @Test
    void readersSeeEveryRevisionInOrderWhileTheWriterGoesOn() throws Exception {
        int revisions = 300_000;
        ChangeHistory history = new ChangeHistory(new StateLimits.History(0, 5_000, 64 << 20), 1);
        AtomicLong resets = new AtomicLong();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<Long>> readers = new ArrayList<>();
            for (int reader = 0; reader < 3; reader++) {
                int atOnce = reader == 0 ? 1 : reader * 1_000;
                readers.add(threads.submit(follow(history, revisions, atOnce, resets)));
            }
            for (long revision = 1; revision <= revisions; revision++) {
                history.add(revision(revision, revision / 1_000, 0));
                if (revision % 97 == 0 || revision == revisions) {
                    history.publish();
                }
            }
            for (Future<Long> reader : readers) {
                assertThat(reader.get(60, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(history.newestRevision()).isEqualTo(revisions);
        assertThat(history.oldestRevision()).isEqualTo(revisions - 4_999);
    }

    private static Callable<Long> follow(ChangeHistory history, long end, int atOnce, AtomicLong resets) {
        return () -> {
            long next = 1;
            long seen = 0;
            while (next <= end) {
                try {
                    for (RevisionChanges revision : history.read(next, atOnce)) {
                        if (revision.revision() != next) {
                            throw new AssertionError("got " + revision.revision() + " where " + next + " was due");
                        }
                        next++;
                        seen++;
                    }
                } catch (ChangeHistory.CompactedException e) {
                    if (e.oldestRevision() <= next) {
                        throw new AssertionError("told that " + next + " is older than " + e.oldestRevision(), e);
                    }
                    next = e.oldestRevision();
                    resets.incrementAndGet();
                }
            }
            return seen;
        };
    }
}
