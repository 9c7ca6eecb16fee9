package io.pathkeeper.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import org.junit.jupiter.api.Test;

/** A method without a rule cannot be served. */
class AccessRulesTest {
    @Test
    void everyMethodHasARule() {
        for (ServiceDescriptor service : RpcServer.serviceDescriptors()) {
            for (MethodDescriptor<?, ?> method : service.getMethods()) {
                assertThat(AccessRules.of(method.getFullMethodName()))
                        .as(method.getFullMethodName())
                        .isNotNull();
            }
        }
    }

    @Test
    void aMethodThatHasNoneIsRefusedBeforeItIsServed() {
        assertThatThrownBy(() -> AccessRules.of("pathkeeper.v1.StoreService/DeleteEverything"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("DeleteEverything")
                .hasMessageContaining("no row");
    }
}
