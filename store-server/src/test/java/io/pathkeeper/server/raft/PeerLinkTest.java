package io.pathkeeper.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pathkeeper.server.disk.SpaceLevel;
import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.ClusterAlarms;
import io.pathkeeper.server.store.MembershipChange;
import io.pathkeeper.server.store.StoreUse;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.ratis.thirdparty.io.grpc.Server;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The link between servers, when the other one is away, comes back, or says nothing. */
@Timeout(60)
class PeerLinkTest {
    private static final ClusterAlarms.Standing ALARM =
            new ClusterAlarms.Standing("NOSPACE", "data.dir", "make room", 1_700_000_000_000L);
    private static final Refusal GROWTH = Refusal.of(SpaceRefusal.GROWTH);
    private static final Refusal FULL = Refusal.of(new StoreUse.Full(StoreUse.Kind.DATA_BYTES, 1_000_000), 960_000);
    private static final LongConsumer IGNORED = value -> {};

    private final int port = freePort();
    private final NodeSettings.Peer peer = new NodeSettings.Peer("s2", "127.0.0.1:" + port, "127.0.0.1:1");
    private final NodeSettings settings =
            NodeSettings.of("test", "s1", List.of(peer), Path.of("unused"), "127.0.0.1:0");

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final AtomicInteger broken = new AtomicInteger();
    private final List<SpaceLevel> told = new CopyOnWriteArrayList<>();

    @Test
    void questionsToAServerThatIsAwayFailAndAreAnsweredWhenItIsBack() throws Exception {
        AtomicInteger failed = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        try (PeerLink link = new PeerLink(settings, peer, () -> {}, told::add, broken::incrementAndGet)) {
            for (int i = 0; i < 30; i++) {
                int before = failed.get() + answered.get();
                link.askTerm(GROWTH, value -> answered.incrementAndGet(), failed::incrementAndGet);
                await().atMost(Duration.ofSeconds(10)).until(() -> failed.get() + answered.get() > before);
            }
            assertThat(failed.get()).isEqualTo(30);
            Server server = NettyServerBuilder.forPort(port)
                    .addService(new PeerService(settings, new FixedTerm(7, refused)).definition())
                    .build()
                    .start();
            try {
                await().atMost(Duration.ofSeconds(20)).until(() -> {
                    link.askTerm(GROWTH, value -> answered.addAndGet((int) value), () -> {});
                    link.askTerm(FULL, IGNORED, () -> {});
                    return answered.get() > 0;
                });
                assertThat(answered.get() % 7).isZero();
                assertThat(told).isNotEmpty().containsOnly(SpaceLevel.LOW);
                assertThat(refused)
                        .contains("s1 GROWTH null", "s1 GROWTH " + FULL.full())
                        .allMatch(one -> one.equals("s1 GROWTH null") || one.equals("s1 GROWTH " + FULL.full()));
            } finally {
                server.shutdownNow();
            }
        }
    }

    @Test
    void questionsToASilentServerFailInTime() throws Exception {
        try (ServerSocket silent = new ServerSocket(port, 10, InetAddress.getLoopbackAddress());
                PeerLink link = new PeerLink(settings, peer, () -> {}, told::add, broken::incrementAndGet)) {
            assertThat(silent.isBound()).isTrue();
            AtomicInteger failed = new AtomicInteger();
            link.askTerm(GROWTH, IGNORED, failed::incrementAndGet);
            link.expire(System.nanoTime(), 1_000_000_000);
            assertThat(failed.get()).isZero();
            link.expire(System.nanoTime() + 2_000_000_000L, 1_000_000_000);
            assertThat(failed.get()).isEqualTo(1);
        }
    }

    @Test
    void alarmsOfTheOtherServerAreToldToThoseWhoAskForThem() throws Exception {
        Server server = NettyServerBuilder.forPort(port)
                .addService(new PeerService(settings, new FixedTerm(7, refused)).definition())
                .build()
                .start();
        AtomicInteger failed = new AtomicInteger();
        List<ClusterAlarms.Standing> alarms = new CopyOnWriteArrayList<>();
        try (PeerLink link = new PeerLink(settings, peer, () -> {}, told::add, broken::incrementAndGet)) {
            link.askAlarms(alarms::addAll, failed::incrementAndGet);
            await().atMost(Duration.ofSeconds(20)).until(() -> !alarms.isEmpty());
            assertThat(alarms).containsExactly(ALARM);
            assertThat(failed).hasValue(0);
        } finally {
            server.shutdownNow();
        }
    }

