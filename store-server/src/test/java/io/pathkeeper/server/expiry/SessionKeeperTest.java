package io.pathkeeper.server.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.server.coordination.CoordinationChange.Kind;
import io.pathkeeper.server.coordination.CoordinationChange.LockChanged;
import io.pathkeeper.server.coordination.LockEntry;
import io.pathkeeper.server.coordination.LockMode;
import io.pathkeeper.server.store.StoreFailure.Outcome;
import io.pathkeeper.server.tree.ZnodePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The keeper of the sessions' time on a clock that the test moves. */
@Timeout(30)
class SessionKeeperTest {
    private final KeeperFixture fixture = new KeeperFixture();
    private final SessionKeeper keeper = fixture.keeper;

    @Test
    void neverExpiresBeforeTheTimeoutBehindATouchAndSoonAfterwards() {
        keeper.leaderReady(1);
        long id = fixture.open(10_000);
        for (int i = 0; i < 20; i++) {
            fixture.pass(9_900);
            assertThat(fixture.touch(id)).isTrue();
        }
        fixture.pass(9_950);
        assertThat(fixture.expired).isEmpty();

        fixture.pass(2_050);

        assertThat(fixture.expired).containsExactly(id);
    }

    @Test
    void tellsHowLateTheLatestOfSeveralRenewalsIs() {
        keeper.leaderReady(1);
        long early = fixture.open(9_000);
        fixture.pass(2_900);
        assertThat(fixture.touch(early)).isTrue();
        long late = fixture.open(9_000);
        fixture.pass(4_200);

        keeper.touch(new long[] {early, late});
        keeper.touch(new long[] {4_711});

        assertThat(fixture.lags).containsExactly(0L, 1_200L);
    }

    @Test
    void sessionsAreEndingFromTheirMarkToTheirEnd() {
        keeper.leaderReady(1);
        fixture.majority = null;
        fixture.applies = false;
        fixture.open(1_000);
        fixture.open(1_000);
        fixture.open(60_000);
        assertThat(keeper.endingCount()).isZero();

        fixture.pass(1_000);
        assertThat(keeper.endingCount()).isEqualTo(2);
        fixture.answerConfirmation(true);
        assertThat(keeper.endingCount()).isEqualTo(2);
        fixture.applyProposal();
        assertThat(keeper.endingCount()).isEqualTo(1);
        fixture.applyProposal();

        assertThat(keeper.endingCount()).isZero();
    }

    @Test
    void endsTenThousandSessionsOfOneMomentWithinTwoSeconds() {
        keeper.leaderReady(1);
        for (int i = 0; i < 10_000; i++) {
            fixture.open(5_000);
        }
        fixture.pass(5_000 - KeeperFixture.TICK_MILLIS);
        assertThat(fixture.expired).isEmpty();

        fixture.pass(2_000);

        assertThat(fixture.expired).hasSize(10_000);
        assertThat(keeper.size()).isZero();
    }

    @Test
    void newLeaderGivesEverySessionItsWholeTimeAndAtLeastTwoElections() {
        long quick = fixture.open(1_000);
        long slow = fixture.open(10_000);
        fixture.pass(60_000);
        assertThat(fixture.expired).isEmpty();

        keeper.leaderReady(2);

        fixture.pass(1_950);
        assertThat(fixture.expired).isEmpty();
        fixture.pass(100);
        assertThat(fixture.expired).containsExactly(quick);
        fixture.pass(7_900);
        assertThat(fixture.expired).containsExactly(quick);
        fixture.pass(200);
        assertThat(fixture.expired).containsExactly(quick, slow);
    }

    @Test
    void aDeposedLeaderEndsNobodyAndTouchesNobody() {
        keeper.leaderReady(1);
        long id = fixture.open(1_000);

        keeper.notLeader();

        fixture.pass(60_000);
        assertThat(fixture.touch(id)).isFalse();
        assertThat(fixture.expired).isEmpty();
    }

    @Test
    void aLateTickEndsNobodyAndMovesEveryDeadlineOn() {
        keeper.leaderReady(1);
        long id = fixture.open(2_000);
        fixture.pass(1_000);

        fixture.standStill(30_000);
        fixture.tick();

        fixture.pass(950);
        assertThat(fixture.expired).isEmpty();
        assertThat(fixture.touch(id)).isTrue();
        fixture.pass(2_100);
        assertThat(fixture.expired).containsExactly(id);
    }

