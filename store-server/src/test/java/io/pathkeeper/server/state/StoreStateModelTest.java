package io.pathkeeper.server.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pathkeeper.server.coordination.LockEntry;
import io.pathkeeper.server.coordination.LockState;
import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.session.SessionTable;
import io.pathkeeper.server.snapshot.SnapshotOrigin;
import io.pathkeeper.server.snapshot.SnapshotReader;
import io.pathkeeper.server.snapshot.SnapshotWriter;
import io.pathkeeper.server.tree.ChangeCause;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.ValueLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random commands against {@link NaiveStore}: results, facts, events and trees are equal, also when the state is restored from a
 * pinned one again and again. Replay with {@code -Dmodel.seed=}; {@code -Dmodel.commands=} changes the number.
 */
@Timeout(900)
class StoreStateModelTest {
    private static final byte[] NOTHING = {};

    private static final StateLimits LIMITS = new StateLimits(
            new ValueLimits(200, 32, 1_000, 64),
            127,
            120,
            15,
            6,
            3_000,
            new StateLimits.Ledger(4, 20, 1 << 20, 1 << 24, 8_000),
            new StateLimits.History(5_000, 200, 1 << 20),
            new StateLimits.Coordination(6, 5, 30, 12, 6, 60));

    @Test
    void agreesWithTheReference() {
        long seed = Long.getLong("model.seed", System.nanoTime());
        int commands = Integer.getInteger("model.commands", 100_000);
        System.out.println("StoreStateModelTest: -Dmodel.seed=" + seed);
        Coverage coverage = run(seed, commands, new NaiveStore(LIMITS));

        assertThat(coverage.reasons)
                .as("reasons that the run met, seed %d", seed)
                .contains(
                        "NODE_NOT_FOUND",
                        "PARENT_NOT_FOUND",
                        "SESSION_NOT_FOUND",
                        "SESSION_EXPIRED",
                        "SESSION_SECRET_WRONG",
                        "EPHEMERAL_PARENT",
                        "LOCK_NOT_HELD",
                        "LOCK_MODE_MISMATCH",
                        "NODE_EXISTS",
                        "VERSION_MISMATCH",
                        "NODE_NOT_EMPTY",
                        "TOO_MANY_NODES",
                        "ROOT_IMMUTABLE",
                        "PATH_INVALID",
                        "ARGUMENT_INVALID",
                        "POINTER_INVALID",
                        "FIELD_NOT_FOUND",
                        "FIELD_TYPE",
                        "TEST_FAILED",
                        "INT_OVERFLOW",
                        "VALUE_TOO_LARGE",
                        "REQUEST_ID_EXPIRED",
                        "OVERLOADED",
                        "QUOTA_EXCEEDED");
        assertThat(coverage.quotaRefusals)
                .containsExactlyInAnyOrder(
                        "ZNODES", "BYTES", "CHILDREN", "below ZNODES", "below BYTES", "below CHILDREN");
        assertThat(coverage.causes).containsExactlyInAnyOrder(ChangeCause.values());
        assertThat(coverage.kinds)
                .contains(
                        "opened", "ended", "QUEUED", "GRANTED", "PROCLAIMED", "RELEASED", "LEFT", "takeover", "delay");
        assertThat(coverage.restores).isGreaterThan(commands / 10_000);
    }

    /** Containers that stay when they are empty: the run must go red. */
    @Test
    void findsAReferenceThatForgetsContainers() {
        NaiveStore broken = new NaiveStore(LIMITS) {
            @Override
            protected void remove(String path, ChangeCause cause) {
                if (cause != ChangeCause.CONTAINER || nodes().get(path).childrenVersion == 0) {
                    super.remove(path, cause);
                }
            }
        };
        assertThatThrownBy(() -> run(1, 20_000, broken)).isInstanceOf(AssertionError.class);
    }

    /** A queue that serves the last one first: the run must go red. */
    @Test
    void findsAReferenceThatGrantsToTheLastWaiter() {
        NaiveStore broken = new NaiveStore(LIMITS, new NaiveCoordination(LIMITS) {
            @Override
            protected int next(List<LockEntry> waiters) {
                return waiters.size() - 1;
            }
        });
        assertThatThrownBy(() -> run(1, 20_000, broken)).isInstanceOf(AssertionError.class);
    }

