package io.pathkeeper.it.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.error.Reason;
import io.pathkeeper.server.state.RejectReason;
import java.lang.reflect.Field;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client knows every reason that a server can give. */
class ReasonContractTest {
    @ParameterizedTest
    @EnumSource(RejectReason.class)
    void clientHasAConstantForTheReason(RejectReason reason) {
        assertThat(Arrays.stream(Reason.class.getFields()).map(Field::getName)).contains(reason.name());
    }
}