    @Test
    void whatAServerSaysOfItsStateIsHeard() throws Exception {
        Server server = NettyServerBuilder.forPort(port)
                .addService(new PeerService(settings, new FixedTerm(7, refused)).definition())
                .build()
                .start();
        AtomicInteger heard = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        try (PeerLink link = new PeerLink(settings, peer, () -> {}, told::add, broken::incrementAndGet)) {
            link.tellDigest(DigestWord.DIVERGED, heard::incrementAndGet, failed::incrementAndGet);
            link.tellDigest(DigestWord.EQUAL, heard::incrementAndGet, failed::incrementAndGet);
            await().atMost(Duration.ofSeconds(20)).until(() -> heard.get() == 2);
            assertThat(refused).containsExactly("s1 DIVERGED", "s1 EQUAL");
            assertThat(failed).hasValue(0);
        } finally {
            server.shutdownNow();
        }
        assertThat(DigestWord.of(3)).isEqualTo(DigestWord.NONE);
        assertThat(DigestWord.of(-1)).isEqualTo(DigestWord.NONE);
    }

    @Test
    void theLossOfALeaderIsToldAndTheEndOfALinkThatWasInUseNoticed() throws Exception {
        LostLeader.Report lost = new LostLeader.Report(4, 4, 17);
        try (PeerLink link = new PeerLink(settings, peer, () -> {}, told::add, broken::incrementAndGet)) {
            link.keep();
            AtomicInteger failed = new AtomicInteger();
            link.askTerm(GROWTH, IGNORED, failed::incrementAndGet);
            await().atMost(Duration.ofSeconds(20)).until(() -> failed.get() == 1);
            assertThat(broken).as("a link that was never answered on").hasValue(0);
            Server server = NettyServerBuilder.forPort(port)
                    .addService(new PeerService(settings, new FixedTerm(7, refused)).definition())
                    .build()
                    .start();
            try {
                await().atMost(Duration.ofSeconds(20)).until(() -> {
                    link.tellLost(lost);
                    return refused.contains("s1 " + lost);
                });
                AtomicInteger answered = new AtomicInteger();
                link.tellDigest(DigestWord.EQUAL, answered::incrementAndGet, answered::incrementAndGet);
                await().atMost(Duration.ofSeconds(20)).until(() -> answered.get() == 1);
                assertThat(broken).hasValue(0);
            } finally {
                server.shutdownNow();
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> broken.get() == 1);
        }
    }

    @Test
    void aLinkThatThisServerClosesIsNotBroken() throws Exception {
        Server server = NettyServerBuilder.forPort(port)
                .addService(new PeerService(settings, new FixedTerm(7, refused)).definition())
                .build()
                .start();
        AtomicInteger heard = new AtomicInteger();
        try {
            PeerLink link = new PeerLink(settings, peer, heard::incrementAndGet, told::add, broken::incrementAndGet);
            link.tellDigest(DigestWord.EQUAL, heard::incrementAndGet, () -> {});
            await().atMost(Duration.ofSeconds(20)).until(() -> heard.get() == 1);
            link.close();
            await().atMost(Duration.ofSeconds(20)).until(() -> heard.get() == 2);
            assertThat(broken).hasValue(0);
        } finally {
            server.shutdownNow();
        }
    }

    @Test
    void aLeaderHearsWhetherSomebodyWaitsForItsCommits() throws Exception {
        Server server = NettyServerBuilder.forPort(port)
                .addService(new PeerService(settings, new FixedTerm(7, refused)).definition())
                .build()
                .start();
        AtomicInteger answered = new AtomicInteger();
        try (PeerLink link = new PeerLink(settings, peer, () -> {}, told::add, broken::incrementAndGet)) {
            link.askReadIndex(true, IGNORED, answered::incrementAndGet);
            link.askReadIndex(false, IGNORED, answered::incrementAndGet);
            link.askReadIndex(true, IGNORED, answered::incrementAndGet);
            await().atMost(Duration.ofSeconds(20)).until(() -> answered.get() == 3);
            assertThat(refused).containsExactly("heard from s1");
        } finally {
            server.shutdownNow();
        }
    }