    /** A session that leaves an ephemeral znode behind when it has several: the run must go red. */
    @Test
    void findsAReferenceThatLeavesAnEphemeralBehind() {
        NaiveStore broken = new NaiveStore(LIMITS) {
            @Override
            protected List<String> left(List<String> ephemerals) {
                return ephemerals.size() < 2 ? ephemerals : ephemerals.subList(1, ephemerals.size());
            }
        };
        assertThatThrownBy(() -> run(1, 20_000, broken)).isInstanceOf(AssertionError.class);
    }

    /** A quota that does not count its own top: the run must go red. */
    @Test
    void findsAReferenceWithAnotherCountOfASubtree() {
        NaiveStore broken = new NaiveStore(LIMITS) {
            @Override
            protected long used(Quota.Kind kind, String top) {
                return super.used(kind, top) - (kind == Quota.Kind.ZNODES && nodes().containsKey(top) ? 1 : 0);
            }
        };
        assertThatThrownBy(() -> run(1, 20_000, broken)).isInstanceOf(AssertionError.class);
    }

    /** Names of nine digits: the run must go red. */
    @Test
    void findsAReferenceWithOtherSequentialNames() {
        NaiveStore broken = new NaiveStore(LIMITS) {
            @Override
            protected String numbered(long number) {
                return String.format("%09d", number);
            }
        };
        assertThatThrownBy(() -> run(1, 20_000, broken)).isInstanceOf(AssertionError.class);
    }

    private static final class Coverage {
        final Set<String> reasons = new HashSet<>();
        final Set<ChangeCause> causes = new HashSet<>();
        final Set<String> kinds = new HashSet<>();
        Set<String> quotaRefusals = Set.of();
        int restores;
    }

    private static Coverage run(long seed, int commands, NaiveStore reference) {
        SplittableRandom random = new SplittableRandom(seed);
        ModelCommands source = new ModelCommands(random.split());
        Coverage coverage = new Coverage();
        StoreState state = StoreState.create(LIMITS);
        List<RevisionChanges> all = new ArrayList<>();
        long wall = 1_000_000;
        long cluster = 5_000;
        int done = 0;
        for (int entry = 0; done < commands; entry++) {
            wall += random.nextInt(100) - 20;
            cluster += random.nextInt(300) - 50;
            long term = 1 + entry / 100;
            state.beginEntry(term, wall, cluster);
            reference.beginEntry(term, wall, cluster);
            List<Map<String, String>> expected = new ArrayList<>();
            List<List<String>> coordination = new ArrayList<>();
            for (int i = random.nextInt(20); i >= 0; i--) {
                Command command = source.next(reference);
                RequestId id = source.requestId();
                String result = NaiveStore.describe(state.apply(command, id));
                String wanted = reference.apply(command, id);
                if (!result.equals(wanted)) {
                    assertThat(result)
                            .as("seed %d, command %d: %s, request %s", seed, done, command, id)
                            .isEqualTo(wanted);
                }
                if (reference.events() != null) {
                    expected.add(reference.events());
                    coordination.add(reference.coordination().events());
                }
                if (command instanceof Command.Create create && create.takeOver() && result.contains(" v2 ")) {
                    coverage.kinds.add("takeover");
                }
                if (reference.coordination().earliestDelay() != Long.MAX_VALUE) {
                    coverage.kinds.add("delay");
                }
                if (result.startsWith("rejected ")) {
                    coverage.reasons.add(result.split(" ")[1]);
                }
                done++;
            }
            List<RevisionChanges> changes = state.endEntry();
            checkEvents(changes, expected, state.view(), coverage);
            checkCoordination(changes, coordination, coverage);
            all.addAll(changes);
            if (entry % 40 == 0) {
                checkTree(state, reference, seed);
            }
            if (random.nextInt(200) == 0) {
                state = restored(state, random.nextBoolean(), seed);
                coverage.restores++;
            }
        }
        checkTree(state, reference, seed);
        checkHistory(state, all);
        coverage.quotaRefusals = reference.quotaRefusals();
        return coverage;
    }

