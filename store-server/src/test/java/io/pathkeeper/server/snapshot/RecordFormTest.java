package io.pathkeeper.server.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.pathkeeper.server.coordination.CoordinationChange;
import io.pathkeeper.server.encoding.ByteSink;
import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.tree.TreeChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RecordFormTest {
    @Test
    void readsBackResultsOfEveryKindInOneBlock() throws CorruptBytesException {
        for (long seed = 0; seed < 500; seed++) {
            List<CommandResult> results = results(seed);
            ByteSource source = new ByteSource(resultBytes(results));
            ResultDecoder decoder = new ResultDecoder(new ZnodeDecoder());
            for (CommandResult expected : results) {
                CommandResult read = decoder.result(source);
                assertThat(read).as("seed %d", seed).usingRecursiveComparison().isEqualTo(expected);
            }
            source.requireEnd();
        }
    }

    @Test
    void readsBackChangesOfEveryKindInOneBlock() throws CorruptBytesException {
        for (long seed = 0; seed < 500; seed++) {
            List<TreeChange> changes = changes(seed);
            ByteSource source = new ByteSource(changeBytes(changes));
            ChangeDecoder decoder = new ChangeDecoder(new ZnodeDecoder());
            for (TreeChange expected : changes) {
                List<TreeChange> read = new ArrayList<>();
                decoder.change(source, read, new ArrayList<>());
                assertThat(read.get(0))
                        .as("seed %d", seed)
                        .usingRecursiveComparison()
                        .isEqualTo(expected);
            }
            source.requireEnd();
        }
    }

    @Test
    void readsBackChangesOfSessionsAndLocksInOneBlock() throws CorruptBytesException {
        for (long seed = 0; seed < 500; seed++) {
            List<CoordinationChange> changes = coordination(seed);
            ByteSource source = new ByteSource(coordinationBytes(changes));
            ChangeDecoder decoder = new ChangeDecoder(new ZnodeDecoder());
            List<CoordinationChange> read = new ArrayList<>();
            for (int i = 0; i < changes.size(); i++) {
                decoder.change(source, new ArrayList<>(), read);
            }
            assertThat(read).as("seed %d", seed).usingRecursiveComparison().isEqualTo(changes);
            source.requireEnd();
        }
    }

    @Test
    void refusesMutatedRecordsOrReadsOtherOnes() {
        Random random = new Random(99);
        int refused = 0;
        for (int i = 0; i < 100_000; i++) {
            long seed = i % 200;
            boolean ofResults = i % 3 == 0;
            byte[] mutant = ofResults
                    ? resultBytes(results(seed))
                    : i % 3 == 1 ? changeBytes(changes(seed)) : coordinationBytes(coordination(seed));
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                mutant[random.nextInt(mutant.length)] = (byte) (random.nextBoolean() ? random.nextInt() : 0xff);
            }
            try {
                readAll(mutant, ofResults);
            } catch (CorruptBytesException e) {
                refused++;
            } catch (RuntimeException e) {
                fail("mutation " + i + " of seed 99: " + Arrays.toString(mutant), e);
            }
        }
        assertThat(refused).isGreaterThan(30_000);
    }

    @Test
    void refusesTransactionResultInsideAnother() {
        CommandResult inner = new CommandResult.Transacted(true, List.of(), 1);
        byte[] bytes = resultBytes(List.of(new CommandResult.Transacted(true, List.of(inner), 1)));
        assertThatThrownBy(() -> readAll(bytes, true)).hasMessageContaining("stands inside another one");
    }

    private static void readAll(byte[] bytes, boolean ofResults) throws CorruptBytesException {
        ByteSource source = new ByteSource(bytes);
        ZnodeDecoder znodes = new ZnodeDecoder();
        ResultDecoder results = new ResultDecoder(znodes);
        ChangeDecoder changes = new ChangeDecoder(znodes);
        while (source.remaining() > 0) {
            if (ofResults) {
                assertThat(results.result(source)).isNotNull();
            } else {
                List<TreeChange> ofTree = new ArrayList<>();
                List<CoordinationChange> ofCoordination = new ArrayList<>();
                changes.change(source, ofTree, ofCoordination);
                assertThat(ofTree.size() + ofCoordination.size()).isEqualTo(1);
            }
        }
    }

    private static List<CommandResult> results(long seed) {
        RandomRecords random = new RandomRecords(seed);
        List<CommandResult> results = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            results.add(random.result());
        }
        return results;
    }

    private static List<TreeChange> changes(long seed) {
        RandomRecords random = new RandomRecords(seed);
        List<TreeChange> changes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            changes.add(random.change());
        }
        return changes;
    }

    private static List<CoordinationChange> coordination(long seed) {
        RandomRecords random = new RandomRecords(seed);
        List<CoordinationChange> changes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            changes.add(random.coordination());
        }
        return changes;
    }

    private static byte[] coordinationBytes(List<CoordinationChange> changes) {
        ByteSink sink = new ByteSink(1024);
        CoordinationEncoder encoder = new CoordinationEncoder(sink, new ZnodeEncoder(sink));
        changes.forEach(encoder::change);
        return sink.toByteArray();
    }

    private static byte[] resultBytes(List<CommandResult> results) {
        ByteSink sink = new ByteSink(1024);
        ResultEncoder encoder = new ResultEncoder(sink, new ZnodeEncoder(sink));
        results.forEach(encoder::result);
        return sink.toByteArray();
    }

    private static byte[] changeBytes(List<TreeChange> changes) {
        ByteSink sink = new ByteSink(1024);
        ChangeEncoder encoder = new ChangeEncoder(sink, new ZnodeEncoder(sink));
        changes.forEach(encoder::change);
        return sink.toByteArray();
    }
}