    @Test
    void anAnswerOfAnOlderServerHasNoAlarmsRatherThanNone() throws Exception {
        PeerProbe.Answer.Known self = new PeerProbe.Answer.Known("s2", 42, true, 7, 11);
        assertThat(alarms(PeerFrames.itIs(1, self))).isNull();
        assertThat(alarms(PeerFrames.itIs(1, self, List.of()))).isEmpty();
        assertThat(alarms(PeerFrames.itIs(1, self, List.of(ALARM, ALARM)))).containsExactly(ALARM, ALARM);
    }

    @Test
    void anOlderServerRefusesGrowthWhenTheStoreIsFullAndOlderLeadersTellOfDisksAlone() throws Exception {
        ByteSource full = term(PeerFrames.term(1, FULL));
        assertThat(SpaceRefusal.of(PeerFrames.readAddition(full))).isEqualTo(SpaceRefusal.GROWTH);
        assertThat(PeerFrames.readFull(full)).isEqualTo(FULL.full());
        ByteSource older = term(PeerFrames.numbers(PeerFrames.TERM, 1, SpaceRefusal.ALL.ordinal()));
        assertThat(SpaceRefusal.of(PeerFrames.readAddition(older))).isEqualTo(SpaceRefusal.ALL);
        assertThat(PeerFrames.readFull(older)).isNull();
        ByteSource newer = term(PeerFrames.numbers(PeerFrames.TERM, 1, SpaceRefusal.GROWTH.ordinal(), 17, 5));
        assertThat(SpaceRefusal.of(PeerFrames.readAddition(newer))).isEqualTo(SpaceRefusal.GROWTH);
        assertThat(PeerFrames.readFull(newer)).as("of a kind that is not known").isNull();
    }

    private static ByteSource term(byte[] frame) throws CorruptBytesException {
        ByteSource source = new ByteSource(frame);
        assertThat(source.getByte()).isEqualTo((byte) PeerFrames.TERM);
        assertThat(source.getVarint()).isOne();
        return source;
    }

    private static @Nullable List<ClusterAlarms.Standing> alarms(byte[] frame) throws CorruptBytesException {
        ByteSource source = new ByteSource(frame);
        source.getByte();
        source.getVarint();
        PeerFrames.readWho(source);
        return PeerFrames.readAlarms(source);
    }

    /** Answers every question for the term. */
    private record FixedTerm(long currentTerm, List<String> refused) implements PeerService.Local {
        @Override
        public SpaceLevel space() {
            return SpaceLevel.LOW;
        }

        @Override
        public void leaderRefuses(String memberId, SpaceRefusal refusal, StoreUse.@Nullable Full full) {
            refused.add(memberId + " " + refusal + " " + full);
        }

        @Override
        public void digestTold(String memberId, DigestWord word) {
            refused.add(memberId + " " + word);
        }

        @Override
        public void leaderLost(String memberId, LostLeader.Report report) {
            refused.add(memberId + " " + report);
        }

        @Override
        public boolean leads(long term) {
            return false;
        }

        @Override
        public ForwardedBatches forwarded() {
            return new ForwardedBatches();
        }

        @Override
        public void signal() {}

        @Override
        public void heardFrom(String memberId) {
            refused.add("heard from " + memberId);
        }

        @Override
        public PeerProbe.Answer.Known who() {
            return new PeerProbe.Answer.Known("s2", 42, true, 7, 11);
        }

        @Override
        public List<ClusterAlarms.Standing> alarms() {
            return List.of(ALARM);
        }

        @Override
        public void changeHere(MembershipChange change, long millis, Consumer<ChangeEnd> end) {
            end.accept(
                    change.memberId().equals("s9")
                            ? new ChangeEnd.Rejected(Rejection.of(
                                    RejectReason.MEMBER_NOT_FOUND, "there is no member s9", "member_id", "s9"))
                            : new ChangeEnd.Elsewhere());
        }

        @Override
        public long[] touch(long[] sessions) {
            return sessions;
        }

        @Override
        public void confirmLeadership(LongConsumer index, Runnable failed) {
            failed.run();
        }
    }
}