    /** Fact by fact, or through a snapshot file. */
    private static StoreState restored(StoreState state, boolean throughFile, long seed) {
        PinnedState pinned = state.pin();
        StoreState restored = throughFile ? readBack(pinned) : StateCopy.of(pinned, LIMITS);
        assertThat(restored.digest()).as("digest, seed %d", seed).isEqualTo(state.digest());
        assertThat(restored.view().digest()).isEqualTo(state.view().digest());
        assertThat(restored.view().dataBytes()).isEqualTo(state.view().dataBytes());
        assertThat(restored.view().znodeCount()).isEqualTo(state.view().znodeCount());
        assertThat(restored.view().ttlCount()).isEqualTo(state.view().ttlCount());
        assertThat(restored.view().revision()).isEqualTo(state.view().revision());
        assertThat(restored.nextDeadlineMillis()).isEqualTo(state.nextDeadlineMillis());
        assertThat(restored.clusterMillis()).isEqualTo(state.clusterMillis());
        assertThat(restored.wallMillis()).isEqualTo(state.wallMillis());
        assertThat(restored.ledgerClientCount()).isEqualTo(state.ledgerClientCount());
        assertThat(restored.history().oldestRevision())
                .isEqualTo(state.history().oldestRevision());
        assertThat(restored.history().bytes()).isEqualTo(state.history().bytes());
        assertThat(restored.history().events()).isEqualTo(state.history().events());
        return restored;
    }

