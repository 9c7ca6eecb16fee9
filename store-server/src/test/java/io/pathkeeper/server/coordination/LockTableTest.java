package io.pathkeeper.server.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.server.tree.InvalidPathException;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the table counts of its locks, whatever happens to them. */
@Timeout(30)
class LockTableTest {
    private final LockTable table = new LockTable();

    private static LockState free(String path) throws InvalidPathException {
        return new LockState(ZnodePath.parse(path), false, 0, List.of(), List.of(), 0);
    }

    private static LockEntry entry(long session) {
        return new LockEntry(session, "", LockMode.EXCLUSIVE, 0, 0, 5, 5, 0, "", new byte[0], 1);
    }

    private static LockState granted(LockState state) {
        return state.granting(100, 7, new ArrayList<>());
    }

    @Test
    void countsLocksByTheirUse() throws InvalidPathException {
        LockState held = granted(free("/a").queued(entry(1)));
        table.put(held);
        assertThat(List.of(table.count(), table.heldCount(), table.contendedCount()))
                .containsExactly(1, 1, 0);

        LockState contended = held.queued(entry(2));
        table.put(contended);
        table.put(granted(free("/b").queued(entry(3))));
        assertThat(List.of(table.count(), table.heldCount(), table.contendedCount()))
                .containsExactly(2, 1, 1);

        LockState delayed = contended.withoutSession(1).delayedUntil(1_000);
        table.put(delayed);
        assertThat(List.of(table.count(), table.heldCount(), table.contendedCount()))
                .containsExactly(2, 1, 0);

        table.put(delayed.withoutSession(2).delayedUntil(0));
        assertThat(List.of(table.count(), table.heldCount(), table.contendedCount()))
                .containsExactly(1, 1, 0);
    }
}
