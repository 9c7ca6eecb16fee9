package io.pathkeeper.it.fault.workload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CatchUpTest {
    private boolean stopping;
    private boolean leaving;
    private long next = 1;
    private final CatchUp end = new CatchUp(() -> stopping, () -> 7, () -> next, () -> leaving);

    @Test
    void whoeverLeavesWhileTheRunGoesOnOwesNothing() {
        assertThat(end.getAsBoolean()).isFalse();
        leaving = true;
        assertThat(end.getAsBoolean()).isTrue();
        assertThat(end.due()).isZero();
    }

    @Test
    void whoeverIsThereAtTheEndMustBeToldEverything() {
        stopping = true;
        leaving = true;
        assertThat(end.getAsBoolean()).isFalse();
        assertThat(end.isEnding()).isTrue();
        next = 7;
        assertThat(end.getAsBoolean()).isFalse();
        next = 8;
        assertThat(end.getAsBoolean()).isTrue();
        assertThat(end.due()).isEqualTo(7);
    }
}