    private static StoreState readBack(PinnedState pinned) {
        try {
            Path directory = Files.createTempDirectory("model");
            Path file = directory.resolve("snapshot");
            try {
                SnapshotOrigin origin =
                        new SnapshotOrigin("cluster", 3, pinned.view().revision());
                SnapshotWriter.write(pinned, origin, file, directory, () -> false);
                return SnapshotReader.read(file, LIMITS).state();
            } finally {
                Files.deleteIfExists(file);
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void checkEvents(
            List<RevisionChanges> changes, List<Map<String, String>> expected, TreeView view, Coverage coverage) {
        assertThat(changes).hasSameSizeAs(expected);
        for (int i = 0; i < changes.size(); i++) {
            RevisionChanges revision = changes.get(i);
            assertThat(revision.revision()).isEqualTo(view.revision() - changes.size() + 1 + i);
            Map<String, String> found = new HashMap<>();
            Set<String> deletedPaths = new HashSet<>();
            for (TreeChange change : revision.changes()) {
                String path = change.path().toString();
                String parent = NaiveStore.parentOf(path);
                assertThat(deletedPaths.contains(parent) && change instanceof TreeChange.Deleted)
                        .as("children go before their parents: %s", revision)
                        .isFalse();
                String text = text(change);
                assertThat(found.put(text.split(" ", 2)[0] + " " + path, change.cause() + text.split(path, 2)[1]))
                        .as("once for a path and type: %s", revision)
                        .isNull();
                if (change instanceof TreeChange.Deleted) {
                    deletedPaths.add(path);
                } else {
                    deletedPaths.remove(path);
                }
                coverage.causes.add(change.cause());
            }
            assertThat(found).as("events of revision %d", revision.revision()).isEqualTo(expected.get(i));
        }
    }

    private static void checkCoordination(
            List<RevisionChanges> changes, List<List<String>> expected, Coverage coverage) {
        for (int i = 0; i < changes.size(); i++) {
            List<String> found = changes.get(i).coordination().stream()
                    .map(NaiveCoordination::text)
                    .toList();
            assertThat(found)
                    .as("sessions and locks at revision %d", changes.get(i).revision())
                    .isEqualTo(expected.get(i));
            found.forEach(text -> coverage.kinds.add(text.split(" ", 2)[0]));
        }
    }

    /** Sessions, their znodes and locks, all tables and their counts; and the leader's check passes. */
    private static void checkTables(StoreState state, NaiveStore reference, long seed) {
        SessionTable sessions = state.sessions();
        NaiveCoordination wanted = reference.coordination();
        assertThat(sessions.after(0, Integer.MAX_VALUE))
                .as("seed %d", seed)
                .isEqualTo(List.copyOf(wanted.sessions.values()));
        assertThat(sessions.count()).isEqualTo(wanted.sessions.size());
        assertThat(sessions.nextId()).isEqualTo(wanted.nextSession);
        long ephemerals = 0;
        Set<Long> ids = new HashSet<>(wanted.sessions.keySet());
        for (long id = Math.max(0, wanted.nextSession - 10); id <= wanted.nextSession; id++) {
            ids.add(id);
        }
        for (long id : ids) {
            List<String> paths =
                    sessions.ephemerals(id).stream().map(ZnodePath::toString).toList();
            assertThat(paths)
                    .as("seed %d, session %d", seed, id)
                    .isEqualTo(id == 0 ? List.of() : reference.ephemerals(id));
            assertThat(sessions.ephemeralCount(id)).isEqualTo(paths.size());
            assertThat(sessions.lockCount(id)).isEqualTo((int) wanted.entries(id));
            ephemerals += paths.size();
        }
        assertThat(sessions.ephemeralCount()).isEqualTo(ephemerals);
        List<LockState> locks = state.locks().within(ZnodePath.ROOT, null, Integer.MAX_VALUE);
        assertThat(locks.stream().map(NaiveCoordination::text).toList()).isEqualTo(wanted.lockTexts());
        assertThat(state.locks().count()).isEqualTo(locks.size());
        state.beginEntry(reference.term(), 0, 0);
        assertThat(state.apply(state.digestCheck(), null)).isEqualTo(new CommandResult.Done(reference.revision()));
        state.endEntry();
    }

    private static String text(TreeChange change) {
        if (change instanceof TreeChange.Created created) {
            return "created " + created.path() + " " + NaiveStore.describe(created.after());
        } else if (change instanceof TreeChange.Updated updated) {
            return "updated " + updated.path() + " " + NaiveStore.describe(updated.before()) + " -> "
                    + NaiveStore.describe(updated.after());
        }
        TreeChange.Deleted deleted = (TreeChange.Deleted) change;
        return "deleted " + deleted.path() + " " + NaiveStore.describe(deleted.before());
    }

    private static void checkTree(StoreState state, NaiveStore reference, long seed) {
        checkTables(state, reference, seed);
        TreeView view = state.view();
        assertThat(view.revision()).as("seed %d", seed).isEqualTo(reference.revision());
        List<String> scanned = new ArrayList<>();
        long bytes = 0;
        long timed = 0;
        long deadline = reference.coordination().earliestDelay();
        for (Iterator<TreeView.Entry> scan = view.scan(ZnodePath.ROOT); scan.hasNext(); ) {
            TreeView.Entry entry = scan.next();
            String path = entry.path().toString();
            scanned.add(path);
            assertThat(NaiveStore.describe(entry.znode()))
                    .as("seed %d: %s", seed, path)
                    .isEqualTo(reference.describe(path));
            assertThat(view.find(ZnodePath.parse(path))).isSameAs(entry.znode());
            bytes += entry.znode().value().length;
            timed += entry.znode().kind() == ZnodeKind.TTL ? 1 : 0;
            assertThat(entry.znode().descendantBytes())
                    .as("bytes below, seed %d: %s", seed, path)
                    .isEqualTo(reference.used(Quota.Kind.BYTES, path)
                            - entry.znode().value().length);
            if (entry.znode().childCount() == 0 && entry.znode().deadlineMillis() > 0) {
                deadline = Math.min(deadline, entry.znode().deadlineMillis());
            }
            List<String> children = view.children(entry.path(), NOTHING, NOTHING, Integer.MAX_VALUE).stream()
                    .map(StoreStateModelTest::name)
                    .toList();
            assertThat(children)
                    .isEqualTo(reference.children(path).stream()
                            .map(child -> child.substring(child.lastIndexOf('/') + 1))
                            .toList());
        }
        assertThat(scanned).isEqualTo(reference.scanOrder());
        assertThat(view.dataBytes()).isEqualTo(bytes);
        assertThat(view.ttlCount()).as("seed %d", seed).isEqualTo(timed);
        assertThat(view.znodeCount()).isEqualTo(scanned.size());
        assertThat(state.nextDeadlineMillis()).isEqualTo(deadline);
    }

    private static String name(Znode znode) {
        return new String(znode.name(), StandardCharsets.UTF_8);
    }

    private static void checkHistory(StoreState state, List<RevisionChanges> all) {
        ChangeHistory history = state.history();
        int kept = (int) (history.newestRevision() - history.oldestRevision() + 1);
        assertThat(kept).isGreaterThanOrEqualTo(200);
        try {
            List<RevisionChanges> found = history.read(history.oldestRevision(), Integer.MAX_VALUE);
            assertThat(texts(found)).isEqualTo(texts(all.subList(all.size() - kept, all.size())));
            assertThat(history.events())
                    .isEqualTo(found.stream()
                            .mapToInt(made -> made.changes().size())
                            .sum());
        } catch (ChangeHistory.CompactedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> texts(List<RevisionChanges> history) {
        List<String> texts = new ArrayList<>();
        for (RevisionChanges revision : history) {
            texts.add(revision.revision() + " at " + revision.clusterMillis());
            revision.changes().forEach(change -> texts.add(change.cause() + " " + text(change)));
            revision.coordination().forEach(change -> texts.add(NaiveCoordination.text(change)));
        }
        return texts;
    }
}
