package io.pathkeeper.it.fault.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.it.fault.check.ListAppendHistory.Append;
import io.pathkeeper.it.fault.check.ListAppendHistory.Operation;
import io.pathkeeper.it.fault.check.ListAppendHistory.Read;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ListAppendHistoryTest {
    private final ListAppendHistory history = new ListAppendHistory();

    @Test
    void acceptsWhatOneOrderExplains() {
        done(1, 0, 10, append("x", 1), append("y", 2));
        done(2, 5, 15, read("x"), append("x", 3), read("x", 3)); // before the first one
        done(3, 20, 30, read("x", 3, 1), read("y", 2));
        assertThat(history.violations()).isEmpty();
    }

    @Test
    void findsALostAppend() {
        done(1, 0, 10, append("x", 1));
        done(2, 20, 30, read("x"));
        assertThat(history.violations()).singleElement().asString().contains("no order is possible");
    }

    @Test
    void findsAStaleRead() {
        done(1, 0, 10, append("x", 1));
        done(1, 20, 30, append("x", 2));
        done(2, 40, 50, read("x", 1));
        done(3, 60, 70, read("x", 1, 2));
        assertThat(history.violations()).singleElement().asString().contains("read before an append");
    }

    @Test
    void findsATransactionThatWasSeenInPart() {
        done(1, 0, 100, append("x", 1), append("y", 2));
        done(2, 0, 100, read("x", 1), read("y"));
        done(3, 200, 210, read("x", 1), read("y", 2));
        assertThat(history.violations()).singleElement().asString().contains("no order is possible");
    }

    @Test
    void findsTwoTransactionsThatDidNotSeeEachOther() {
        done(1, 0, 100, read("x"), append("y", 1));
        done(2, 0, 100, read("y"), append("x", 2));
        done(3, 200, 210, read("x", 2), read("y", 1));
        assertThat(history.violations()).singleElement().asString().contains("no order is possible");
    }

    /** The first transaction lies on a cycle of three, the others on one of two. */
    @Test
    void showsTheShortestCycleWhicheverTransactionComesFirst() {
        done(1, 0, 100, read("x"), append("z", 3));
        done(2, 0, 100, read("y"), append("x", 2));
        done(3, 0, 100, read("z"), append("y", 1), read("x"));
        done(4, 200, 210, read("x", 2), read("y", 1), read("z", 3));

        assertThat(history.violations())
                .singleElement()
                .asString()
                .hasLineCount(3)
                .contains("client 2", "client 3");
    }

    @Test
    void findsReadsThatDoNotFit() {
        done(1, 0, 10, append("x", 1));
        done(2, 0, 10, append("x", 2));
        done(3, 20, 30, read("x", 1, 2));
        done(3, 40, 50, read("x", 2, 1));
        assertThat(history.violations()).singleElement().asString().startsWith("two reads of x do not fit");
    }

    @Test
    void findsADoubledAppendAndAnInventedOne() {
        done(1, 0, 10, append("x", 1));
        done(2, 20, 30, read("x", 1, 1, 7));
        assertThat(history.violations()).containsExactly("doubled: 1 stands twice in x", "invented: 7 in x");
    }

    @Test
    void findsAnAppendThatWasRefused() {
        history.add(Call.answered(1, List.of(append("x", 1)), false, 0, 10));
        done(2, 20, 30, read("x", 1));
        assertThat(history.violations()).containsExactly("applied though refused: 1 in x");
    }

    @Test
    void findsATransactionThatDoesNotSeeItself() {
        done(1, 0, 10, append("x", 1), read("x"));
        assertThat(history.violations()).first().asString().startsWith("a transaction does not see its own appends");
    }

    @Test
    void anUnknownTransactionMayComeLateOrNever() {
        history.add(Call.unknown(1, List.of(append("x", 1), new Read("x", null)), 0));
        done(2, 10, 20, read("x"));
        assertThat(history.violations()).isEmpty();
        done(2, 30, 40, read("x", 1));
        assertThat(history.violations()).isEmpty();
        done(2, 50, 60, read("x"));
        assertThat(history.violations()).isNotEmpty();
    }

    @Test
    void acceptsTenThousandTransactionsInOrderAndFindsOneReadThatLeavesAnAppendOut() {
        SplittableRandom dice = new SplittableRandom(1);
        Map<String, List<Long>> lists = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            String list = "l" + dice.nextInt(50);
            List<Long> numbers = lists.computeIfAbsent(list, key -> new ArrayList<>());
            numbers.add((long) i);
            done(i % 7, 10L * i, 10L * i + 15, append(list, i), new Read(list, List.copyOf(numbers)));
        }
        assertThat(history.violations()).isEmpty();
        List<Long> numbers = lists.getOrDefault("l1", List.of());
        done(8, 1_000_000, 1_000_001, new Read("l1", numbers.subList(0, numbers.size() - 1)));
        assertThat(history.violations()).hasSize(1);
    }

    private void done(int client, long sent, long answered, Operation... operations) {
        history.add(Call.answered(client, List.of(operations), true, sent, answered));
    }

    private static Append append(String list, long number) {
        return new Append(list, number);
    }

    private static Read read(String list, long... numbers) {
        List<Long> seen = new ArrayList<>();
        for (long number : numbers) {
            seen.add(number);
        }
        return new Read(list, seen);
    }
}