    @Test
    void withoutAMajorityNobodyIsEndedHoweverLongAndTheTimeIsGivenBack() {
        keeper.leaderReady(1);
        long id = fixture.open(2_000);
        fixture.pass(1_000);
        fixture.majority = false;
        fixture.pass(120_000);
        assertThat(fixture.expired).isEmpty();

        fixture.majority = true;
        fixture.pass(KeeperFixture.TICK_MILLIS);
        assertThat(fixture.expired).isEmpty();
        assertThat(fixture.touch(id)).isTrue();
        fixture.pass(1_950);
        assertThat(fixture.expired).isEmpty();
        fixture.pass(150);
        assertThat(fixture.expired).containsExactly(id);
    }

    @Test
    void aConfirmationThatComesLateEndsNobody() {
        keeper.leaderReady(1);
        long id = fixture.open(1_000);
        fixture.majority = null;
        fixture.pass(1_050);
        assertThat(fixture.waitingConfirmations()).isEqualTo(1);
        fixture.pass(1_000);

        fixture.answerConfirmation(true);

        assertThat(fixture.expired).isEmpty();
        assertThat(fixture.touch(id)).isTrue();
    }

    @Test
    void aConfirmationInAnotherTermEndsNobody() {
        keeper.leaderReady(1);
        long id = fixture.open(1_000);
        fixture.majority = null;
        fixture.pass(1_050);
        keeper.notLeader();
        keeper.leaderReady(3);

        fixture.answerConfirmation(true);

        assertThat(fixture.expired).isEmpty();
        assertThat(fixture.touch(id)).isTrue();
    }

    @Test
    void aSessionThatIsAboutToEndIsNotRenewed() {
        keeper.leaderReady(1);
        long id = fixture.open(1_000);
        fixture.majority = null;
        fixture.applies = false;
        fixture.pass(1_050);
        assertThat(fixture.touch(id)).isFalse();
        fixture.answerConfirmation(true);
        assertThat(fixture.waitingProposals()).isEqualTo(1);
        assertThat(fixture.touch(id)).isFalse();

        fixture.applyProposal();

        assertThat(fixture.expired).containsExactly(id);
        assertThat(fixture.touch(id)).isFalse();
    }

    @Test
    void aSessionWhoseEndWasCertainlyNotAppliedCanBeRenewedAgain() {
        keeper.leaderReady(1);
        long id = fixture.open(1_000);
        fixture.applies = false;
        fixture.pass(1_050);
        assertThat(fixture.touch(id)).isFalse();

        fixture.failProposal(Outcome.NOT_APPLIED);

        assertThat(fixture.touch(id)).isTrue();
        fixture.pass(950);
        assertThat(fixture.waitingProposals()).isZero();
        fixture.pass(150);
        assertThat(fixture.waitingProposals()).isEqualTo(1);
    }

    @Test
    void aSessionWhoseEndMayStillComeIsRenewedOnlyInAnotherTerm() {
        keeper.leaderReady(1);
        long id = fixture.open(1_000);
        fixture.applies = false;
        fixture.pass(1_050);

        fixture.failProposal(Outcome.UNKNOWN);

        fixture.pass(10_000);
        assertThat(fixture.touch(id)).isFalse();
        keeper.notLeader();
        keeper.leaderReady(2);
        assertThat(fixture.touch(id)).isTrue();
    }

    @Test
    void whatASessionAsksForKeepsItAlive() {
        keeper.leaderReady(1);
        long asks = fixture.open(2_000);
        long isGranted = fixture.open(2_000);
        fixture.pass(1_500);

        keeper.heard(new long[] {asks, asks, 77});
        fixture.changed(lock(Kind.GRANTED, isGranted, 99));

        fixture.pass(550);
        assertThat(fixture.expired).containsExactly(isGranted);
        fixture.pass(1_500);
        assertThat(fixture.expired).containsExactly(isGranted, asks);
    }

