package io.pathkeeper.it.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RegisterHistoryTest {
    private final RegisterHistory history = new RegisterHistory();

    @Test
    void acceptsReadsOfTheNewestAnsweredWrite() {
        history.wrote(1, 0, 10);
        history.wrote(2, 20, 30);
        history.read(1, 11, 19);
        history.read(2, 31, 40);

        assertThat(history.violations()).isEmpty();
    }

    @Test
    void acceptsEitherValueWhileAWriteIsUnderWay() {
        history.wrote(1, 0, 10);
        history.wrote(2, 20, 30);
        history.read(1, 25, 50);
        history.read(2, 24, 26);

        assertThat(history.violations()).isEmpty();
    }

    @Test
    void findsTheStaleReadOfAnOldLeader() {
        history.wrote(1, 0, 10);
        history.wrote(2, 20, 30);
        history.read(1, 31, 32);

        assertThat(history.violations()).singleElement().asString().contains("stale", "returned 1", "2 had been");
    }

    @Test
    void findsReadsThatGoBack() {
        history.wrote(1, 0, 10);
        history.wrote(2, 20, 90);
        history.read(2, 30, 40);
        history.read(1, 50, 60);

        assertThat(history.violations()).singleElement().asString().contains("stale", "returned 1");
    }

    @Test
    void findsAValueThatNobodyWrote() {
        history.wrote(1, 0, 10);
        history.read(7, 20, 30);

        assertThat(history.violations()).singleElement().asString().contains("invented", "returned 7");
    }
}
