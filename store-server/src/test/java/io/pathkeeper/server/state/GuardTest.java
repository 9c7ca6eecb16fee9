package io.pathkeeper.server.state;

import static io.pathkeeper.server.state.StateFixture.create;
import static io.pathkeeper.server.state.StateFixture.exclusive;
import static io.pathkeeper.server.state.StateFixture.release;
import static io.pathkeeper.server.state.StateFixture.transact;
import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GuardTest {
    private final StateFixture store = new StateFixture();
    private final SessionKey session = store.open("me").key();

    private long lock(String holder) {
        return Objects.requireNonNull(
                        store.acquired(exclusive("/l", session, holder)).entry())
                .token();
    }

    private static Command guarded(Command command, Guard... guards) {
        return new Command.Guarded(List.of(guards), command);
    }

    private static Guard held(long token) {
        return new Guard.LockHeld(ZnodePath.parse("/l"), token);
    }

    @Test
    void aWriteIsDoneWhileAllGuardsHold() {
        long token = lock("a");

        store.done(guarded(create("/x"), new Guard.SessionOpen(session), held(token)));
        store.done(guarded(transact(create("/y"), create("/z")), held(token)));
        store.done(guarded(create("/w")));

        assertThat(store.state.view().znodeCount()).isEqualTo(5);
    }

    @Test
    void aTokenThatIsOverOrWrongStopsTheWrite() {
        long first = lock("a");
        lock("b");
        store.done(release("/l", session, "a", first));
        long revision = store.state.view().revision();

        for (long token : new long[] {first, 0, -1, revision + 1, Long.MAX_VALUE}) {
            assertThat(store.refused(guarded(create("/x"), held(token))).reason())
                    .as("token %d", token)
                    .isEqualTo(RejectReason.LOCK_NOT_HELD);
        }
        Guard elsewhere = new Guard.LockHeld(ZnodePath.parse("/nobody"), revision);
        assertThat(store.refused(guarded(create("/x"), elsewhere)).reason()).isEqualTo(RejectReason.LOCK_NOT_HELD);
        assertThat(store.state.view().revision()).isEqualTo(revision);
        store.done(guarded(create("/x"), held(revision)));
    }

    @Test
    void aSessionThatIsNotOpenOrNotOnesOwnStopsTheWrite() {
        SessionKey wrong = new SessionKey(session.id(), new byte[32]);
        assertThat(store.refused(guarded(create("/x"), new Guard.SessionOpen(wrong)))
                        .reason())
                .isEqualTo(RejectReason.SESSION_SECRET_WRONG);
        assertThat(store.refused(guarded(create("/x"), new Guard.SessionOpen(StateFixture.key(5))))
                        .reason())
                .isEqualTo(RejectReason.SESSION_NOT_FOUND);
        store.done(new Command.CloseSession(session));
        assertThat(store.refused(guarded(create("/x"), new Guard.SessionOpen(session)))
                        .reason())
                .isEqualTo(RejectReason.SESSION_EXPIRED);
        assertThat(store.find("/x")).isNull();
    }

    @Test
    void guardsStandAroundWritesOnly() {
        List<Command> others = List.of(
                guarded(create("/x")),
                new Command.Tick(1),
                new Command.CloseSession(session),
                exclusive("/l", session, "a"),
                new Command.Read(ZnodePath.parse("/")),
                new Command.CheckDigest(0, 0));
        for (Command command : others) {
            assertThat(store.refused(guarded(command)).reason()).isEqualTo(RejectReason.ARGUMENT_INVALID);
        }
        assertThat(store.refused(transact(guarded(create("/x")))).reason()).isEqualTo(RejectReason.ARGUMENT_INVALID);
        List<Guard> many = Collections.nCopies(129, new Guard.SessionOpen(session));
        assertThat(store.refused(new Command.Guarded(many, create("/x"))).reason())
                .isEqualTo(RejectReason.ARGUMENT_INVALID);
        assertThat(store.state.view().revision()).isEqualTo(1);
    }

    @Test
    void aRepeatIsAnsweredWithItsFirstResultAndNotAppliedAgain() {
        long token = lock("a");
        RequestId id = new RequestId("client", 1, 0);
        Command command = guarded(create("/x"), held(token));
        CommandResult first = store.apply(command, id);
        store.done(release("/l", session, "a", token));
        store.done(StateFixture.delete("/x"));

        assertThat(store.apply(command, id)).isSameAs(first);
        assertThat(store.find("/x")).isNull();
    }
}
