package io.pathkeeper.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.server.encoding.ByteSink;
import io.pathkeeper.server.encoding.CorruptBytesException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What keeps commands in order and known: batches under way, batches of others, marks, the entry's format. */
class BatchBookkeepingTest {
    private static SentBatch batch(long term, long first, int count) {
        return new SentBatch(term, first, new Pending[count], 0, new byte[0]);
    }

    private static ForwardedBatches.Batch forwarded(long origin, long first, int count) {
        return new ForwardedBatches.Batch(origin, first, count, new byte[] {1});
    }

    @Test
    void takesBatchesInOrderAndTellsWhichWereSkipped() {
        InFlight inFlight = new InFlight();
        inFlight.add(batch(1, 1, 2));
        inFlight.add(batch(1, 3, 1));
        inFlight.add(batch(1, 4, 5));
        List<SentBatch> skipped = new ArrayList<>();
        assertThat(inFlight.take(4, skipped)).isNotNull();
        assertThat(skipped).extracting(SentBatch::firstSequence).containsExactly(1L, 3L);
        assertThat(inFlight.take(2, skipped)).isNull();
    }

    @Test
    void onlyBatchesOfOlderTermsAreLost() {
        InFlight inFlight = new InFlight();
        inFlight.add(batch(3, 1, 1));
        inFlight.add(batch(4, 2, 1));
        assertThat(inFlight.takeLost(3)).isEmpty();
        assertThat(inFlight.takeLost(4)).extracting(SentBatch::term).containsExactly(3L);
        assertThat(inFlight.size()).isEqualTo(1);
    }

    @Test
    void forwardedBatchesHaveNoGapAndNoRepeat() {
        ForwardedBatches batches = new ForwardedBatches();
        assertThat(batches.nextSequence(9, 2)).isEqualTo(ForwardedBatches.NOTHING);
        assertThat(batches.offer(2, forwarded(9, 5, 3))).isTrue();
        assertThat(batches.nextSequence(9, 2)).isEqualTo(8);
        assertThat(batches.offer(2, forwarded(9, 5, 3)))
                .as("a repeat is dropped")
                .isTrue();
        assertThat(batches.offer(2, forwarded(9, 9, 1))).as("a gap is refused").isFalse();
        assertThat(batches.offer(2, forwarded(9, 8, 1))).isTrue();
        assertThat(batches.peek(2)).isEqualTo(forwardedEqual(batches, 5));
        batches.removeFirst();
        batches.removeFirst();
        assertThat(batches.isEmpty()).isTrue();
        assertThat(batches.dropped()).isEqualTo(2);
    }

    private static ForwardedBatches.Batch forwardedEqual(ForwardedBatches batches, long first) {
        ForwardedBatches.Batch head = batches.peek(2);
        assertThat(head).isNotNull();
        assertThat(head.firstSequence()).isEqualTo(first);
        return head;
    }

    @Test
    void forwardedBatchesOfAnOlderTermAreDropped() {
        ForwardedBatches batches = new ForwardedBatches();
        batches.offer(2, forwarded(9, 1, 1));
        assertThat(batches.peek(3)).isNull();
        batches.offer(2, forwarded(9, 2, 1));
        assertThat(batches.peek(3)).isNull();
        assertThat(batches.dropped()).isEqualTo(2);
        assertThat(batches.nextSequence(9, 3)).isEqualTo(ForwardedBatches.NOTHING);
    }

    @Test
    void entryGivesBackWhatWasPutIn() throws Exception {
        ByteSink sink = new ByteSink(16);
        EntryCodec.putHeader(sink, 5, 1_000, 2_000);
        ByteSink commands = new ByteSink(16);
        for (int i = 1; i <= 3; i++) {
            commands.putVarint(i);
            commands.putRaw(new byte[i], 0, i);
        }
        EntryCodec.putSegment(sink, -7, 42, 3, commands.toByteArray());
        EntryCodec.Reader reader = new EntryCodec.Reader(sink.toByteArray());
        assertThat(reader.term()).isEqualTo(5);
        assertThat(reader.wallMillis()).isEqualTo(1_000);
        assertThat(reader.clusterMillis()).isEqualTo(2_000);
        assertThat(reader.nextSegment()).isTrue();
        assertThat(reader.origin()).isEqualTo(-7);
        assertThat(reader.firstSequence()).isEqualTo(42);
        List<Integer> lengths = new ArrayList<>();
        while (reader.nextCommand()) {
            lengths.add(reader.commandLength());
        }
        assertThat(lengths).containsExactly(1, 2, 3);
        assertThat(reader.nextSegment()).isFalse();
    }

    @Test
    void damagedEntriesAreRefusedAndNothingElse() {
        ByteSink sink = new ByteSink(16);
        EntryCodec.putHeader(sink, 5, 1_000, 2_000);
        EntryCodec.putSegment(sink, 1, 1, 2, new byte[] {1, 0, 1, 0});
        byte[] good = sink.toByteArray();
        long seed = Long.getLong("seed", 20_261_122L);
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bad = java.util.Arrays.copyOf(good, 1 + random.nextInt(good.length));
            bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            try {
                EntryCodec.Reader reader = new EntryCodec.Reader(bad);
                while (reader.nextSegment()) {
                    while (reader.nextCommand()) {
                        assertThat(reader.commandOffset() + reader.commandLength())
                                .isLessThanOrEqualTo(bad.length);
                    }
                }
            } catch (CorruptBytesException e) {
                refused++;
            }
        }
        assertThat(refused).as("seed %d", seed).isGreaterThan(1_000);
    }
}
