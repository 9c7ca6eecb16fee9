package io.pathkeeper.server.state;

import static io.pathkeeper.server.state.StateFixture.create;
import static io.pathkeeper.server.state.StateFixture.createSession;
import static io.pathkeeper.server.state.StateFixture.ephemeral;
import static io.pathkeeper.server.state.StateFixture.exclusive;
import static io.pathkeeper.server.state.StateFixture.key;
import static io.pathkeeper.server.state.StateFixture.release;
import static io.pathkeeper.server.state.StateFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.session.SessionStanding;
import io.pathkeeper.server.tree.ChangeCause;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SessionCommandsTest {
    private final StateFixture store = new StateFixture();

    @Test
    void idsCountFromOneAndAreNeverUsedAgain() {
        Session first = store.open("a");
        store.done(new Command.CloseSession(first.key()));
        Session second = store.restored().open("b");

        assertThat(first.id()).isEqualTo(1);
        assertThat(second.id()).isEqualTo(2);
        assertThat(store.state.sessions().wasIssued(1)).isTrue();
        assertThat(store.state.sessions().wasIssued(2)).isFalse();
        assertThat(store.state.sessions().wasIssued(0)).isFalse();
    }

    @Test
    void anOpenedSessionIsARevisionWithItsFacts() {
        store.wall = 123;
        Session session = store.open("me");

        assertThat(store.state.view().revision()).isEqualTo(1);
        assertThat(store.coordination()).containsExactly("opened 1");
        assertThat(store.changes.get(0).changes()).isEmpty();
        assertThat(session.createdRevision()).isEqualTo(1);
        assertThat(session.createdAtMillis()).isEqualTo(123);
        assertThat(session.timeoutMillis()).isEqualTo(10_000);
        assertThat(store.state.sessions().find(1)).isEqualTo(session);
        assertThat(store.state.sessions().standing(session.key())).isEqualTo(SessionStanding.OPEN);
    }

    @Test
    void refusesFactsOutsideTheLimitsWithoutAnyEffect() {
        SortedMap<String, String> none = new TreeMap<>();
        SortedMap<String, String> many = new TreeMap<>();
        for (int i = 0; i <= 16; i++) {
            many.put("label" + i, "x");
        }
        byte[] secret = new byte[32];
        List<Command> bad = List.of(
                new Command.CreateSession(secret, 0, "", none, ""),
                new Command.CreateSession(secret, 999, "", none, ""),
                new Command.CreateSession(secret, 300_001, "", none, ""),
                new Command.CreateSession(secret, -1, "", none, ""),
                new Command.CreateSession(secret, Long.MAX_VALUE, "", none, ""),
                new Command.CreateSession(new byte[31], 5_000, "", none, ""),
                new Command.CreateSession(new byte[0], 5_000, "", none, ""),
                new Command.CreateSession(secret, 5_000, "é".repeat(65), none, ""),
                new Command.CreateSession(secret, 5_000, "", none, "a".repeat(257)),
                new Command.CreateSession(secret, 5_000, "", many, ""),
                new Command.CreateSession(secret, 5_000, "", new TreeMap<>(java.util.Map.of("k".repeat(65), "")), ""),
                new Command.CreateSession(secret, 5_000, "", new TreeMap<>(java.util.Map.of("", "v".repeat(257))), ""));

        for (Command command : bad) {
            assertThat(store.refused(command).reason()).isEqualTo(RejectReason.ARGUMENT_INVALID);
        }
        assertThat(store.refused(bad.get(1)).message()).contains("999").contains("1000 to 300000");
        assertThat(store.state.view().revision()).isZero();
        assertThat(store.state.sessions().nextId()).isEqualTo(1);
    }

    @Test
    void thereIsALimitOfSessions() {
        StateFixture two = new StateFixture(
                StateLimits.DEFAULT.withCoordination(new StateLimits.Coordination(2, 10, 10, 10, 10, 10)));
        SessionKey first = two.open("a").key();
        two.open("b");

        Rejection refused = two.refused(createSession("c"));
        assertThat(refused.reason()).isEqualTo(RejectReason.QUOTA_EXCEEDED);
        assertThat(refused.metadata()).containsEntry("limit", "2").containsEntry("actual", "3");
        two.done(new Command.CloseSession(first));
        assertThat(two.open("c").id()).isEqualTo(3);
    }

    @Test
    void onlyTheOwnerOfAnOpenSessionClosesIt() {
        SessionKey session = store.open("a").key();
        SessionKey wrong = new SessionKey(session.id(), new byte[32]);

        assertThat(store.refused(new Command.CloseSession(wrong)).reason())
                .isEqualTo(RejectReason.SESSION_SECRET_WRONG);
        assertThat(store.refused(new Command.CloseSession(key(99))).reason()).isEqualTo(RejectReason.SESSION_NOT_FOUND);
        assertThat(store.state.view().revision()).isEqualTo(1);
        store.done(new Command.CloseSession(session));
        assertThat(store.refused(new Command.CloseSession(session)).reason()).isEqualTo(RejectReason.SESSION_EXPIRED);
        assertThat(store.refused(new Command.CloseSession(wrong)).reason()).isEqualTo(RejectReason.SESSION_EXPIRED);
    }

    @Test
    void aClosedSessionTakesAllWithItAtOneRevisionAndGrantsToTheNext() {
        SessionKey session = store.open("a").key();
        SessionKey other = store.open("b").key();
        store.done(create("/group", ZnodeKind.CONTAINER));
        store.done(ephemeral("/group/x", session));
        store.done(ephemeral("/group/y", session));
        store.done(ephemeral("/other", other));
        store.done(exclusive("/lock", session, "h"));
        store.done(exclusive("/lock", other, "h"));
        store.done(exclusive("/second", other, "h"));
        store.done(exclusive("/second", session, "h"));
        long before = store.state.view().revision();

        CommandResult result = store.done(new Command.CloseSession(session));

        assertThat(result).isEqualTo(new CommandResult.SessionEnded(2, before + 1));
        assertThat(store.changes).hasSize(1);
        assertThat(store.changes.get(0).changes())
                .extracting(change -> change.cause() + " " + change.path())
                .containsExactly("SESSION_CLOSED /group/x", "SESSION_CLOSED /group/y", "CONTAINER /group");
        assertThat(store.changes.get(0).changes()).allMatch(change -> change instanceof TreeChange.Deleted);
        assertThat(store.coordination())
                .containsExactly("closed 1", "RELEASED /lock 1/h", "GRANTED /lock 2/h", "LEFT /second 1/h");
        assertThat(store.find("/group")).isNull();
        assertThat(store.find("/other")).isNotNull();
        assertThat(store.state.sessions().find(session.id())).isNull();
        assertThat(store.state.sessions().count()).isEqualTo(1);
        assertThat(store.state.sessions().ephemeralCount()).isEqualTo(1);
        assertThat(store.state.sessions().locks(session.id())).isEmpty();
        assertThat(store.state.locks().waiterCount()).isZero();
    }

    @Test
    void anExpiryCountsOnlyInTheTermOfItsLeader() {
        SessionKey session = store.open("a").key();
        store.done(ephemeral("/e", session));
        store.term = 3;

        assertThat(store.done(new Command.ExpireSession(1, 2))).isEqualTo(new CommandResult.Done(2));
        assertThat(store.done(new Command.ExpireSession(1, 4))).isEqualTo(new CommandResult.Done(2));
        assertThat(store.changes).isEmpty();
        assertThat(store.find("/e")).isNotNull();
        assertThat(store.done(new Command.ExpireSession(1, 3))).isEqualTo(new CommandResult.SessionEnded(1, 3));
        assertThat(store.changes.get(0).changes())
                .extracting(TreeChange::cause)
                .containsExactly(ChangeCause.SESSION_EXPIRED);
        assertThat(store.coordination()).containsExactly("expired 1");
        assertThat(store.done(new Command.ExpireSession(1, 3)))
                .as("once more, as a leader may propose it")
                .isEqualTo(new CommandResult.Done(3));
        assertThat(store.done(new Command.ExpireSession(77, 3))).isEqualTo(new CommandResult.Done(3));
    }

    @Test
    void nothingSucceedsWithASessionThatEnded() {
        SessionKey session = store.open("a").key();
        long token = java.util.Objects.requireNonNull(
                        store.acquired(exclusive("/l", session, "h")).entry())
                .token();
        store.done(new Command.ExpireSession(session.id(), 1));
        long revision = store.state.view().revision();
        List<Command> late = List.of(
                ephemeral("/e", session),
                exclusive("/l", session, "h"),
                StateFixture.campaign("/x", session, "c", value(1)),
                release("/l", session, "h", token),
                release("/l", session, "h", 0),
                new Command.Proclaim(ZnodePath.parse("/l"), session, "h", token, value(1)),
                new Command.CloseSession(session),
                new Command.Guarded(List.of(new Guard.SessionOpen(session)), create("/g")),
                StateFixture.transact(ephemeral("/e", session)));

        for (Command command : late) {
            assertThat(store.refused(command).reason()).as("%s", command).isEqualTo(RejectReason.SESSION_EXPIRED);
        }
        Command guarded = new Command.Guarded(List.of(new Guard.LockHeld(ZnodePath.parse("/l"), token)), create("/g"));
        assertThat(store.refused(guarded).reason()).isEqualTo(RejectReason.LOCK_NOT_HELD);
        assertThat(store.state.view().revision()).isEqualTo(revision);
    }

    @Test
    void secretsAreInNoText() {
        Session session = store.open("a");
        String secret = java.util.Arrays.toString(session.secret());

        assertThat(session.toString()).doesNotContain("secret").doesNotContain(secret);
        assertThat(session.key().toString()).isEqualTo("SessionKey[id=1]");
        assertThat(new CommandResult.SessionOpened(session, 1).toString()).doesNotContain("secret");
    }

    @Test
    void aSessionCommandIsNoOperationOfATransaction() {
        Rejection refused = store.refused(StateFixture.transact(createSession("a")));

        assertThat(refused.reason()).isEqualTo(RejectReason.ARGUMENT_INVALID);
        assertThat(store.state.sessions().count()).isZero();
    }
}
