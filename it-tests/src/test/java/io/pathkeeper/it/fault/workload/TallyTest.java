package io.pathkeeper.it.fault.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import org.junit.jupiter.api.Test;

class TallyTest {
    private final Tally tally = new Tally();

    @Test
    void aDefectOfAServerIsAViolation() {
        tally.failed(new CallFailure(
                false,
                "INTERNAL",
                Status.INTERNAL.withDescription("the server has a defect").asRuntimeException()));

        assertThat(tally.findings("register").violations())
                .containsExactly("defect: a server answered INTERNAL: the server has a defect");
    }

    @Test
    void aBrokenConnectionIsNone() {
        tally.failed(new CallFailure(false, "", Status.INTERNAL.asRuntimeException()));
        tally.failed(new CallFailure(false, "NO_LEADER", Status.UNAVAILABLE.asRuntimeException()));

        assertThat(tally.findings("register").violations()).isEmpty();
        assertThat(tally.findings("register").unknownCount()).isEqualTo(2);
    }
}
