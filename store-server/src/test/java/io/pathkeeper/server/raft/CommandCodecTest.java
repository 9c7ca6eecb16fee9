package io.pathkeeper.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.pathkeeper.server.encoding.ByteSink;
import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.tree.ZnodePath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class CommandCodecTest {
    private static final int MUTATIONS = Integer.getInteger("pathkeeper.test.mutations", 1_000_000);

    @Test
    void readsBackEveryKindOfCommandExactly() throws CorruptEntryException {
        for (long seed = 0; seed < 20_000; seed++) {
            RandomCommands random = new RandomCommands(seed);
            Command command = random.command();
            RequestId requestId = random.requestId();
            byte[] bytes = encode(command, requestId);
            CommandCodec.Decoded decoded = CommandCodec.decode(bytes, 0, bytes.length);
            assertThat(decoded.requestId()).as("seed %d", seed).isEqualTo(requestId);
            assertThat(encode(decoded.command(), decoded.requestId()))
                    .as("seed %d", seed)
                    .isEqualTo(bytes);
            if (seed % 20 == 0) { // the comparison by reflection is slow
                assertThat(decoded.command())
                        .as("seed %d", seed)
                        .usingRecursiveComparison()
                        .isEqualTo(command);
            }
        }
    }

    @Test
    void decodesFromTheMiddleOfAnArrayAndSharesNothingWithIt() throws CorruptEntryException {
        byte[] value = {0x2a, 1, 'x'};
        byte[] bytes = encode(set("/a", value), null);
        byte[] around = new byte[bytes.length + 10];
        System.arraycopy(bytes, 0, around, 5, bytes.length);
        CommandCodec.Decoded decoded = CommandCodec.decode(around, 5, bytes.length);
        Arrays.fill(around, (byte) -1);
        assertThat(((Command.Set) decoded.command()).value()).isEqualTo(value);
        assertThat(((Command.Set) decoded.command()).path().utf8()).isEqualTo(new byte[] {'/', 'a'});
    }

    @Test
    void addsFewBytesToPathAndValue() {
        RequestId requestId = new RequestId("0f8c7b34-7b58-4b39-9a39-2a8f2c7a9f10", 1_000_000, 999_900);
        assertThat(encode(set("/config/one", new byte[128]), null)).hasSizeLessThanOrEqualTo(11 + 128 + 5);
        assertThat(encode(set("/config/one", new byte[128]), requestId))
                .hasSizeLessThanOrEqualTo(11 + 128 + 5 + 36 + 6);
    }

    @Test
    void findsEveryMutationOrDecodesAnotherCommand() {
        Random random = new Random(42);
        List<byte[]> samples = new ArrayList<>();
        for (long seed = 0; seed < 500; seed++) {
            RandomCommands commands = new RandomCommands(seed);
            byte[] bytes = encode(commands.command(), commands.requestId());
            if (bytes.length < 2000) {
                samples.add(bytes);
            }
        }
        long refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] mutant = mutate(samples.get(random.nextInt(samples.size())), random);
            try {
                CommandCodec.Decoded decoded = CommandCodec.decode(mutant, 0, mutant.length);
                assertThat(encode(decoded.command(), decoded.requestId())).isNotEmpty();
            } catch (CorruptEntryException e) {
                refused++;
                assertThat(e.position()).isBetween(0, mutant.length);
            } catch (RuntimeException e) {
                fail("mutation " + i + " of seed 42: " + Arrays.toString(mutant), e);
            }
        }
        assertThat(refused).isGreaterThan(MUTATIONS / 4L);
    }

    @Test
    void refusesEveryTruncation() {
        for (long seed = 0; seed < 300; seed++) {
            RandomCommands random = new RandomCommands(seed);
            byte[] bytes = encode(random.command(), random.requestId());
            for (int length = 0; length < bytes.length; length += 1 + length / 50) {
                int cut = length;
                assertThatThrownBy(() -> CommandCodec.decode(bytes, 0, cut))
                        .as("seed %d cut to %d", seed, cut)
                        .isInstanceOf(CorruptEntryException.class);
            }
        }
    }

    @Test
    void refusesBytesBehindTheCommand() {
        byte[] bytes = encode(set("/a", new byte[0]), null);
        assertThatThrownBy(() -> CommandCodec.decode(Arrays.copyOf(bytes, bytes.length + 1), 0, bytes.length + 1))
                .isInstanceOf(CorruptEntryException.class)
                .hasMessageContaining("1 bytes stand behind the end");
    }

    @Test
    void refusesUnknownKindsAndFlags() {
        assertThatThrownBy(() -> CommandCodec.decode(new byte[] {99}, 0, 1)).hasMessageContaining("kind of command 99");
        byte[] bytes = encode(set("/a", new byte[0]), null);
        bytes[1] = (byte) 0x80;
        assertThatThrownBy(() -> CommandCodec.decode(bytes, 0, bytes.length))
                .hasMessageContaining("flags of a set are 128");
    }

    @Test
    void refusesPathsWithoutStructure() {
        for (String path : List.of("a", "//", "/a/", "/a//b", "", "/a/\u0000/")) {
            ByteSink sink = new ByteSink(16);
            sink.putByte(5);
            sink.putText(path);
            assertThatThrownBy(() -> CommandCodec.decode(sink.array(), 0, sink.size()))
                    .as("path '%s'", path)
                    .isInstanceOf(CorruptEntryException.class);
        }
    }

    @Test
    void refusesTransactionInsideTransactionBothWays() {
        Command.Transact inner = new Command.Transact(List.of(), List.of(), List.of());
        Command.Transact outer = new Command.Transact(List.of(), List.of(inner), List.of());
        ByteSink sink = new ByteSink(64);
        sink.putByte(7);
        assertThatThrownBy(() -> CommandCodec.encode(outer, null, sink)).isInstanceOf(IllegalArgumentException.class);
        assertThat(sink.size()).isEqualTo(1);
        byte[] nested = {6, 0, 1, 6, 0, 0, 0, 0};
        assertThatThrownBy(() -> CommandCodec.decode(nested, 0, nested.length))
                .isInstanceOf(CorruptEntryException.class)
                .hasMessageContaining("inside another transaction");
    }

    @Test
    void refusesGuardsInsideOthersBothWays() {
        Command.Guarded inner = new Command.Guarded(List.of(), set("/a", new byte[0]));
        ByteSink sink = new ByteSink(64);
        assertThatThrownBy(() -> CommandCodec.encode(new Command.Guarded(List.of(), inner), null, sink))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        CommandCodec.encode(new Command.Transact(List.of(), List.of(inner), List.of()), null, sink))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(sink.size()).isZero();
        byte[] nested = {15, 0, 15, 0, 5, 1, '/'};
        assertThatThrownBy(() -> CommandCodec.decode(nested, 0, nested.length))
                .hasMessageContaining("guards stand inside guards");
        byte[] inTransaction = {6, 0, 1, 15, 0, 5, 1, '/', 0};
        assertThatThrownBy(() -> CommandCodec.decode(inTransaction, 0, inTransaction.length))
                .hasMessageContaining("guards stand inside a transaction");
    }

    private static Command.Set set(String path, byte[] value) {
        return new Command.Set(
                ZnodePath.fromBytes(path.getBytes(StandardCharsets.UTF_8)),
                value,
                "",
                Command.ANY,
                Command.ANY,
                false,
                false,
                false);
    }

    private static byte[] encode(Command command, @Nullable RequestId requestId) {
        ByteSink sink = new ByteSink(256);
        CommandCodec.encode(command, requestId, sink);
        return sink.toByteArray();
    }

    private static byte[] mutate(byte[] original, Random random) {
        byte[] mutant = original.clone();
        for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
            int at = random.nextInt(mutant.length);
            switch (random.nextInt(4)) {
                case 0 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> mutant[at] = (byte) random.nextInt();
                case 2 -> mutant[at] = (byte) 0xff;
                default -> mutant = Arrays.copyOf(mutant, 1 + random.nextInt(mutant.length));
            }
        }
        return mutant;
    }
}