    @Test
    void whatADeposedLeaderHearsCountsForNobody() {
        keeper.leaderReady(1);
        long id = fixture.open(1_000);
        keeper.notLeader();

        keeper.heard(new long[] {id});

        assertThat(keeper.size()).isZero();
        fixture.pass(60_000);
        assertThat(fixture.expired).isEmpty();
    }

    @Test
    void whatIsHeardBehindTheProposalOfTheEndCountsOnlyWhenThatWasNotApplied() {
        keeper.leaderReady(1);
        long id = fixture.open(1_000);
        fixture.applies = false;
        fixture.pass(1_050);
        assertThat(fixture.waitingProposals()).isEqualTo(1);

        keeper.heard(new long[] {id});
        assertThat(fixture.touch(id)).isFalse();
        fixture.failProposal(Outcome.NOT_APPLIED);
        keeper.heard(new long[] {id});

        fixture.pass(950);
        assertThat(fixture.waitingProposals()).isZero();
        fixture.pass(150);
        assertThat(fixture.waitingProposals()).isEqualTo(1);
    }

    private static LockChanged lock(Kind kind, long session, long token) {
        LockEntry entry = new LockEntry(session, "", LockMode.EXCLUSIVE, 0, token, 7, 7, 0, "", new byte[0]);
        return new LockChanged(ZnodePath.parse("/lock"), false, kind, entry);
    }

    @Test
    void takesAMarkAwayWhenTheSessionAsksForSomethingBeforeItsEndIsProposed() {
        keeper.leaderReady(1);
        long id = fixture.open(1_000);
        fixture.majority = null;
        fixture.pass(1_050);

        keeper.heard(new long[] {id});
        fixture.answerConfirmation(true);

        assertThat(fixture.expired).isEmpty();
        fixture.pass(900);
        assertThat(fixture.waitingConfirmations()).isZero();
        assertThat(fixture.touch(id)).isTrue();
    }

    @Test
    void touchesOfUnknownSessionsAreRefusedOneByOne() {
        keeper.leaderReady(1);
        long id = fixture.open(1_000);

        assertThat(keeper.touch(new long[] {77, id, 78})).containsExactly(77, 78);
    }

    @Test
    void neverShortensATimeWhateverHappens() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        keeper.leaderReady(1);
        long term = 1;
        List<long[]> sessions = new ArrayList<>(); // id, earliest end, timeout
        long now = 0;
        for (int step = 0; step < 3_000; step++) {
            fixture.majority = random.nextInt(4) > 0;
            switch (random.nextInt(8)) {
                case 0 -> {
                    long timeout = 1_000 + random.nextInt(9_000);
                    sessions.add(new long[] {fixture.open(timeout), now + timeout, timeout});
                }
                case 1 -> {
                    long still = random.nextInt(5_000);
                    fixture.standStill(still);
                    now += still;
                    fixture.tick();
                }
                case 2 -> {
                    if (random.nextInt(10) == 0) {
                        keeper.notLeader();
                        keeper.leaderReady(++term);
                    }
                }
                case 3, 4, 5 -> {
                    for (long[] session : sessions) {
                        if (random.nextInt(3) == 0 && fixture.touch(session[0])) {
                            session[1] = now + session[2];
                        }
                    }
                }
                default -> {
                    fixture.pass(KeeperFixture.TICK_MILLIS);
                    now += KeeperFixture.TICK_MILLIS;
                }
            }
            long at = now;
            sessions.removeIf(session -> {
                boolean over = fixture.expired.contains(session[0]);
                assertThat(over && at < session[1])
                        .as("seed %d: session %d ended at %d, before %d", seed, session[0], at, session[1])
                        .isFalse();
                return over;
            });
        }
        fixture.majority = true;
        fixture.pass(15_000);
        assertThat(keeper.size()).as("seed %d", seed).isZero();
    }

    @Test
    void noClassOfThePackageReadsTheWallClock() throws IOException {
        Path sources = Path.of("src/main/java/io/pathkeeper/server/expiry");
        try (Stream<Path> files = Files.list(sources)) {
            List<Path> all = files.toList();
            assertThat(all).hasSizeGreaterThan(1);
            for (Path file : all) {
                assertThat(Files.readString(file))
                        .doesNotContain("currentTimeMillis", "java.time.Clock", "java.time.Instant", "java.util.Date");
            }
        }
    }
}
