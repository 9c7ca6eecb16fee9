package io.pathkeeper.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pathkeeper.server.raft.LostLeader.Following;
import io.pathkeeper.server.raft.LostLeader.Report;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who stands for election when the leader has ended: servers that tell each other at once, without a network. */
@Timeout(60)
class LostLeaderTest {
    private static final long TERM = 5;

    private final Map<String, Fake> servers = new HashMap<>();
    private final List<String> stood = new CopyOnWriteArrayList<>();
    private List<Set<String>> voters = List.of();

    /** One follower. */
    private final class Fake implements LostLeader.Local {
        private final String id;
        private final LostLeader lost = new LostLeader(this);
        private final Set<String> reachable = ConcurrentHashMap.newKeySet();
        private final List<String> told = new CopyOnWriteArrayList<>();
        private volatile @Nullable Following following = new Following("leader", TERM);
        private volatile @Nullable Report last;
        private volatile int looks;

        Fake(String id, @Nullable Report last) {
            this.id = id;
            this.last = last;
        }

        @Override
        public String memberId() {
            return id;
        }

        @Override
        public @Nullable Following following() {
            return following;
        }

        @Override
        public List<Set<String>> voterSets() {
            return voters;
        }

        @Override
        public boolean isReachable(String member) {
            looks++;
            return reachable.contains(member);
        }

        @Override
        public @Nullable Report report(long term) {
            return last;
        }

        @Override
        public void tell(String member, Report report) {
            told.add(member);
            Fake other = servers.get(member);
            if (other != null) {
                other.lost.told(id, report);
            }
        }

        @Override
        public boolean stand(Following leader, Report own) {
            stood.add(id + " for " + leader.leader() + " of " + leader.term());
            return true;
        }
    }

    private static Report at(long index) {
        return new Report(TERM, TERM, index);
    }

    private Fake server(String id, @Nullable Report last) {
        Fake fake = new Fake(id, last);
        servers.put(id, fake);
        Set<String> all = new HashSet<>(servers.keySet());
        all.add("leader");
        voters = List.of(all);
        return fake;
    }

    private void breakLinks(String... ids) {
        for (String id : ids) {
            servers.get(id).lost.linkBroke("leader");
        }
    }

    /** Until none of them looks any more. */
    private void settle() {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().endsWith("-lost-leader")));
    }

    @AfterEach
    void close() {
        servers.values().forEach(server -> server.lost.close());
        settle();
    }

    @Test
    void theFirstOfEqualsStands() {
        server("b", at(7));
        server("a", at(7));
        breakLinks("b", "a");
        settle();
        assertThat(stood).containsExactly("a for leader of 5");
    }

    @Test
    void theOneWithTheNewestEntryStands() {
        server("a", at(7));
        server("b", at(8));
        server("c", at(8));
        server("d", new Report(TERM, TERM - 1, 900));
        breakLinks("a", "b", "c", "d");
        settle();
        assertThat(stood).containsExactly("b for leader of 5");
    }

    @Test
    void oneAloneIsNoMajority() {
        server("a", at(7));
        server("b", at(7));
        breakLinks("a");
        settle();
        assertThat(stood).isEmpty();
        assertThat(servers.get("a").told).containsExactly("b");
    }

    @Test
    void everySetOfVotersHasToAgree() {
        server("a", at(7));
        server("b", at(7));
        voters = List.of(Set.of("leader", "a", "b"), Set.of("leader", "c", "d"));
        breakLinks("a", "b");
        settle();
        assertThat(stood).isEmpty();
    }

    @Test
    void aLeaderThatAcceptsConnectionsIsLeftInPeace() {
        server("a", at(7)).reachable.add("leader");
        server("b", at(7)).reachable.add("leader");
        breakLinks("a", "b");
        settle();
        assertThat(stood).isEmpty();
        assertThat(servers.get("a").told).isEmpty();
        assertThat(servers.get("a").looks).isOne();
    }

    @Test
    void theEndOfAServerThatDoesNotLeadIsNothing() {
        server("a", at(7));
        server("b", at(7)).following = null;
        servers.get("a").lost.linkBroke("b");
        breakLinks("b");
        settle();
        assertThat(servers.get("a").looks).isZero();
        assertThat(servers.get("b").looks).isZero();
    }

    @Test
    void whatWasSaidOfAnotherTermOrByAStrangerDoesNotCount() {
        Fake a = server("a", at(7));
        server("b", at(7));
        a.lost.told("b", new Report(TERM - 1, TERM - 1, 7));
        a.lost.told("stranger", at(7));
        breakLinks("a");
        settle();
        assertThat(stood).isEmpty();
    }

    @Test
    void aServerWithoutAnEntryOfTheTermKeepsQuiet() {
        server("a", null);
        server("b", at(7));
        breakLinks("a", "b");
        settle();
        assertThat(stood).isEmpty();
        assertThat(servers.get("a").told).isEmpty();
    }

    @Test
    void whoFollowsAnotherLeaderMeanwhileDoesNotStand() {
        Fake a = server("a", at(7));
        server("b", at(7));
        a.lost.told("b", at(7));
        a.lost.linkBroke("leader");
        a.following = new Following("b", TERM + 1);
        settle();
        assertThat(stood).isEmpty();
    }

    @Test
    void theSameLossIsLookedAtOnceAtATime() {
        Fake a = server("a", at(7));
        server("b", at(7));
        breakLinks("a", "a", "a");
        settle();
        assertThat(a.looks).isOne();
        breakLinks("a", "b");
        settle();
        assertThat(stood).containsExactly("a for leader of 5");
    }
}
