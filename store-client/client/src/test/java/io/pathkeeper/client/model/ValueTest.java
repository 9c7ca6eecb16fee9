package io.pathkeeper.client.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Typed values: factories, accessors, equality and text. */
class ValueTest {
    @Test
    void mapsAreMadeOfKeysAndPlainObjects() {
        Value value = Value.map("host", "localhost", "port", 8080, "tags", List.of("a", true), "none", null);
        assertThat(value.get("port").asLong()).isEqualTo(8080);
        assertThat(value.get("tags").get(1).asBool()).isTrue();
        assertThat(value.get("none").isNull()).isTrue();
        assertThat(value.find("other")).isNull();
        assertThat(value.toString())
                .isEqualTo("{\"host\":\"localhost\",\"port\":8080,\"tags\":[\"a\",true],\"none\":null}");
    }

    @Test
    void textIsEscapedAndBytesAreMarked() {
        assertThat(Value.of("a\"\\\n\u0001é").toJson()).isEqualTo("\"a\\\"\\\\\\n\\u0001é\"");
        assertThat(Value.of(new byte[] {1, 2, 3}).toJson()).isEqualTo("{\"$bytes\":\"AQID\"}");
        assertThat(Value.list().toJson()).isEqualTo("[]");
        assertThat(Value.map().toJson()).isEqualTo("{}");
        assertThat(Value.of(1.0).toJson()).isEqualTo("1.0");
    }

    @Test
    void equalityIsByTypeAndContent() {
        assertThat(Value.of(1)).isNotEqualTo(Value.of(1.0));
        assertThat(Value.of(-0.0)).isEqualTo(Value.of(0.0));
        assertThat(Value.map("a", 1, "b", 2))
                .isEqualTo(Value.map("b", 2, "a", 1))
                .hasSameHashCodeAs(Value.map("b", 2, "a", 1));
        assertThat(Value.of(new byte[] {1}))
                .isEqualTo(Value.of(new byte[] {1}))
                .hasSameHashCodeAs(Value.of(new byte[] {1}));
        assertThat(Value.json("1")).isNotEqualTo(Value.of(1));
    }

    @Test
    void valuesDoNotChangeWithWhatTheyWereMadeOf() {
        byte[] bytes = {1};
        Value value = Value.of(bytes);
        bytes[0] = 2;
        value.asBytes()[0] = 3;
        assertThat(value.asBytes()).containsExactly(1);
        Map<String, Value> entries = new LinkedHashMap<>(Map.of("a", Value.of(1)));
        Value map = Value.of(entries);
        entries.clear();
        assertThat(map.asMap()).hasSize(1);
        assertThatThrownBy(() -> map.asMap().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void accessorsOfAnotherTypeSaySo() {
        assertThatThrownBy(() -> Value.of("x").asLong())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the value is of type STRING, not LONG");
        assertThat(Value.of(3).asDouble()).isEqualTo(3.0);
        assertThatThrownBy(() -> Value.of(Long.MAX_VALUE).asDouble()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Value.map("a", 1).get("b"))
                .hasMessageContaining("\"b\"")
                .hasMessageContaining("[a]");
    }

    @Test
    void whatHasNoTypedValueIsRefused() {
        assertThatThrownBy(() -> Value.of(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Value.from(new Object())).hasMessageContaining("java.lang.Object");
        assertThatThrownBy(() -> Value.map("a")).hasMessageContaining("1 arguments");
        assertThatThrownBy(() -> Value.map("a", 1, "a", 2)).hasMessageContaining("twice");
        assertThatThrownBy(() -> Value.map(1, 2)).hasMessageContaining("text key");
    }

    @Test
    void plainObjectsComeBack() {
        Map<String, Object> plain = Map.of("n", 5L, "l", Arrays.asList("x", null, 1.5, false));
        assertThat(Value.from(plain).toObject()).isEqualTo(plain);
    }

    @Test
    void longTextIsCutInLogs() {
        assertThat(Value.of("x".repeat(5_000)).toString())
                .hasSizeLessThan(1_100)
                .contains("5002 characters");
    }
}
