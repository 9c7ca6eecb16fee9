package io.pathkeeper.it.fault.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pathkeeper.it.fault.fuzz.Decoder.Allowance;
import io.pathkeeper.it.fault.fuzz.Decoder.Decoding;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Decoders with a fault of each kind: the fuzzer must find it, and must not find anything in one without. */
@Timeout(120)
class FuzzerTest {
    private static final byte[] SEED = "{\"key\":[1,2,3]}".getBytes(StandardCharsets.UTF_8);
    private static final long INPUTS = 20_000;

    private static FuzzResult fuzz(Decoding decoding) {
        Decoder decoder = new Decoder(
                "planted",
                List.of(SEED),
                Set.of("java.lang.IllegalArgumentException"),
                new Allowance(64 << 10, 16),
                decoding);
        try (Fuzzer fuzzer = new Fuzzer()) {
            return fuzzer.run(decoder, INPUTS, 1);
        }
    }

    /** Runs the fault for inputs with this byte. */
    private static Decoding when(int value, Decoding fault) {
        return input -> {
            for (byte each : input) {
                if (each == value) {
                    fault.decode(input);
                    return;
                }
            }
        };
    }

    @Test
    void findsNothingInADecoderThatRefusesAsDocumented() {
        FuzzResult result = fuzz(input -> {
            if (!Arrays.equals(input, SEED)) {
                throw new NumberFormatException("a kind of IllegalArgumentException");
            }
        });

        assertThat(result.findings()).isEmpty();
        assertThat(result.refused()).isPositive();
        assertThat(result.inputs()).isEqualTo(INPUTS);
    }

    @Test
    void findsAnotherExceptionAndShowsTheShortestInput() {
        FuzzResult result = fuzz(when(0x7f, input -> {
            throw new NullPointerException();
        }));

        assertThat(result.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.problem()).startsWith("throws java.lang.NullPointerException at ");
            assertThat(finding.input()).containsExactly(0x7f);
        });
    }

    @Test
    void findsADecoderThatCallsItselfTooOften() {
        FuzzResult result = fuzz(when('~', input -> nest(0)));

        assertThat(result.findings())
                .anyMatch(finding -> finding.problem().startsWith("throws java.lang.StackOverflowError"));
    }

    private static int nest(int depth) {
        return nest(depth + 1) + 1;
    }

    @Test
    void findsMemoryThatTheInputCannotAskFor() {
        List<byte[]> kept = new ArrayList<>();
        FuzzResult result = fuzz(when(0x7f, input -> {
            kept.clear();
            kept.add(new byte[1 << 20]);
        }));

        assertThat(result.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.problem()).startsWith("takes more memory"));
    }

    @Test
    void findsADecoderThatTakesMoreThanASecond() {
        int[] slow = new int[1];
        FuzzResult result = fuzz(input -> {
            if (input.length > 2_000 && slow[0]++ < 3) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_100));
            }
        });

        assertThat(result.findings())
                .isNotEmpty()
                .allSatisfy(finding -> assertThat(finding.problem()).isEqualTo("takes more than a second"));
    }

    @Test
    void findsWhatIsAcceptedAndComesOutAsSomethingElse() {
        FuzzResult result = fuzz(input -> {
            if (!new String(input, StandardCharsets.UTF_8).startsWith("{")) {
                throw new BrokenPromiseException("it is no object");
            }
        });

        assertThat(result.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.problem()).isEqualTo("it is no object"));
    }

    @Test
    void findsSeedsOfWhichNoneIsAccepted() {
        FuzzResult result = fuzz(input -> {
            throw new IllegalArgumentException();
        });

        assertThat(result.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.problem()).isEqualTo("none of the valid inputs is accepted"));
    }

    @Test
    void findsAnIllegalStateOfOurOwnInAnEntryOfTheLog(@TempDir Path directory) {
        Decoder decoder = RaftLogDecoders.entry(directory, entry -> {
            throw new IllegalStateException("only Ratis may say so");
        });

        try (Fuzzer fuzzer = new Fuzzer()) {
            assertThat(fuzzer.run(decoder, 100, 1).findings())
                    .anyMatch(finding -> finding.problem()
                            .startsWith("throws java.lang.IllegalStateException at " + FuzzerTest.class.getName()));
        }
    }

    @Test
    void theSameSeedMakesTheSameInputs() {
        Mutator one = new Mutator(List.of(SEED), new SplittableRandom(5));
        Mutator other = new Mutator(List.of(SEED), new SplittableRandom(5));
        Mutator different = new Mutator(List.of(SEED), new SplittableRandom(6));
        int differences = 0;
        for (int i = 0; i < 1_000; i++) {
            byte[] input = one.next();
            assertThat(input).isEqualTo(other.next());
            differences += Arrays.equals(input, different.next()) ? 0 : 1;
        }
        assertThat(differences).isGreaterThan(900);
    }

    @Test
    void wrongUseIsAnsweredWithTheNames() {
        assertThat(FuzzMain.run("--decoder", "paths", "--inputs", "10")).isEqualTo(2);
        assertThat(FuzzMain.run("--inputs", "0")).isEqualTo(2);
        assertThatThrownBy(() -> new Decoder("empty", List.of(), Set.of(), new Allowance(1, 1), input -> {}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** A fixed seed, so that a change shows what it breaks, and one that nobody chose, which is printed. */
    @Test
    void noDecoderOfTheProductDoesAnythingButAcceptOrRefuse() {
        assertThat(FuzzMain.run("--inputs", "60000", "--seed", "1")).isZero();
        assertThat(FuzzMain.run("--inputs", "60000")).isZero();
    }
}
