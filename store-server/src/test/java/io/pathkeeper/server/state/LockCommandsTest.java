package io.pathkeeper.server.state;

import static io.pathkeeper.server.state.StateFixture.acquire;
import static io.pathkeeper.server.state.StateFixture.campaign;
import static io.pathkeeper.server.state.StateFixture.delayed;
import static io.pathkeeper.server.state.StateFixture.exclusive;
import static io.pathkeeper.server.state.StateFixture.permits;
import static io.pathkeeper.server.state.StateFixture.release;
import static io.pathkeeper.server.state.StateFixture.shared;
import static io.pathkeeper.server.state.StateFixture.tried;
import static io.pathkeeper.server.state.StateFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.server.coordination.CallId;
import io.pathkeeper.server.coordination.LockEntry;
import io.pathkeeper.server.coordination.LockMode;
import io.pathkeeper.server.coordination.LockState;
import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.Value;
import io.pathkeeper.server.value.ValueEncoding;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LockCommandsTest {
    private static final String L = "/locks/l";

    private final StateFixture store = new StateFixture();
    private final SessionKey a = store.open("a").key();
    private final SessionKey b = store.open("b").key();
    private final SessionKey c = store.open("c").key();

    private long token(Command.Acquire acquire) {
        return Objects.requireNonNull(store.acquired(acquire).entry()).token();
    }

    private @Nullable LockState lock() {
        return store.state.locks().find(ZnodePath.parse(L));
    }

    private List<String> holders() {
        LockState lock = lock();
        return lock == null
                ? List.of()
                : lock.holders().stream().map(LockEntry::holderId).toList();
    }

    private List<String> waiters() {
        LockState lock = lock();
        return lock == null
                ? List.of()
                : lock.waiters().stream().map(LockEntry::holderId).toList();
    }

    @Test
    void servesInTheOrderOfComingWithRisingTokens() {
        long first = token(exclusive(L, a, "1"));
        CommandResult.Acquired second = store.acquired(exclusive(L, b, "2"));
        CommandResult.Acquired third = store.acquired(exclusive(L, c, "3"));

        assertThat(first).isEqualTo(store.state.view().revision() - 2);
        assertThat(Objects.requireNonNull(second.entry()).token()).isZero();
        assertThat(second.position()).isZero();
        assertThat(second.holders()).extracting(LockEntry::holderId).containsExactly("1");
        assertThat(third.position()).isEqualTo(1);
        assertThat(store.coordination()).containsExactly("QUEUED " + L + " 3/3");

        store.done(release(L, a, "1", first));
        assertThat(store.coordination()).containsExactly("RELEASED " + L + " 1/1", "GRANTED " + L + " 2/2");
        assertThat(holders()).containsExactly("2");
        assertThat(waiters()).containsExactly("3");
        long next = Objects.requireNonNull(lock()).holders().get(0).token();
        assertThat(next).isGreaterThan(first).isEqualTo(store.state.view().revision());
        store.done(release(L, b, "2", next));
        store.done(release(L, c, "3", 0));
        assertThat(lock()).isNull();
        assertThat(store.state.locks().count()).isZero();
        assertThat(store.state.sessions().lockCount(c.id())).isZero();
    }

    @Test
    void theSameHolderAskingAgainChangesNothing() {
        CommandResult.Acquired held = store.acquired(exclusive(L, a, "1"));
        CommandResult.Acquired queued = store.acquired(exclusive(L, b, "2"));
        long revision = store.state.view().revision();

        assertThat(store.acquired(exclusive(L, a, "1")).entry()).isEqualTo(held.entry());
        CommandResult.Acquired again = store.acquired(tried(exclusive(L, b, "2")));
        assertThat(again.entry()).isEqualTo(queued.entry());
        assertThat(again.position()).isZero();
        assertThat(store.state.view().revision()).isEqualTo(revision);
        assertThat(store.acquired(exclusive(L, a, "2")).position())
                .as("another holder of the session waits behind its own lock")
                .isEqualTo(1);
    }

    /** The first call's server stood still: its wish is carried out behind that of the second one, and then it takes back what it has. */
    @Test
    void anEarlierAttemptThatIsCarriedOutLateTakesNothingBack() {
        ZnodePath path = ZnodePath.parse(L);
        long grant = token(exclusive(L, a, "1").by(CallId.of(8, 5)));
        store.done(exclusive(L, b, "2").by(CallId.of(8, 6)));
        RevisionDigest digest = store.state.digest();

        assertThat(token(exclusive(L, a, "1").by(CallId.of(7, 9)))).isEqualTo(grant);
        store.done(exclusive(L, b, "2").by(CallId.of(7, 10)));
        for (Command.Release late : List.of(
                new Command.Release(path, false, a, "1", 0, CallId.of(7, 9)),
                new Command.Release(path, false, b, "2", 0, CallId.of(7, 10)))) {
            assertThat(store.refused(late).reason()).isEqualTo(RejectReason.LOCK_NOT_HELD);
        }
        assertThat(store.state.digest()).isEqualTo(digest);
        assertThat(holders()).containsExactly("1");
        assertThat(waiters()).containsExactly("2");

        store.done(new Command.Release(path, false, b, "2", 0, CallId.of(8, 6)));
        token(exclusive(L, a, "1").by(CallId.of(0, 3))); // one that tells no number counts as the last
        store.done(new Command.Release(path, false, a, "1", 0, CallId.of(0, 3)));
        assertThat(lock()).isNull();
    }

    @Test
    void numbersOfCallsAreInTheOrderOfTheirAttempts() {
        long most = CallId.MAX_ATTEMPT;
        assertThat(CallId.isBefore(CallId.of(1, -1), CallId.of(2, 0))).isTrue();
        assertThat(CallId.isBefore(CallId.of(most - 1, -1), CallId.of(most, 0))).isTrue();
        assertThat(CallId.isBefore(CallId.of(most, 0), CallId.of(most - 1, -1))).isFalse();
        assertThat(CallId.isBefore(CallId.of(2, 1), CallId.of(2, 2))).isFalse();
        assertThat(CallId.isBefore(CallId.of(0, 1), CallId.of(2, 2))).isFalse();
        assertThat(CallId.isBefore(CallId.of(2, 1), CallId.of(0, 2))).isFalse();
        assertThat(CallId.of(0, 0)).isNotZero();
        assertThat(CallId.of(2, 1)).isNotEqualTo(CallId.of(2, 2));
    }

    @Test
    void aCallTakesBackOnlyWhatNoOtherCallAskedForSince() {
        ZnodePath path = ZnodePath.parse(L);
        long first = token(exclusive(L, a, "1").by(11));
        store.done(exclusive(L, b, "2").by(21));
        long revision = store.state.view().revision();
        RevisionDigest digest = store.state.digest();

        assertThat(token(exclusive(L, a, "1").by(12))).isEqualTo(first);
        store.done(exclusive(L, b, "2").by(22));
        assertThat(store.state.view().revision()).isEqualTo(revision);
        assertThat(store.state.digest()).isEqualTo(digest);

        assertThat(store.refused(new Command.Release(path, false, a, "1", 0, 11))
                        .reason())
                .isEqualTo(RejectReason.LOCK_NOT_HELD);
        assertThat(store.refused(new Command.Release(path, false, b, "2", 0, 21))
                        .reason())
                .isEqualTo(RejectReason.LOCK_NOT_HELD);
        assertThat(holders()).containsExactly("1");
        assertThat(waiters()).containsExactly("2");

        store.done(new Command.Release(path, false, b, "2", 0, 22));
        store.done(new Command.Release(path, false, a, "1", 0, 12));
        assertThat(lock()).isNull();
    }

    @Test
    void aPathIsUsedInOneWayAtATime() {
        store.done(exclusive(L, a, "1"));
        long revision = store.state.view().revision();
        List<Command> others = List.of(
                shared(L, a, "1"),
                permits(L, b, "2", 1, 3),
                campaign(L, b, "2", value(1)),
                new Command.Release(ZnodePath.parse(L), true, a, "1", 0),
                new Command.Proclaim(ZnodePath.parse(L), a, "1", revision, value(1)));
        for (Command command : others) {
            assertThat(store.refused(command).reason()).as("%s", command).isEqualTo(RejectReason.LOCK_MODE_MISMATCH);
        }
        assertThat(store.state.view().revision()).isEqualTo(revision);

        store.done(release(L, a, "1", 0));
        store.done(permits(L, a, "1", 2, 3));
        assertThat(store.refused(permits(L, b, "2", 1, 4)).reason()).isEqualTo(RejectReason.LOCK_MODE_MISMATCH);
        assertThat(store.refused(permits(L, a, "1", 1, 3)).reason()).isEqualTo(RejectReason.LOCK_MODE_MISMATCH);
        assertThat(store.refused(exclusive(L, b, "2")).reason()).isEqualTo(RejectReason.LOCK_MODE_MISMATCH);
        store.done(release(L, a, "1", 0));
        store.done(campaign(L, a, "1", value(1)));
        assertThat(store.refused(exclusive(L, b, "2")).reason()).isEqualTo(RejectReason.LOCK_MODE_MISMATCH);
    }

    @Test
    void sharersDoNotOvertakeAWriterThatWaits() {
        store.done(shared(L, a, "r1"));
        store.done(shared(L, b, "r2"));
        store.done(exclusive(L, c, "w"));
        store.done(shared(L, a, "r3"));
        store.done(shared(L, b, "r4"));
        assertThat(holders()).containsExactly("r1", "r2");
        assertThat(waiters()).containsExactly("w", "r3", "r4");

        store.done(release(L, c, "w", 0));
        assertThat(store.coordination())
                .containsExactly("LEFT " + L + " 3/w", "GRANTED " + L + " 1/r3", "GRANTED " + L + " 2/r4");
        assertThat(holders()).containsExactly("r1", "r2", "r3", "r4");
    }

    @Test
    void permitsAreNeverMoreThanThereAreAndALargeWishBlocksSmallOnesBehindIt() {
        store.done(permits(L, a, "1", 2, 4));
        store.done(permits(L, b, "2", 1, 4));
        store.done(permits(L, c, "big", 3, 4));
        store.done(permits(L, a, "small", 1, 4));
        assertThat(holders()).containsExactly("1", "2");
        assertThat(waiters()).containsExactly("big", "small");

        store.done(release(L, b, "2", 0));
        assertThat(holders()).containsExactly("1");
        store.done(release(L, a, "1", 0));
        assertThat(holders()).containsExactly("big", "small");
    }

    @Test
    void aTryIsGrantedAtOnceOrLeavesNothing() {
        CommandResult.Acquired free = store.acquired(tried(exclusive(L, a, "1")));
        assertThat(free.entry()).isNotNull();
        long revision = store.state.view().revision();

        CommandResult.Acquired taken = store.acquired(tried(exclusive(L, b, "2")));
        assertThat(taken.entry()).isNull();
        assertThat(taken.holders()).containsExactly(free.entry());
        assertThat(taken.revision()).isEqualTo(revision);
        assertThat(store.state.view().revision()).isEqualTo(revision);
        assertThat(store.state.sessions().lockCount(b.id())).isZero();

        store.done(release(L, a, "1", 0));
        store.done(shared(L, a, "1"));
        store.done(exclusive(L, b, "2"));
        assertThat(store.acquired(tried(shared(L, c, "3"))).entry())
                .as("a try does not overtake")
                .isNull();
    }

    @Test
    void onlyWhatOneHasCanBeReleased() {
        long token = token(exclusive(L, a, "1"));
        store.done(exclusive(L, b, "2"));
        long revision = store.state.view().revision();
        List<Command> wrong = List.of(
                release(L, a, "1", token + 1),
                release(L, a, "other", token),
                release(L, b, "1", token),
                release(L, b, "2", token),
                release(L, c, "3", 0),
                release("/nobody", a, "1", 0),
                release("/nobody", a, "1", token));

        for (Command command : wrong) {
            Rejection refused = store.refused(command);
            assertThat(refused.reason()).as("%s", command).isEqualTo(RejectReason.LOCK_NOT_HELD);
            assertThat(refused.metadata()).containsKeys("path", "token");
        }
        assertThat(store.refused(release(L, new SessionKey(a.id(), new byte[32]), "1", token))
                        .reason())
                .isEqualTo(RejectReason.SESSION_SECRET_WRONG);
        assertThat(store.state.view().revision()).isEqualTo(revision);
        assertThat(holders()).containsExactly("1");
    }

    @Test
    void aLeaderProclaimsAndResigns() {
        CommandResult.Acquired first = store.acquired(campaign(L, a, "1", value(1)));
        long term = Objects.requireNonNull(first.entry()).token();
        store.done(campaign(L, b, "2", value(2)));
        assertThat(store.acquired(campaign(L, a, "1", value(9))).entry())
                .as("a second campaign")
                .isEqualTo(first.entry());

        store.done(new Command.Proclaim(ZnodePath.parse(L), a, "1", term, value(3)));
        assertThat(store.coordination()).containsExactly("PROCLAIMED " + L + " 1/1");
        LockEntry leader = Objects.requireNonNull(lock()).holders().get(0);
        assertThat(leader.value()).isEqualTo(value(3));
        assertThat(leader.token()).isEqualTo(term);
        assertThat(leader.modifiedRevision()).isEqualTo(store.state.view().revision());

        List<Command> wrong = List.of(
                new Command.Proclaim(ZnodePath.parse(L), a, "1", term + 1, value(4)),
                new Command.Proclaim(ZnodePath.parse(L), a, "2", term, value(4)),
                new Command.Proclaim(ZnodePath.parse(L), b, "2", 0, value(4)),
                new Command.Proclaim(ZnodePath.parse("/none"), b, "2", 0, value(4)));
        for (Command command : wrong) {
            assertThat(store.refused(command).reason()).as("%s", command).isEqualTo(RejectReason.LOCK_NOT_HELD);
        }
        store.done(new Command.Release(ZnodePath.parse(L), true, a, "1", term));
        assertThat(holders()).containsExactly("2");
        assertThat(store.refused(new Command.Proclaim(ZnodePath.parse(L), a, "1", term, value(5)))
                        .reason())
                .isEqualTo(RejectReason.LOCK_NOT_HELD);
    }

    @Test
    void theDelayHoldsTheNextGrantBackAfterAnExpiryOnly() {
        store.done(delayed(exclusive(L, a, "1"), 5_000));
        store.done(delayed(exclusive(L, b, "2"), 5_000));
        store.done(exclusive(L, c, "3"));
        assertThat(store.state.nextDeadlineMillis()).isEqualTo(Long.MAX_VALUE);

        store.done(new Command.ExpireSession(a.id(), 1));
        assertThat(store.coordination()).containsExactly("expired 1", "RELEASED " + L + " 1/1");
        assertThat(holders()).isEmpty();
        assertThat(store.state.nextDeadlineMillis()).isEqualTo(store.cluster + 5_000);
        store.cluster += 4_999;
        long revision = store.state.view().revision();
        store.done(new Command.Tick(10));
        assertThat(store.state.view().revision()).isEqualTo(revision);
        store.cluster += 1;
        store.done(new Command.Tick(10));
        assertThat(store.coordination()).containsExactly("GRANTED " + L + " 2/2");
        assertThat(store.state.nextDeadlineMillis()).isEqualTo(Long.MAX_VALUE);

        store.done(new Command.CloseSession(b));
        assertThat(store.coordination()).containsExactly("closed 2", "RELEASED " + L + " 2/2", "GRANTED " + L + " 3/3");
    }

    @Test
    void aDelayedLockIsNotTriedAndGoesWhenTheDelayIsOver() {
        store.done(delayed(exclusive(L, a, "1"), 1_000));
        store.done(new Command.ExpireSession(a.id(), 1));
        assertThat(Objects.requireNonNull(lock()).isIdle()).isTrue();

        assertThat(store.acquired(tried(exclusive(L, b, "2"))).entry()).isNull();
        StateFixture restored = store.restored();
        assertThat(restored.state.nextDeadlineMillis()).isEqualTo(store.state.nextDeadlineMillis());
        store.cluster += 1_000;
        store.done(new Command.Tick(0));
        assertThat(lock()).isNotNull();
        store.done(new Command.Tick(1));
        assertThat(lock()).isNull();
        assertThat(store.changes.get(0).coordination()).isEmpty();
        store.done(store.state.digestCheck());
    }

    @Test
    void aGrantThatIsDueNeedsNoTick() {
        store.done(delayed(exclusive(L, a, "1"), 1_000));
        store.done(exclusive(L, b, "2"));
        store.done(new Command.ExpireSession(a.id(), 1));
        store.cluster += 1_000;

        CommandResult.Acquired behind = store.acquired(exclusive(L, c, "3"));
        assertThat(store.coordination()).containsExactly("QUEUED " + L + " 3/3", "GRANTED " + L + " 2/2");
        assertThat(behind.position()).isZero();
        assertThat(behind.holders()).extracting(LockEntry::holderId).containsExactly("2");
        assertThat(store.state.nextDeadlineMillis()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void waitersOfAnEndedSessionAreNeverGranted() {
        store.done(exclusive(L, a, "1"));
        store.done(exclusive(L, a, "1b"));
        store.done(exclusive(L, b, "2"));

        store.done(new Command.ExpireSession(a.id(), 1));

        assertThat(store.coordination())
                .containsExactly("expired 1", "RELEASED " + L + " 1/1", "LEFT " + L + " 1/1b", "GRANTED " + L + " 2/2");
    }

    @Test
    void thereAreLimitsOfWaitersOfLocksOfASessionAndOfAll() {
        StateFixture few =
                new StateFixture(StateLimits.DEFAULT.withCoordination(new StateLimits.Coordination(9, 9, 4, 3, 2, 9)));
        SessionKey one = few.open("one").key();
        SessionKey two = few.open("two").key();
        few.done(exclusive(L, one, "1"));
        few.done(exclusive(L, two, "2"));
        few.done(exclusive(L, one, "3"));

        Rejection waiters = few.refused(exclusive(L, two, "4"));
        assertThat(waiters.reason()).isEqualTo(RejectReason.QUOTA_EXCEEDED);
        assertThat(waiters.metadata()).containsEntry("limit", "2").containsEntry("actual", "3");
        few.done(exclusive("/x", one, "1"));
        assertThat(few.refused(exclusive("/y", one, "1")).message()).contains("session 1");
        assertThat(few.refused(exclusive("/z", two, "1")).metadata()).containsEntry("limit", "4");
        assertThat(few.state.locks().holderCount()).isEqualTo(2);
        assertThat(few.state.locks().waiterCount()).isEqualTo(2);
        assertThat(few.state.sessions().lockCount(one.id())).isEqualTo(3);
    }

    @Test
    void theValuesOfAllElectionsTogetherHaveALimit() {
        StateFixture few = new StateFixture(
                StateLimits.DEFAULT.withCoordination(new StateLimits.Coordination(9, 9, 9, 9, 9, 100)));
        SessionKey one = few.open("one").key();
        byte[] forty = ValueEncoding.encode(new Value.Text("x".repeat(38)));
        byte[] fifty = ValueEncoding.encode(new Value.Text("x".repeat(48)));
        ZnodePath election = ZnodePath.parse("/e1");
        few.done(campaign("/e1", one, "1", forty));
        long term = few.state.view().revision();
        few.done(campaign("/e1", one, "2", forty));

        Rejection candidate = few.refused(campaign("/e2", one, "1", forty));
        assertThat(candidate.reason()).isEqualTo(RejectReason.QUOTA_EXCEEDED);
        assertThat(candidate.metadata())
                .containsEntry("limit", "100")
                .containsEntry("actual", Long.toString(3L * forty.length));
        few.done(new Command.Proclaim(election, one, "1", term, fifty));
        Rejection proclamation = few.refused(new Command.Proclaim(election, one, "1", term, new byte[70]));
        assertThat(proclamation.reason()).isEqualTo(RejectReason.QUOTA_EXCEEDED);
        assertThat(few.restored().refused(campaign("/e2", one, "1", forty))).isEqualTo(candidate(few, one, forty));

        few.done(new Command.Release(election, true, one, "2", 0));
        few.done(campaign("/e2", one, "1", forty));
        few.done(new Command.CloseSession(one));
        assertThat(few.state.locks().valueBytes()).isZero();
    }

    private static Rejection candidate(StateFixture store, SessionKey session, byte[] value) {
        return store.refused(campaign("/e2", session, "1", value));
    }

    @Test
    void refusesWishesThatMakeNoSense() {
        long revision = store.state.view().revision();
        ZnodePath path = ZnodePath.parse(L);
        LockMode exclusive = LockMode.EXCLUSIVE;
        List<Command> bad = List.of(
                exclusive(L, a, "é".repeat(65)),
                delayed(exclusive(L, a, "1"), -1),
                delayed(exclusive(L, a, "1"), 60_001),
                acquire(L, a, "1", exclusive, 1, 0),
                acquire(L, a, "1", exclusive, 0, 1),
                permits(L, a, "1", 0, 3),
                permits(L, a, "1", 4, 3),
                permits(L, a, "1", -1, 3),
                permits(L, a, "1", 1, 0),
                permits(L, a, "1", 1, 1_000_000_001),
                new Command.Acquire(path, false, a, "1", exclusive, 0, 0, 0, "n".repeat(257), new byte[0], true),
                new Command.Acquire(path, false, a, "1", exclusive, 0, 0, 0, "", value(1), true),
                new Command.Acquire(path, true, a, "1", LockMode.SHARED, 0, 0, 0, "", value(1), true),
                campaign(L, a, "1", new byte[0]),
                new Command.Proclaim(path, a, "1", 1, new byte[0]));
        for (Command command : bad) {
            assertThat(store.refused(command).reason()).as("%s", command).isEqualTo(RejectReason.ARGUMENT_INVALID);
        }
        assertThat(store.refused(campaign(L, a, "1", new byte[(64 << 10) + 1])).reason())
                .isEqualTo(RejectReason.VALUE_TOO_LARGE);
        assertThat(store.refused(exclusive("/_sys/l", a, "1")).reason()).isEqualTo(RejectReason.PATH_INVALID);
        assertThat(store.refused(exclusive(L, StateFixture.key(99), "1")).reason())
                .isEqualTo(RejectReason.SESSION_NOT_FOUND);
        assertThat(store.refused(exclusive(L, new SessionKey(a.id(), new byte[0]), "1"))
                        .reason())
                .isEqualTo(RejectReason.SESSION_SECRET_WRONG);
        assertThat(store.state.view().revision()).isEqualTo(revision);
        assertThat(store.state.locks().count()).isZero();
    }

    @Test
    void tellsOfAtMostAHundredHolders() {
        for (int i = 0; i < 150; i++) {
            store.done(shared(L, a, "h" + i));
        }

        assertThat(store.acquired(exclusive(L, b, "w")).holders()).hasSize(100);
        assertThat(store.acquired(tried(exclusive(L, c, "t"))).holders()).hasSize(100);
    }

    @Test
    void listsLocksBelowAPath() {
        for (String path : List.of("/a", "/a/b", "/a-", "/a/b/c", "/b")) {
            store.done(exclusive(path, a, "1"));
        }

        assertThat(listed("/a", null, 10)).containsExactly("/a", "/a/b", "/a/b/c");
        assertThat(listed("/", null, 10)).containsExactly("/a", "/a/b", "/a/b/c", "/a-", "/b");
        assertThat(listed("/a", "/a", 1)).containsExactly("/a/b");
        assertThat(listed("/a", "/a/b/c", 10)).isEmpty();
        assertThat(listed("/c", null, 10)).isEmpty();
        assertThat(store.state.sessions().locks(a.id())).hasSize(5);
    }

    private List<String> listed(String top, @Nullable String after, int limit) {
        return store
                .state
                .locks()
                .within(ZnodePath.parse(top), after == null ? null : ZnodePath.parse(after), limit)
                .stream()
                .map(lock -> lock.path().toString())
                .toList();
    }
}
