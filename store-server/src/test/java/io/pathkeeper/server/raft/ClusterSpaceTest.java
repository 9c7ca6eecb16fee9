package io.pathkeeper.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.server.disk.SpaceLevel;
import io.pathkeeper.server.raft.RatisProposer.Route;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the leader s1 makes of its own disk and of what the others report. */
class ClusterSpaceTest {
    private static final List<Set<String>> THREE = List.of(Set.of("s1", "s2", "s3"));
    private static final long LATER = ClusterSpace.FRESH_NANOS + 1;
    private static final Route FOLLOWER = new Route(Route.Kind.FOLLOWER, 7, "s2");

    private final FakeSpace own = new FakeSpace();
    private final ClusterSpace space = new ClusterSpace("s1", own);

    private SpaceRefusal judge(SpaceLevel first, SpaceLevel second, SpaceLevel third) {
        space.judge(7, THREE, 0);
        own.set(first);
        space.reported("s2", second, LATER);
        space.reported("s3", third, LATER);
        return space.judge(7, THREE, LATER);
    }

    @Test
    void oneServerWithLittleSpaceCostsNothing() {
        assertThat(judge(SpaceLevel.ENOUGH, SpaceLevel.ENOUGH, SpaceLevel.LOW)).isEqualTo(SpaceRefusal.NONE);
        assertThat(judge(SpaceLevel.ENOUGH, SpaceLevel.FULL, SpaceLevel.ENOUGH)).isEqualTo(SpaceRefusal.NONE);
        assertThat(judge(SpaceLevel.LOW, SpaceLevel.ENOUGH, SpaceLevel.ENOUGH)).isEqualTo(SpaceRefusal.NONE);
    }

    @Test
    void aMajorityWithLittleSpaceRefusesGrowth() {
        assertThat(judge(SpaceLevel.ENOUGH, SpaceLevel.LOW, SpaceLevel.LOW)).isEqualTo(SpaceRefusal.GROWTH);
        assertThat(judge(SpaceLevel.LOW, SpaceLevel.ENOUGH, SpaceLevel.FULL)).isEqualTo(SpaceRefusal.GROWTH);
        assertThat(judge(SpaceLevel.LOW, SpaceLevel.LOW, SpaceLevel.LOW)).isEqualTo(SpaceRefusal.GROWTH);
    }

    @Test
    void aFullMajorityRefusesAll() {
        assertThat(judge(SpaceLevel.ENOUGH, SpaceLevel.FULL, SpaceLevel.FULL)).isEqualTo(SpaceRefusal.ALL);
        assertThat(judge(SpaceLevel.FULL, SpaceLevel.FULL, SpaceLevel.ENOUGH)).isEqualTo(SpaceRefusal.ALL);
        assertThat(judge(SpaceLevel.ENOUGH, SpaceLevel.ENOUGH, SpaceLevel.ENOUGH))
                .isEqualTo(SpaceRefusal.NONE);
    }

    /** What came waits for the next leader, which has space; but not for ever. */
    @Test
    void aFullLeaderRefusesNothingAsLongAsItMayHandOver() {
        assertThat(judge(SpaceLevel.FULL, SpaceLevel.ENOUGH, SpaceLevel.LOW)).isEqualTo(SpaceRefusal.GROWTH);
        assertThat(judge(SpaceLevel.FULL, SpaceLevel.ENOUGH, SpaceLevel.ENOUGH)).isEqualTo(SpaceRefusal.NONE);
        long end = LATER + ClusterSpace.HAND_OVER_NANOS;
        space.reported("s2", SpaceLevel.ENOUGH, end);
        space.reported("s3", SpaceLevel.ENOUGH, end);
        assertThat(space.judge(7, THREE, end)).isEqualTo(SpaceRefusal.NONE);
        assertThat(space.judge(7, THREE, end + 1)).as("nobody takes over").isEqualTo(SpaceRefusal.ALL);

        own.set(SpaceLevel.ENOUGH);
        assertThat(space.judge(7, THREE, end + 2)).isEqualTo(SpaceRefusal.NONE);
        own.set(SpaceLevel.FULL);
        assertThat(space.judge(7, THREE, end + 3)).as("full anew").isEqualTo(SpaceRefusal.NONE);
    }

    @Test
    void aFullLeaderThatCannotHandOverRefusesAll() {
        assertThat(judge(SpaceLevel.FULL, SpaceLevel.LOW, SpaceLevel.LOW)).isEqualTo(SpaceRefusal.ALL);
        space.reported("s2", SpaceLevel.ENOUGH, LATER);
        assertThat(space.judge(7, THREE, LATER)).isNotEqualTo(SpaceRefusal.ALL);
        assertThat(space.judge(7, THREE, 3 * LATER)).as("heard of long ago").isEqualTo(SpaceRefusal.ALL);
    }

    @Test
    void silentServersStoreNothingButAreNoReasonByThemselves() {
        space.judge(7, THREE, 0);
        assertThat(space.judge(7, THREE, LATER)).isEqualTo(SpaceRefusal.NONE);
        space.reported("s2", SpaceLevel.LOW, LATER);
        assertThat(space.judge(7, THREE, LATER)).isEqualTo(SpaceRefusal.GROWTH);
        assertThat(space.judge(7, THREE, 3 * LATER)).as("heard of long ago").isEqualTo(SpaceRefusal.NONE);
    }

