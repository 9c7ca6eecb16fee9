package io.pathkeeper.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.server.metrics.RaftMeters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/** The rounds against servers whose answers the test gives by hand. */
class LeadershipRoundsTest {
    private final FakeServer local = new FakeServer();
    private final LeadershipRounds rounds = new LeadershipRounds(local, 1_000, RaftMeters.NONE);
    private final List<String> log = new ArrayList<>();

    private void confirm(String who) {
        rounds.confirm(index -> log.add(who + " " + index), () -> log.add(who + " failed"));
    }

    @Test
    void confirmsWhenMajorityStillHasTheTerm() {
        confirm("a");
        assertThat(log).isEmpty();
        local.answer("s2", 7);
        assertThat(log).containsExactly("a 100");
    }

    @Test
    void doesNotConfirmWhenAnotherTermWasSeen() {
        confirm("a");
        local.answer("s2", 8);
        assertThat(log).isEmpty();
        local.answer("s3", 8);
        assertThat(log).containsExactly("a failed");
    }

    @Test
    void doesNotCountServersThatHaveNotHeardOfTheLeader() {
        confirm("a");
        local.answer("s2", 6);
        local.answer("s3", 6);
        assertThat(log).containsExactly("a failed");
    }

    @Test
    void asksAnewForThoseWhoCameDuringARound() {
        confirm("a");
        local.commit = 200;
        confirm("b");
        confirm("c");
        assertThat(local.questions).hasSize(2);
        local.answer("s3", 7);
        assertThat(log).containsExactly("a 100");
        assertThat(rounds.rounds()).isEqualTo(2);
        local.answer("s2", 7);
        local.answer("s2", 7);
        assertThat(log).containsExactly("a 100", "b 200", "c 200");
    }

    @Test
    void failsWhenNobodyAnswersInTime() {
        confirm("a");
        rounds.expire(System.nanoTime());
        rounds.expire(System.nanoTime() + 1_000_000_000);
        assertThat(log).containsExactly("a failed");
        local.answer("s2", 7);
        assertThat(log).containsExactly("a failed");
    }

    @Test
    void failsAtOnceWhenThisServerDoesNotLead() {
        local.ready = 0;
        confirm("a");
        assertThat(log).containsExactly("a failed");
        assertThat(local.questions).isEmpty();
    }

    @Test
    void needsBothMajoritiesWhileTheMembershipChanges() {
        local.voters = List.of(Set.of("s1", "s2", "s3"), Set.of("s1", "s4", "s5"));
        confirm("a");
        local.answer("s2", 7);
        assertThat(log).isEmpty();
        local.answer("s4", 7);
        assertThat(log).containsExactly("a 100");
    }

    @Test
    void aLoneServerIsItsOwnMajority() {
        local.voters = List.of(Set.of("s1"));
        confirm("a");
        assertThat(log).containsExactly("a 100");
    }

    @Test
    void failsWhenNoMajorityCanAnswerAnyMore() {
        confirm("a");
        local.fail("s2");
        assertThat(log).isEmpty();
        local.fail("s3");
        assertThat(log).containsExactly("a failed");
    }

    /** Keeps the questions until the test answers them. */
    private static final class FakeServer implements LeadershipRounds.Local {
        private final List<String> questions = new ArrayList<>();
        private final Map<String, List<LongConsumer>> answers = new HashMap<>();
        private final Map<String, List<Runnable>> failures = new HashMap<>();
        private List<Set<String>> voters = List.of(Set.of("s1", "s2", "s3"));
        private long ready = 7;
        private long commit = 100;

        @Override
        public long readyTerm() {
            return ready;
        }

        @Override
        public long commitIndex() {
            return commit;
        }

        @Override
        public String memberId() {
            return "s1";
        }

        @Override
        public List<Set<String>> voterSets() {
            return voters;
        }

        @Override
        public void askTerm(String member, LongConsumer answer, Runnable failed) {
            questions.add(member);
            answers.computeIfAbsent(member, key -> new ArrayList<>()).add(answer);
            failures.computeIfAbsent(member, key -> new ArrayList<>()).add(failed);
        }

        void answer(String member, long term) {
            failures.get(member).remove(0);
            answers.get(member).remove(0).accept(term);
        }

        void fail(String member) {
            answers.get(member).remove(0);
            failures.get(member).remove(0).run();
        }
    }
}
