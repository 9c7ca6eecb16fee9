package io.pathkeeper.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.it.history.LockHistory.Entry;
import io.pathkeeper.it.history.LockHistory.Mode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One planted fault for each promise: the checker must find it, and nothing where there is none. */
class LockHistoryTest {
    private final LockHistory history = new LockHistory(10);

    @Test
    void findsNothingInARightHistory() {
        history.granted(exclusive(1, 5, 5));
        history.wrote(5, 7);
        history.released(5, "h1", 9);
        history.granted(exclusive(2, 6, 9));
        history.looked(10, List.of(exclusive(2, 6, 9)), List.of(waiter(3, 8)));
        history.sessionEnded(2, 12);
        history.granted(exclusive(3, 8, 12));
        history.refused(9);
        history.looked(12, List.of(exclusive(3, 8, 12)), List.of());

        assertThat(history.violations()).isEmpty();
    }

    @Test
    void findsASecondHolderBeforeTheRelease() {
        history.granted(exclusive(1, 5, 5));
        history.released(5, "h1", 20);
        history.granted(exclusive(2, 6, 9));

        assertThat(history.violations()).singleElement().asString().startsWith("two holders at revision 9");
    }

    @Test
    void findsASecondHolderBeforeTheLastWriteOfTheFirst() {
        history.granted(exclusive(1, 5, 5));
        history.wrote(5, 11);
        history.granted(exclusive(2, 6, 9));

        assertThat(history.violations()).singleElement().asString().startsWith("two holders at revision 9");
    }

    @Test
    void findsSharedBesideExclusive() {
        history.granted(exclusive(1, 5, 5));
        history.released(5, "h1", 20);
        history.granted(new Entry(2, "h2", Mode.SHARED, 0, 6, 9));

        assertThat(history.violations()).singleElement().asString().startsWith("two holders");
    }

    @Test
    void allowsSharedBesideShared() {
        history.granted(new Entry(1, "h1", Mode.SHARED, 0, 5, 5));
        history.granted(new Entry(2, "h2", Mode.SHARED, 0, 6, 6));
        history.released(5, "h1", 20);
        history.released(6, "h2", 21);

        assertThat(history.violations()).isEmpty();
    }

    @Test
    void findsATokenThatIsUsedTwice() {
        history.granted(exclusive(1, 5, 9));
        history.granted(exclusive(2, 6, 9));

        assertThat(history.violations()).anyMatch(sentence -> sentence.startsWith("token used twice"));
    }

    @Test
    void findsAGrantToTheDead() {
        history.sessionEnded(2, 8);
        history.granted(exclusive(2, 6, 9));

        assertThat(history.violations()).singleElement().asString().startsWith("granted to the dead");
    }

    @Test
    void findsAGrantOutOfTheOrderOfArrival() {
        history.granted(exclusive(1, 7, 9));
        history.granted(exclusive(2, 6, 12));

        assertThat(history.violations()).singleElement().asString().startsWith("overtaken");
    }

    @Test
    void findsAWaiterThatWasSeenWaitingWhileALaterOneWasGranted() {
        history.granted(exclusive(1, 7, 9));
        history.looked(10, List.of(exclusive(1, 7, 9)), List.of(waiter(2, 6)));

        assertThat(history.violations()).singleElement().asString().startsWith("overtaken");
    }

    @Test
    void findsAWriteUnderAnOldToken() {
        history.granted(exclusive(1, 5, 5));
        history.released(5, "h1", 9);
        history.wrote(5, 9);

        assertThat(history.violations()).singleElement().asString().startsWith("write at revision 9 outside");
    }

    @Test
    void findsAWriteOfAnEndedSession() {
        history.granted(exclusive(1, 5, 5));
        history.sessionEnded(1, 8);
        history.wrote(5, 9);

        assertThat(history.violations()).singleElement().asString().startsWith("write at revision 9 outside");
    }

    @Test
    void findsAWriteUnderATokenThatNobodyWasGiven() {
        history.wrote(5, 9);

        assertThat(history.violations()).singleElement().asString().endsWith("which nobody was given");
    }

    @Test
    void findsARefusalOfTheHolder() {
        history.granted(exclusive(1, 5, 5));
        history.refused(5);
        history.released(5, "h1", 9);

        assertThat(history.violations()).singleElement().asString().startsWith("write refused though");
    }

    @Test
    void findsTooManyPermits() {
        history.granted(permits(1, 6, 5));
        history.released(5, "h1", 20);
        history.granted(permits(2, 5, 7));

        assertThat(history.violations()).containsExactly("11 of 10 permits held at revision 7");
    }

    @Test
    void findsTooManyPermitsInALook() {
        history.looked(9, List.of(permits(1, 6, 5), permits(2, 5, 7)), List.of());

        assertThat(history.violations()).containsExactly("11 of 10 permits seen held at revision 9");
    }

    @Test
    void findsTwoHoldersInALook() {
        history.looked(9, List.of(exclusive(1, 5, 5), exclusive(2, 6, 6)), List.of());

        assertThat(history.violations()).singleElement().asString().startsWith("two holders seen");
    }

    @Test
    void findsAQueueOutOfOrder() {
        history.looked(9, List.of(), List.of(waiter(1, 7), waiter(2, 6)));

        assertThat(history.violations()).singleElement().asString().startsWith("queue out of order");
    }

    @Test
    void findsTheDeadInTheQueue() {
        history.sessionEnded(1, 8);
        history.looked(9, List.of(), List.of(waiter(1, 7)));

        assertThat(history.violations()).singleElement().asString().startsWith("the dead are still there");
    }

    private static Entry exclusive(long session, long queued, long token) {
        return new Entry(session, "h" + session, Mode.EXCLUSIVE, 0, queued, token);
    }

    private static Entry permits(long session, long permits, long token) {
        return new Entry(session, "h" + session, Mode.PERMITS, permits, token, token);
    }

    private static Entry waiter(long session, long queued) {
        return exclusive(session, queued, 0);
    }
}
