package io.pathkeeper.pathctl.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandFailure;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
    @Test
    void keepsIntegersExact() {
        assertThat(read("9223372036854775807")).isEqualTo(Value.of(Long.MAX_VALUE));
        assertThat(read("-9223372036854775808")).isEqualTo(Value.of(Long.MIN_VALUE));
        assertThat(read("1763795319123456789")).isEqualTo(Value.of(1763795319123456789L));
        assertThat(read("18446744073709551616")).isEqualTo(Value.of(0x1p64));
    }

    @Test
    void readsFractionsAndExponentsAsDoubles() {
        assertThat(read("1.0")).isEqualTo(Value.of(1.0));
        assertThat(read("1e3")).isEqualTo(Value.of(1000.0));
        assertThat(read("0.1")).isEqualTo(Value.of(0.1));
        assertThat(read("-0.0")).isEqualTo(Value.of(0.0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775809", "1e400", "-1e999", "1e-400"})
    void refusesNumbersWithoutAnExactForm(String number) {
        assertThatThrownBy(() -> read(number))
                .isInstanceOf(CommandFailure.class)
                .hasMessageStartingWith("--json: the number");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"a":1,"a":2} | Duplicate
                    [1,2          | no valid JSON
                    1 2           | more text behind
                    NaN           | no valid JSON
                    "\\ud800"     | half a character
                    {"$bytes":"*"}| base64
                    """)
    void refusesBadTextAndSaysWhere(String text, String message) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(CommandFailure.class).hasMessageContaining(message);
    }

    @Test
    void refusesEmptyText() {
        assertThatThrownBy(() -> read("  ")).hasMessageContaining("nothing there");
    }

    @Test
    void readsBytesAndTheEscapeForMapsThatLookLikeThem() {
        assertThat(read("{\"$bytes\": \"AQID\"}")).isEqualTo(Value.of(new byte[] {1, 2, 3}));
        Value looksLikeBytes = Value.of(Map.of("$bytes", Value.of("no base64!")));
        Value looksLikeEscape = Value.of(Map.of("$map", looksLikeBytes));
        assertThat(read("{\"$map\": {\"$bytes\": \"no base64!\"}}")).isEqualTo(looksLikeBytes);
        assertThat(read(ExactJson.write(looksLikeEscape))).isEqualTo(looksLikeEscape);
        assertThat(read("{\"$bytes\": \"AQID\", \"x\": 1}")).isEqualTo(Value.map("$bytes", "AQID", "x", 1));
        assertThat(read("{\"$bytes\": 5}")).isEqualTo(Value.map("$bytes", 5));
    }

    private static Value read(String text) {
        return JsonText.read("--json", text);
    }
}
