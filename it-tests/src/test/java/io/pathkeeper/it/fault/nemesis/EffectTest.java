package io.pathkeeper.it.fault.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.it.fault.cluster.MemberState;
import io.pathkeeper.it.fault.cluster.Network;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Nemeses whose effect was taken away, or whose promise was not kept. */
class EffectTest {
    private static final String LOG = """
            12:00:01 INFO Snapshots - loaded a snapshot file=snapshot.3_90 revision=7
            12:00:02 ERROR Snapshots - a snapshot cannot be read file=/data/sm/snapshot.3_400 problem="/data/sm/snapshot.3_400: it ends"
            12:00:03 INFO Snapshots - wrote a snapshot index=800
            12:00:04 INFO Snapshots - loaded a snapshot file=snapshot.4_1200 revision=8
            """;

    /** Something between servers that has hindered so much. */
    private record Counted(long hindered) implements Network {
        @Override
        public String name() {
            return "counted";
        }

        @Override
        public Place place(int server) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<String> placed(int server, List<String> command) {
            return command;
        }

        @Override
        public void started(int server, long pid) {}

        @Override
        public void cutOneWay(int from, int to) {}

        @Override
        public Optional<String> whyNoDelay() {
            return Optional.empty();
        }

        @Override
        public void delay(int server, Duration delay) {}

        @Override
        public Optional<String> whyNoLoss() {
            return Optional.empty();
        }

        @Override
        public void lose(int server, double share) {}

        @Override
        public void heal() {}

        @Override
        public void close() {}
    }

    @Test
    void aCutThatNothingWantedToPassIsNoFault() {
        NetworkFault none = new NetworkFault("nothing goes from s1 to s2", new Counted(0));
        none.end();
        NetworkFault some = new NetworkFault("nothing goes from s1 to s2", new Counted(12));
        some.end();

        assertThat(none.tookEffect()).isFalse();
        assertThat(some.tookEffect()).isTrue();
        assertThat(some.outcome()).isEqualTo("hindered: 12");
    }

    @Test
    void aTransferThatWasAnsweredWellHasToBeOne() throws InterruptedException {
        MemberState old = new MemberState("s1", 4, 0, 0, 0, 0, 0, true);
        MemberState sameTerm = new MemberState("s2", 4, 0, 0, 0, 0, 0, true);
        MemberState done = new MemberState("s2", 5, 0, 0, 0, 0, 0, true);

        assertThat(Transfer.leads("s2", 4, () -> Optional.of(old), Duration.ZERO))
                .singleElement()
                .asString()
                .contains("s2 was answered well, but it does not lead: [MemberState[leader=s1, term=4");
        assertThat(Transfer.leads("s2", 4, () -> Optional.of(sameTerm), Duration.ZERO))
                .hasSize(1);
        assertThat(Transfer.leads("s2", 4, Optional::empty, Duration.ZERO)).hasSize(1);
        assertThat(Transfer.leads("s2", 4, () -> Optional.of(done), Duration.ZERO))
                .isEmpty();
    }

    @Test
    void writesStopForOneChangeOfTheLeaderAndNoMore() {
        assertThat(steady("", "", "").problems()).isEmpty();
        assertThat(steady("", "NO_QUORUM", "UNAVAILABLE", "", "").problems()).isEmpty();

        assertThat(steady("", "NOSPACE", "", "NOSPACE", "").problems())
                .containsExactly("writes through servers with space are not steady: 3 done, 2 times not: {NOSPACE=2}");
        assertThat(steady("", "", "DEADLINE_EXCEEDED").problems()).hasSize(1);
        assertThat(steady("NO_QUORUM").problems()).hasSize(1);
        assertThat(steady().problems()).hasSize(1);
    }

    private static SteadyWrites steady(String... answers) {
        SteadyWrites writes = new SteadyWrites();
        List.of(answers).forEach(writes::answered);
        return writes;
    }

    @Test
    void aDamagedSnapshotThatIsLoadedIsFound() {
        List<String> loaded = SnapshotLog.loaded(LOG);

        assertThat(loaded).containsExactly("snapshot.3_90", "snapshot.4_1200");
        assertThat(Damage.taken("s3", "snapshot.3_90", loaded))
                .containsExactly("s3 has loaded snapshot.3_90, which is damaged");
        assertThat(Damage.taken("s3", "snapshot.3_400", loaded)).isEmpty();
        assertThat(Damage.taken("s3", "", loaded)).isEmpty();
    }
}
