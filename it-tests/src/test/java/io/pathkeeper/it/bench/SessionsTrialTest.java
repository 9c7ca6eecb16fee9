package io.pathkeeper.it.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.jute.BinaryOutputArchive;
import org.apache.zookeeper.proto.ConnectRequest;
import org.apache.zookeeper.proto.ConnectResponse;
import org.apache.zookeeper.proto.ReplyHeader;
import org.apache.zookeeper.proto.RequestHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SessionsTrialTest {
    @Test
    void everybodyHasATurnInEachInterval() {
        Turns turns = new Turns(4, 1_000, 500);
        List<Integer> handedOut = new ArrayList<>();
        for (long now = 500; now <= 1_750; now += 125) {
            handedOut.add(turns.next(now));
        }

        assertThat(handedOut).containsExactly(0, -1, 1, -1, 2, -1, 3, -1, 0, -1, 1);
        assertThat(turns.next(10_000)).isEqualTo(2); // late: those that were due follow at once
        assertThat(turns.next(10_000)).isEqualTo(3);
    }

    @Test
    void sessionsAreOpenedKeptAliveAndOver() throws Exception {
        FakeCrowd crowd = new FakeCrowd();
        FakeStore store = new FakeStore() {
            @Override
            public SessionCrowd sessions(Duration timeout, int connections, int perMessage) {
                crowd.told.add(timeout.toSeconds() + " s, " + connections + ", " + perMessage);
                return crowd;
            }
        };

        Map<Figure, Double> figures =
                new SessionsTrial(100, Duration.ofSeconds(3), 12, 7, Duration.ZERO).run(store, System.err);

        assertThat(crowd.told).containsExactly("3 s, 12, 7", "open 100", "silence", "close");
        assertThat(figures)
                .containsKeys(SessionsTrial.OPENED, SessionsTrial.PER_OPENING, SessionsTrial.PER_RENEWAL)
                .containsEntry(SessionsTrial.LOST, 2.0);
        assertThat(figures.get(SessionsTrial.RENEWED)).isBetween(1.0, 100.0); // 100 in a third of the timeout or more
        assertThat(figures.get(SessionsTrial.FIRST_OVER)).isPositive();
        assertThat(figures.get(SessionsTrial.ALL_OVER)).isGreaterThan(figures.get(SessionsTrial.FIRST_OVER));
    }

    @Test
    void theBytesAreThoseOfZooKeepersOwnClasses() throws Exception {
        ConnectRequest connect = new ConnectRequest(0, 0, 30_000, 0, new byte[16], false);
        assertThat(ZooKeeperWire.connect(30_000).array()).isEqualTo(framed(archive -> connect.serialize(archive, "")));
        assertThat(ZooKeeperWire.ping().array())
                .isEqualTo(framed(archive -> new RequestHeader(-2, 11).serialize(archive, "")));

        ByteBuffer granted = ByteBuffer.wrap(
                framed(archive -> new ConnectResponse(0, 12_000, 5, new byte[16], false).serialize(archive, "")));
        assertThat(ZooKeeperWire.nextLength(granted)).isEqualTo(granted.remaining() - 4);
        assertThat(ZooKeeperWire.grantedMillis(granted.position(4))).isEqualTo(12_000);
        ByteBuffer pong = ByteBuffer.wrap(framed(archive -> new ReplyHeader(-2, 1, 0).serialize(archive, "")));
        assertThat(ZooKeeperWire.isPing(pong.position(4))).isTrue();
        assertThat(ZooKeeperWire.nextLength(ByteBuffer.allocate(3))).isEqualTo(-1);
    }

    private interface Written {
        void to(BinaryOutputArchive archive) throws Exception;
    }

    private static byte[] framed(Written written) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        written.to(BinaryOutputArchive.getArchive(bytes));
        return ByteBuffer.allocate(4 + bytes.size())
                .putInt(bytes.size())
                .put(bytes.toByteArray())
                .array();
    }

    /** 100 renewals in all, two losses; the sessions go in two parts. */
    private static final class FakeCrowd implements SessionCrowd {
        private final List<String> told = new ArrayList<>();
        private long renewed;
        private int alive;

        @Override
        public void open(int count) {
            told.add("open " + count);
            alive = count;
        }

        @Override
        public long renewedCount() {
            renewed += 100;
            return renewed;
        }

        @Override
        public long lostCount() {
            return 2;
        }

        @Override
        public String firstLoss() {
            return "gone";
        }

        @Override
        public void silence() {
            told.add("silence");
        }

        @Override
        public int aliveCount() {
            int now = alive;
            alive = told.contains("silence") ? alive - 50 : alive;
            return now;
        }

        @Override
        public void close() {
            told.add("close");
        }
    }
}
