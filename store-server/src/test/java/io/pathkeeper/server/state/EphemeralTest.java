package io.pathkeeper.server.state;

import static io.pathkeeper.server.state.StateFixture.create;
import static io.pathkeeper.server.state.StateFixture.delete;
import static io.pathkeeper.server.state.StateFixture.deleteAll;
import static io.pathkeeper.server.state.StateFixture.ephemeral;
import static io.pathkeeper.server.state.StateFixture.transact;
import static io.pathkeeper.server.state.StateFixture.ttl;
import static io.pathkeeper.server.state.StateFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EphemeralTest {
    private final StateFixture store = new StateFixture();
    private final SessionKey session = store.open("me").key();

    private List<String> owned(SessionKey key) {
        return store.state.sessions().ephemerals(key.id()).stream()
                .map(ZnodePath::toString)
                .toList();
    }

    private static Command.Create sequential(String prefix, SessionKey key) {
        return new Command.Create(
                ZnodePath.parsePrefix(prefix),
                ZnodeKind.EPHEMERAL,
                value(0),
                "",
                true,
                ZnodeKind.CONTAINER,
                0,
                false,
                key,
                false);
    }

    @Test
    void belongsToItsSessionUntilItIsDeleted() {
        store.done(ephemeral("/a", session));
        store.done(sequential("/members/", session));

        assertThat(owned(session)).containsExactly("/a", "/members/0000000000");
        assertThat(store.get("/a").ownerSession()).isEqualTo(session.id());
        store.done(StateFixture.set("/a", 5));
        assertThat(store.get("/a").ownerSession()).isEqualTo(session.id());
        store.done(delete("/a"));
        store.done(deleteAll("/members"));
        assertThat(owned(session)).isEmpty();
        assertThat(store.state.sessions().ephemeralCount()).isZero();
        store.done(store.state.digestCheck());
    }

    @Test
    void standsBelowEveryOtherKind() {
        store.done(create("/p"));
        store.done(create("/c", ZnodeKind.CONTAINER));
        store.done(ttl("/t", 5_000, false));
        store.done(ephemeral("/p/e", session));
        store.done(ephemeral("/c/e", session));
        store.done(ephemeral("/t/e", session));

        for (String parent : List.of("/p/e", "/c/e", "/t/e")) {
            Rejection refused = store.refused(create(parent + "/x"));
            assertThat(refused.reason()).isEqualTo(RejectReason.EPHEMERAL_PARENT);
            assertThat(refused.metadata()).containsEntry("path", parent);
            assertThat(store.refused(ephemeral(parent + "/x", session)).reason())
                    .isEqualTo(RejectReason.EPHEMERAL_PARENT);
        }
    }

    @Test
    void refusesWhatCannotBeWithoutAnyEffect() {
        long revision = store.state.view().revision();
        SessionKey wrong = new SessionKey(session.id(), new byte[32]);
        assertThat(store.refused(ephemeral("/a", wrong)).reason()).isEqualTo(RejectReason.SESSION_SECRET_WRONG);
        assertThat(store.refused(ephemeral("/a", StateFixture.key(9))).reason())
                .isEqualTo(RejectReason.SESSION_NOT_FOUND);
        assertThat(store.refused(made(ZnodeKind.EPHEMERAL, null, false, false)).reason())
                .isEqualTo(RejectReason.ARGUMENT_INVALID);
        assertThat(store.refused(made(ZnodeKind.PERSISTENT, session, false, false))
                        .reason())
                .isEqualTo(RejectReason.ARGUMENT_INVALID);
        assertThat(store.refused(made(ZnodeKind.PERSISTENT, null, true, false)).reason())
                .isEqualTo(RejectReason.ARGUMENT_INVALID);
        assertThat(store.refused(made(ZnodeKind.EPHEMERAL, session, true, true)).reason())
                .isEqualTo(RejectReason.ARGUMENT_INVALID);

        assertThat(store.state.view().revision()).isEqualTo(revision);
        assertThat(owned(session)).isEmpty();
    }

    private static Command made(ZnodeKind kind, @Nullable SessionKey key, boolean takeOver, boolean sequential) {
        return new Command.Create(ZnodePath.parse("/a"), kind, value(0), "", sequential, null, 0, false, key, takeOver);
    }

    @Test
    void countsWhatATransactionMadeAgainstTheLimit() {
        StateFixture few =
                new StateFixture(StateLimits.DEFAULT.withCoordination(new StateLimits.Coordination(9, 3, 9, 9, 9, 9)));
        SessionKey key = few.open("me").key();
        few.done(ephemeral("/a", key));

        Rejection refused = few.refused(transact(ephemeral("/b", key), ephemeral("/c", key), ephemeral("/d", key)));
        assertThat(refused.reason()).isEqualTo(RejectReason.QUOTA_EXCEEDED);
        assertThat(refused.metadata()).containsEntry("op_index", "2").containsEntry("limit", "3");
        assertThat(few.state.sessions().ephemerals(key.id())).hasSize(1);

        few.done(transact(delete("/a"), ephemeral("/b", key), ephemeral("/c", key), ephemeral("/d", key)));
        assertThat(few.state.sessions().ephemeralCount(key.id())).isEqualTo(3);
        assertThat(few.refused(ephemeral("/e", key)).reason()).isEqualTo(RejectReason.QUOTA_EXCEEDED);
        few.done(few.state.digestCheck());
    }

    @Test
    void aTransactionThatIsRefusedLeavesTheTableAsItWas() {
        store.done(ephemeral("/a", session));

        store.refused(transact(delete("/a"), ephemeral("/b", session), delete("/missing")));

        assertThat(owned(session)).containsExactly("/a");
        store.done(store.state.digestCheck());
    }

    @Test
    void aTransactionGivesAPathToAnotherSession() {
        SessionKey other = store.open("you").key();
        store.done(ephemeral("/a", session));

        store.done(transact(delete("/a"), ephemeral("/a", other)));

        assertThat(owned(session)).isEmpty();
        assertThat(owned(other)).containsExactly("/a");
    }

    @Test
    void aSuccessorOfTheSameIdentityTakesOver() {
        SessionKey successor = store.open("me").key();
        store.done(ephemeral("/a", session));

        CommandResult result = store.done(ephemeral("/a", successor, 7, true));

        assertThat(result).isInstanceOf(CommandResult.Created.class);
        assertThat(store.get("/a").ownerSession()).isEqualTo(successor.id());
        assertThat(store.get("/a").version()).isEqualTo(2);
        assertThat(store.get("/a").value()).isEqualTo(value(7));
        assertThat(store.changes.get(0).changes()).hasSize(1).first().isInstanceOf(TreeChange.Updated.class);
        assertThat(owned(session)).isEmpty();
        assertThat(owned(successor)).containsExactly("/a");
        store.done(new Command.CloseSession(session));
        assertThat(store.find("/a")).isNotNull();
        store.done(new Command.CloseSession(successor));
        assertThat(store.find("/a")).isNull();
    }

    @Test
    void nobodyElseTakesOver() {
        SessionKey other = store.open("you").key();
        SessionKey unnamed = store.open("").key();
        SessionKey unnamedToo = store.open("").key();
        store.done(ephemeral("/a", session));
        store.done(ephemeral("/u", unnamed));
        store.done(create("/p"));

        assertThat(store.refused(ephemeral("/a", other, 1, true)).reason()).isEqualTo(RejectReason.NODE_EXISTS);
        assertThat(store.refused(ephemeral("/u", unnamedToo, 1, true)).reason()).isEqualTo(RejectReason.NODE_EXISTS);
        assertThat(store.refused(ephemeral("/a", session, 1, true)).reason()).isEqualTo(RejectReason.NODE_EXISTS);
        assertThat(store.refused(ephemeral("/p", session, 1, true)).reason()).isEqualTo(RejectReason.NODE_EXISTS);
        assertThat(store.get("/a").version()).isEqualTo(1);
        store.done(ephemeral("/new", session, 1, true));
        assertThat(owned(session)).containsExactly("/a", "/new");
    }

    @Test
    void theCheckFindsAnEphemeralWithoutItsSession() {
        store.done(ephemeral("/a", session));
        store.state.sessions().ephemeralRemoved(session.id(), ZnodePath.parse("/a"));

        assertThatThrownBy(() -> store.apply(store.state.digestCheck()))
                .isInstanceOf(StateDivergedException.class)
                .hasMessageContaining("1 ephemeral znodes")
                .hasMessageContaining("the sessions own 0");
    }
}