    @Test
    void bothMajoritiesCountWhileTheMembershipChanges() {
        List<Set<String>> both = List.of(Set.of("s1", "s2", "s3"), Set.of("s1", "s4", "s5"));
        space.judge(7, both, 0);
        for (String well : List.of("s2", "s3")) {
            space.reported(well, SpaceLevel.ENOUGH, LATER);
        }
        for (String low : List.of("s4", "s5")) {
            space.reported(low, SpaceLevel.LOW, LATER);
        }
        assertThat(space.judge(7, both, LATER)).isEqualTo(SpaceRefusal.GROWTH);
    }

    @Test
    void aServerAloneJudgesItself() {
        List<Set<String>> alone = List.of(Set.of("s1"));
        assertThat(space.judge(1, alone, 0)).isEqualTo(SpaceRefusal.NONE);
        own.set(SpaceLevel.LOW);
        assertThat(space.judge(1, alone, 1)).isEqualTo(SpaceRefusal.GROWTH);
        own.set(SpaceLevel.FULL);
        assertThat(space.judge(1, alone, 2)).isEqualTo(SpaceRefusal.ALL);
        assertThat(space.refusesNothing()).isFalse();
        own.set(SpaceLevel.ENOUGH);
        assertThat(space.judge(1, alone, 3)).isEqualTo(SpaceRefusal.NONE);
        assertThat(space.refusesNothing()).isTrue();
    }

    @Test
    void aFollowerRefusesWhatItsLeaderTellsForAWhile() {
        assertThat(space.now(FOLLOWER, 0)).isEqualTo(SpaceRefusal.NONE);
        assertThat(space.refusesNothing()).isTrue();
        space.told(SpaceRefusal.GROWTH, 10);
        assertThat(space.refusesNothing()).isFalse();
        assertThat(space.now(FOLLOWER, 20)).isEqualTo(SpaceRefusal.GROWTH);
        assertThat(space.now(FOLLOWER, 20 + LATER)).isEqualTo(SpaceRefusal.NONE);
    }

    @Test
    void aNewLeaderGoesOnWithWhatTheOneBeforeRefusedUntilItKnowsBetter() {
        Route leader = new Route(Route.Kind.LEADER, 8, "");
        space.told(SpaceRefusal.GROWTH, 10);
        assertThat(space.now(leader, 20)).as("before it has judged").isEqualTo(SpaceRefusal.GROWTH);
        assertThat(space.judge(8, THREE, 20)).isEqualTo(SpaceRefusal.GROWTH);
        space.reported("s2", SpaceLevel.ENOUGH, 30);
        assertThat(space.judge(8, THREE, 30)).isEqualTo(SpaceRefusal.GROWTH);
        space.reported("s3", SpaceLevel.ENOUGH, 40);
        assertThat(space.judge(8, THREE, 40)).isEqualTo(SpaceRefusal.NONE);
        assertThat(space.now(leader, 50)).isEqualTo(SpaceRefusal.NONE);
    }

    @Test
    void aLeaderThatWasDeposedGoesOnRefusingUntilItIsTold() {
        assertThat(judge(SpaceLevel.ENOUGH, SpaceLevel.LOW, SpaceLevel.LOW)).isEqualTo(SpaceRefusal.GROWTH);
        space.judge(0, List.of(), LATER + 1);
        assertThat(space.now(FOLLOWER, LATER + 2)).isEqualTo(SpaceRefusal.GROWTH);
        space.told(SpaceRefusal.NONE, LATER + 3);
        assertThat(space.now(FOLLOWER, LATER + 4)).isEqualTo(SpaceRefusal.NONE);
    }

    /** It may still be asking the others, and tells them in the same question. */
    @Test
    void aLeaderThatWasDeposedAndKnowsNoOtherTellsNobodyThatAllIsWell() {
        Route none = new Route(Route.Kind.NONE, 7, "");
        assertThat(judge(SpaceLevel.ENOUGH, SpaceLevel.LOW, SpaceLevel.LOW)).isEqualTo(SpaceRefusal.GROWTH);
        assertThat(space.now(none, LATER + 1)).isEqualTo(SpaceRefusal.GROWTH);
        space.judge(0, List.of(), LATER + 1);
        assertThat(space.now(none, LATER + 2)).isEqualTo(SpaceRefusal.GROWTH);
        assertThat(space.now(none, 3 * LATER)).as("told long ago").isEqualTo(SpaceRefusal.NONE);
    }

    @Test
    void leadershipMovesOnlyWhereAMajorityCanStoreItsFirstEntry() {
        judge(SpaceLevel.FULL, SpaceLevel.ENOUGH, SpaceLevel.LOW);
        assertThat(space.canChangeLeader(THREE, LATER)).isTrue();
        assertThat(space.isWell("s2", LATER)).isTrue();
        assertThat(space.isWell("s3", LATER)).isFalse();
        judge(SpaceLevel.FULL, SpaceLevel.ENOUGH, SpaceLevel.FULL);
        assertThat(space.canChangeLeader(THREE, LATER)).isFalse();
    }
}
