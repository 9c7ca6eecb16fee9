package io.pathkeeper.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pathkeeper.client.internal.ClientSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the builder takes and what it refuses. */
class ClientBuilderTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:7420, 127.0.0.1:7420",
        "store.example, store.example:7420",
        "[::1]:9, [::1]:9",
        "[::1], [::1]:7420",
        "localhost:65535, localhost:65535"
    })
    void takesAddresses(String given, String normal) {
        assertThat(ClientSettings.normalizeAddress(given)).isEqualTo(normal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ":7420", "host:", "host:0", "host:65536", "host:x", "::1", "http://host:1", "a b:1", "[]:1"})
    void refusesWhatIsNoAddress(String given) {
        assertThatThrownBy(() -> PathkeeperClient.builder().servers(given))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("host:port");
    }

    @Test
    void refusesValuesOutOfRangeAndNamesTheRange() {
        PathkeeperClientBuilder builder = PathkeeperClient.builder();
        assertThatThrownBy(() -> builder.requestTimeout(Duration.ofMinutes(6)))
                .hasMessageContaining("1 ms to 5 minutes");
        assertThatThrownBy(() -> builder.maxOutstanding(0)).hasMessageContaining("1 to 1,000,000");
        assertThatThrownBy(() -> builder.maxOutstandingBytes(1)).hasMessageContaining("4 MiB to 4 GiB");
        assertThatThrownBy(builder::build).hasMessageContaining("at least one server");
        assertThatThrownBy(builder::servers).hasMessageContaining("at least one server");
    }
}
