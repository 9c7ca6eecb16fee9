package io.pathkeeper.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.server.store.StoreUse.Kind;
import io.pathkeeper.server.store.StoreUse.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreUseTest {
    private final StoreUse use = new StoreUse(new StoreUse.Limits(1_000, 10_000));

    @Test
    void levelsAreEnteredAboveAPartOfTheLimitAndLeftBelowASmallerOne() {
        assertThat(levelAt(850)).isEqualTo(Level.ENOUGH);
        assertThat(levelAt(851)).isEqualTo(Level.HIGH);
        assertThat(levelAt(800)).isEqualTo(Level.HIGH);
        assertThat(levelAt(799)).isEqualTo(Level.ENOUGH);
        assertThat(levelAt(820)).as("upwards again").isEqualTo(Level.ENOUGH);
        assertThat(levelAt(950)).isEqualTo(Level.HIGH);
        assertThat(levelAt(951)).isEqualTo(Level.FULL);
        assertThat(levelAt(900)).isEqualTo(Level.FULL);
        assertThat(levelAt(899)).isEqualTo(Level.HIGH);
        assertThat(levelAt(951)).isEqualTo(Level.FULL);
        assertThat(levelAt(10)).isEqualTo(Level.ENOUGH);
    }

    private Level levelAt(long znodes) {
        use.changed(znodes, 0);
        return use.level(Kind.ZNODES);
    }

    @Test
    void eachKindHasItsOwnLevelAndOneThatIsFullRefuses() {
        use.changed(10, 9_501);
        assertThat(use.level(Kind.ZNODES)).isEqualTo(Level.ENOUGH);
        assertThat(use.level(Kind.DATA_BYTES)).isEqualTo(Level.FULL);
        assertThat(use.full()).isEqualTo(new StoreUse.Full(Kind.DATA_BYTES, 10_000));
        use.changed(960, 9_501);
        assertThat(use.full()).isEqualTo(new StoreUse.Full(Kind.ZNODES, 1_000));
        use.changed(880, 9_501);
        assertThat(use.full()).isEqualTo(new StoreUse.Full(Kind.DATA_BYTES, 10_000));
        use.changed(880, 8_999);
        assertThat(use.full()).isNull();
        assertThat(use.level(Kind.DATA_BYTES)).isEqualTo(Level.HIGH);
    }

    @Test
    void aLimitThatIsNoneIsNeverNear() {
        StoreUse endless = new StoreUse(StoreUse.Limits.NONE);
        endless.changed(Long.MAX_VALUE / 2, Long.MAX_VALUE / 2);
        assertThat(endless.full()).isNull();
        assertThat(endless.level(Kind.ZNODES)).isEqualTo(Level.ENOUGH);
    }

    @ParameterizedTest
    @CsvSource({"0,", "1,ZNODES", "2,DATA_BYTES", "3,", "-1,"})
    void kindsTravelAsNumbers(long number, Kind kind) {
        assertThat(Kind.of(number)).isEqualTo(kind);
        if (kind != null) {
            assertThat(kind.number()).isEqualTo(number);
        }
    }
}
