package io.pathkeeper.it.fault.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.it.fault.check.Linearizability.Result;
import io.pathkeeper.it.fault.check.Linearizability.Verdict;
import io.pathkeeper.it.fault.check.RegisterModel.Done;
import io.pathkeeper.it.fault.check.RegisterModel.Input;
import io.pathkeeper.it.fault.check.RegisterModel.Mismatch;
import io.pathkeeper.it.fault.check.RegisterModel.Output;
import io.pathkeeper.it.fault.check.RegisterModel.Read;
import io.pathkeeper.it.fault.check.RegisterModel.Seen;
import io.pathkeeper.it.fault.check.RegisterModel.Write;
import io.pathkeeper.it.fault.check.RegisterModel.WriteIf;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class LinearizabilityTest {
    private static final long LIMIT = 1_000_000;

    @Test
    void acceptsWhatOneOrderExplains() {
        assertThat(register(
                        call(1, new Write(1), new Done(), 0, 100),
                        call(2, new Read(), new Seen(0), 10, 20),
                        call(2, new Read(), new Seen(1), 30, 40),
                        call(3, new WriteIf(1, 2), new Done(), 50, 120),
                        call(1, new Read(), new Seen(2), 110, 130),
                        call(2, new WriteIf(1, 3), new Mismatch(), 140, 150)))
                .isEqualTo(Verdict.LINEARIZABLE);
    }

    @Test
    void anEmptyHistoryIsLinearizable() {
        assertThat(register()).isEqualTo(Verdict.LINEARIZABLE);
    }

    @Test
    void findsAReadOfWhatWasOverwrittenBeforeItWasSent() {
        assertThat(register(
                        call(1, new Write(1), new Done(), 0, 10),
                        call(1, new Write(2), new Done(), 20, 30),
                        call(2, new Read(), new Seen(1), 40, 50)))
                .isEqualTo(Verdict.VIOLATED);
    }

    @Test
    void findsTwoReadsThatGoBack() {
        assertThat(register(
                        call(1, new Write(1), new Done(), 0, 100),
                        call(2, new Read(), new Seen(1), 10, 20),
                        call(3, new Read(), new Seen(0), 30, 40)))
                .isEqualTo(Verdict.VIOLATED);
    }

    @Test
    void findsTwoWritesOnOneCondition() {
        assertThat(register(
                        call(1, new WriteIf(0, 1), new Done(), 0, 100), call(2, new WriteIf(0, 2), new Done(), 0, 100)))
                .isEqualTo(Verdict.VIOLATED);
    }

    @Test
    void findsARefusalOfAConditionThatHeldAllTheTime() {
        assertThat(register(call(1, new WriteIf(0, 1), new Mismatch(), 0, 10))).isEqualTo(Verdict.VIOLATED);
    }

    @Test
    void anUnknownWriteMayComeLateOrNeverButNotTwice() {
        Call<Input, Output> unknown = Call.unknown(1, new Write(1), 0);
        assertThat(register(unknown, call(2, new Read(), new Seen(0), 10, 20))).isEqualTo(Verdict.LINEARIZABLE);
        assertThat(register(
                        unknown, call(2, new Read(), new Seen(0), 10, 20), call(2, new Read(), new Seen(1), 30, 40)))
                .isEqualTo(Verdict.LINEARIZABLE);
        assertThat(register(
                        unknown,
                        call(2, new Read(), new Seen(1), 10, 20),
                        call(2, new Write(2), new Done(), 30, 40),
                        call(2, new Read(), new Seen(1), 50, 60)))
                .isEqualTo(Verdict.VIOLATED);
    }

    @Test
    void findsALostAdditionAndADoubledOne() {
        Linearizability<Long, CounterModel.Input, Long> checker = new Linearizability<>(new CounterModel(), LIMIT);
        Call<CounterModel.Input, Long> first = Call.answered(1, new CounterModel.Input(5), 5L, 0, 10);
        assertThat(checker.check(List.of(first, Call.answered(1, new CounterModel.Input(1), 6L, 20, 30)))
                        .verdict())
                .isEqualTo(Verdict.LINEARIZABLE);
        assertThat(checker.check(List.of(first, Call.answered(1, new CounterModel.Input(1), 1L, 20, 30)))
                        .verdict())
                .isEqualTo(Verdict.VIOLATED);
        assertThat(checker.check(List.of(first, Call.answered(1, new CounterModel.Input(0), 10L, 20, 30)))
                        .verdict())
                .isEqualTo(Verdict.VIOLATED);
    }

    @Test
    void findsASubtreeThatWasDeletedInPart() {
        Linearizability<Long, SubtreeModel.Input, SubtreeModel.Output> checker =
                new Linearizability<>(new SubtreeModel(), LIMIT);
        List<Call<SubtreeModel.Input, SubtreeModel.Output>> calls = new ArrayList<>(List.of(
                Call.answered(1, new SubtreeModel.Create(0), new SubtreeModel.Created(), 0, 10),
                Call.answered(1, new SubtreeModel.Create(1), new SubtreeModel.Created(), 20, 30),
                Call.answered(2, new SubtreeModel.DeleteAll(), new SubtreeModel.Deleted(2), 40, 60)));
        assertThat(checker.check(calls).verdict()).isEqualTo(Verdict.LINEARIZABLE);
        calls.add(Call.answered(1, new SubtreeModel.ReadAll(), new SubtreeModel.Present(2), 45, 55));
        assertThat(checker.check(calls).verdict()).isEqualTo(Verdict.VIOLATED);
    }

    @Test
    void theHistoryThatIsShownHasNeitherLaterCallsNorReadsThatDoNotMatter() {
        List<Call<Input, Output>> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            calls.add(call(3, new Read(), new Seen(0), i, i + 1));
        }
        calls.add(call(1, new Write(1), new Done(), 60, 61));
        calls.add(call(2, new Read(), new Seen(0), 70, 71));
        calls.add(call(2, new Write(7), new Done(), 80, 81));
        Result<Input, Output> result = checker().check(calls);
        assertThat(result.verdict()).isEqualTo(Verdict.VIOLATED);
        assertThat(result.calls())
                .containsExactly(call(1, new Write(1), new Done(), 60, 61), call(2, new Read(), new Seen(0), 70, 71));
    }

    @Test
    void theHistoryThatIsShownHasNoWritesThatDoNotMatter() {
        List<Call<Input, Output>> calls = new ArrayList<>();
        for (int i = 1; i <= 30; i++) {
            calls.add(call(1, new Write(i), new Done(), 100L * i, 100L * i + 10));
            calls.add(call(1, new WriteIf(i, 1_000 + i), new Done(), 100L * i + 20, 100L * i + 30));
            calls.add(call(2, new Read(), new Seen(1_000 + i), 100L * i + 40, 100L * i + 50));
        }
        Call<Input, Output> stale = call(2, new Read(), new Seen(1_007), 4_000, 4_010);
        calls.add(stale);

        List<Call<Input, Output>> shown = checker().check(calls).calls();

        // what it saw stays, with what that stands on, and one write that came in between
        assertThat(shown)
                .hasSize(4)
                .contains(
                        call(1, new Write(7), new Done(), 700, 710),
                        call(1, new WriteIf(7, 1_007), new Done(), 720, 730),
                        stale);
    }

    /** Otherwise what is shown would be wrong only because of what was left out. */
    @Test
    void whatStandsOnAWriteThatIsLeftOutIsLeftOutToo() {
        SplittableRandom dice = new SplittableRandom(3);
        for (int run = 0; run < 200; run++) {
            List<Call<Input, Output>> calls = new ArrayList<>();
            long value = 0;
            for (int i = 1; i <= 12; i++) {
                long at = 10L * i;
                switch (dice.nextInt(4)) {
                    case 0 -> calls.add(call(1, new Read(), new Seen(value), at, at + 5));
                    case 1 -> calls.add(call(1, new WriteIf(value - 1, i), new Mismatch(), at, at + 5));
                    case 2 -> {
                        calls.add(call(1, new WriteIf(value, i), new Done(), at, at + 5));
                        value = i;
                    }
                    default -> {
                        calls.add(call(1, new Write(i), new Done(), at, at + 5));
                        value = i;
                    }
                }
            }
            Call<Input, Output> invented = call(2, new Read(), new Seen(99), 500, 505);
            calls.add(invented);

            assertThat(checker().check(calls).calls()).containsExactly(invented);
        }
    }

    @Test
    void givesUpAtItsLimitAndSaysSo() {
        List<Call<Input, Output>> calls = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            calls.add(call(i, new Write(i), new Done(), 0, 1000));
        }
        calls.add(call(21, new Read(), new Seen(99), 2000, 2001));
        assertThat(new Linearizability<>(new RegisterModel(), 1000).check(calls).verdict())
                .isEqualTo(Verdict.UNDECIDED);
    }

    @Test
    void callsThatNobodyKnowsOfCostLittleUnlessTheyMatter() {
        List<Call<Input, Output>> calls = new ArrayList<>();
        for (int i = 1; i <= 40; i++) {
            calls.add(Call.unknown(i, new Write(1000 + i), i));
            calls.add(Call.unknown(100 + i, new Read(), i));
        }
        for (int i = 1; i <= 200; i++) {
            calls.add(call(50, new Write(i), new Done(), 100L * i, 100L * i + 90));
            calls.add(call(51, new Read(), new Seen(i), 100L * i + 91, 100L * i + 95));
        }
        calls.add(call(51, new Read(), new Seen(1033), 30_000, 30_001));
        Result<Input, Output> result = checker().check(calls);
        assertThat(result.verdict()).isEqualTo(Verdict.LINEARIZABLE);
        assertThat(result.explored()).isLessThan(1_000);
    }

    /** Good by construction: each call takes its effect at a moment between sending and answer. Then one read is changed to a number that was overwritten before it was sent. */
    @Test
    void acceptsRandomGoodHistoriesAndFindsOneStaleReadInEach() {
        for (long seed = 0; seed < 40; seed++) {
            List<Call<Input, Output>> good = goodHistory(new SplittableRandom(seed));
            assertThat(checker().check(good).verdict()).as("seed %d", seed).isEqualTo(Verdict.LINEARIZABLE);
            List<Call<Input, Output>> bad = withStaleRead(good);
            Collections.shuffle(bad, new Random(seed));
            assertThat(checker().check(bad).verdict()).as("seed %d", seed).isEqualTo(Verdict.VIOLATED);
        }
    }

    private static List<Call<Input, Output>> goodHistory(SplittableRandom dice) {
        record Effect(int client, long sent, long moment, long answered) {}
        List<Effect> effects = new ArrayList<>();
        for (int client = 0; client < 5; client++) {
            long now = dice.nextLong(100);
            for (int i = 0; i < 30; i++) {
                long moment = now + 1 + dice.nextLong(200);
                long answered = moment + 1 + dice.nextLong(200);
                effects.add(new Effect(client, now, moment, answered));
                now = answered + dice.nextLong(50);
            }
        }
        effects.sort((a, b) -> Long.compare(a.moment(), b.moment()));
        List<Call<Input, Output>> calls = new ArrayList<>();
        long value = 0;
        for (Effect effect : effects) {
            int kind = dice.nextInt(4);
            Input input = kind < 2
                    ? new Read()
                    : kind == 2
                            ? new Write(calls.size() + 1)
                            : new WriteIf(dice.nextBoolean() ? value : -1, calls.size() + 1);
            boolean done = input instanceof Write || (input instanceof WriteIf write && write.expected() == value);
            Output output = input instanceof Read ? new Seen(value) : done ? new Done() : new Mismatch();
            if (done) {
                value = calls.size() + 1;
            }
            boolean unknown = !(input instanceof Read) && dice.nextInt(20) == 0;
            calls.add(
                    unknown
                            ? Call.unknown(effect.client(), input, effect.sent())
                            : Call.answered(effect.client(), input, output, effect.sent(), effect.answered()));
        }
        return calls;
    }

    private static List<Call<Input, Output>> withStaleRead(List<Call<Input, Output>> good) {
        List<Call<Input, Output>> bad = new ArrayList<>(good);
        long end = good.stream()
                .mapToLong(call -> call.output() == null ? 0 : call.answeredNanos())
                .max()
                .orElseThrow();
        bad.add(call(9, new Write(1_000_000), new Done(), end + 1, end + 2));
        bad.add(call(9, new Write(2_000_000), new Done(), end + 3, end + 4));
        bad.add(call(8, new Read(), new Seen(1_000_000), end + 5, end + 6));
        return bad;
    }

    private static Linearizability<Long, Input, Output> checker() {
        return new Linearizability<>(new RegisterModel(), LIMIT);
    }

    @SafeVarargs
    private static Verdict register(Call<Input, Output>... calls) {
        return checker().check(List.of(calls)).verdict();
    }

    private static Call<Input, Output> call(int client, Input input, Output output, long sent, long answered) {
        return Call.answered(client, input, output, sent, answered);
    }
}
