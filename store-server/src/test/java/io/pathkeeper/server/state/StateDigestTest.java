package io.pathkeeper.server.state;

import static io.pathkeeper.server.state.StateFixture.create;
import static io.pathkeeper.server.state.StateFixture.set;
import static io.pathkeeper.server.state.StateFixture.ttl;
import static io.pathkeeper.server.state.StateFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodeBuilder;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StateDigestTest {
    private final StateFixture store = new StateFixture();

    StateDigestTest() {
        store.done(create("/a"));
        store.done(ttl("/t", 5_000, false));
        store.done(set("/a", 3));
        store.done(create("/t/child"));
        store.open("one");
        store.open("two");
    }

    /** One znode with one fact changed makes another digest, whatever the fact. */
    @Test
    void everyFactIsInTheDigest() {
        List<UnaryOperator<ZnodeBuilder>> faults = List.of(
                builder -> builder.value(value(4)),
                builder -> builder.contentType("x"),
                builder -> builder.revisions(2, 3),
                builder -> builder.revisions(1, 4),
                builder -> builder.times(1, 1_000),
                builder -> builder.times(1_000, 1),
                builder -> builder.version(3),
                builder -> builder.childrenChanges(1, 2),
                builder -> builder.nextSequence(1),
                builder -> builder.kind(ZnodeKind.CONTAINER),
                builder -> builder.kind(ZnodeKind.EPHEMERAL).ownerSession(1),
                builder -> builder.kind(ZnodeKind.EPHEMERAL).ownerSession(2),
                builder -> builder.kind(ZnodeKind.TTL).ttl(1_000, false, 1_010),
                builder -> builder.kind(ZnodeKind.TTL).ttl(1_000, true, 1_010),
                builder -> builder.kind(ZnodeKind.TTL).ttl(1_000, false, 1_011),
                builder -> builder.kind(ZnodeKind.TTL).ttl(1_001, false, 1_010));
        Set<Long> digests = new HashSet<>();
        digests.add(store.state.view().digest());
        for (UnaryOperator<ZnodeBuilder> fault : faults) {
            digests.add(corrupted(fault).view().digest());
        }

        assertThat(StateCopy.of(store.state.pin(), StateLimits.DEFAULT).view().digest())
                .as("a copy without a fault")
                .isEqualTo(store.state.view().digest());
        assertThat(digests).hasSize(faults.size() + 1);
    }

    private StoreState corrupted(UnaryOperator<ZnodeBuilder> fault) {
        return StateCopy.of(store.state.pin(), StateLimits.DEFAULT, entry -> {
            boolean here = entry.path().equals(ZnodePath.parse("/a"));
            Znode znode = entry.znode();
            return here
                    ? new TreeView.Entry(
                            entry.path(), fault.apply(StateCopy.builder(znode)).build())
                    : entry;
        });
    }

    @Test
    void aServerThatDivergedIsToldSo() {
        StateFixture corrupt = new StateFixture(corrupted(builder -> builder.value(value(99))));
        Command.CheckDigest check = store.state.digestCheck();

        assertThat(store.done(check)).isEqualTo(new CommandResult.Done(check.revision()));
        assertThatThrownBy(() -> corrupt.apply(check))
                .isInstanceOfSatisfying(StateDivergedException.class, diverged -> {
                    assertThat(diverged.revision()).isEqualTo(check.revision());
                    assertThat(diverged.expectedDigest()).isEqualTo(check.digest());
                    assertThat(diverged.actualDigest()).isNotEqualTo(check.digest());
                });
    }

    @Test
    void digestsAreComparedAtTheirOwnRevision() {
        Command.CheckDigest then = store.state.digestCheck();
        store.done(set("/a", 4));
        store.done(set("/a", 5));

        assertThat(store.done(then)).isEqualTo(new CommandResult.Done(8));
        assertThatThrownBy(() -> store.apply(new Command.CheckDigest(then.revision() + 1, then.digest())))
                .isInstanceOf(StateDivergedException.class);
    }

    @Test
    void aRevisionThatWasNotReachedIsADivergence() {
        assertThatThrownBy(() -> store.apply(new Command.CheckDigest(7, 0)))
                .isInstanceOf(StateDivergedException.class)
                .hasMessageContaining("at revision 6")
                .hasMessageContaining("revision 7");
    }

    @Test
    void revisionsBeforeTheSnapshotAreLetPass() {
        StateFixture restored = store.restored();

        assertThat(restored.apply(new Command.CheckDigest(2, 12345))).isEqualTo(new CommandResult.Done(6));
        assertThat(restored.state.comparedDigests()).as("nothing was compared").isZero();
        restored.apply(restored.state.digestCheck());
        assertThat(restored.state.comparedDigests()).isOne();
    }

    @Test
    void equalLogsMakeEqualDigests() {
        StateFixture other = new StateFixture();
        other.done(create("/a"));
        other.done(ttl("/t", 5_000, false));
        other.done(set("/a", 3));
        other.done(create("/t/child"));

        other.open("one");
        other.open("two");

        assertThat(other.state.digest()).isEqualTo(store.state.digest());
        assertThat(other.state.view().digest()).isEqualTo(store.state.view().digest());
    }
}
