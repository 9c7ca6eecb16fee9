package io.pathkeeper.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.value.Value;
import io.pathkeeper.server.value.ValueEncoding;
import io.pathkeeper.server.value.ValueLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class JsonValuesTest {
    private static final ValueLimits LIMITS = ValueLimits.DEFAULT;

    private static Value parse(String text) {
        return JsonValues.parse(text, LIMITS);
    }

    private static RejectReason refusal(String text) {
        RejectedException e = catchThrowableOfType(RejectedException.class, () -> parse(text));
        assertThat(e).as("refusal of %s", text).isNotNull();
        assertThat(e.rejection().message()).isNotBlank().doesNotContain("\n");
        return e.rejection().reason();
    }

    @Test
    void readsEveryType() {
        assertThat(
                        parse(
                                " {\"b\":[true,false,null],\"a\":\"\\u00e4\\ud83d\\ude00\",\"n\":-7,\"x\":1.5,\"y\":{\"$bytes\":\"AP8=\"}} "))
                .isEqualTo(new Value.Fields(List.of(
                        new Value.Field("a", new Value.Text("ä😀")),
                        new Value.Field(
                                "b",
                                new Value.Items(
                                        List.of(new Value.Bool(true), new Value.Bool(false), Value.Null.INSTANCE))),
                        new Value.Field("n", new Value.Int(-7)),
                        new Value.Field("x", new Value.Real(1.5)),
                        new Value.Field("y", new Value.Bytes(new byte[] {0, -1})))));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "9223372036854775807, 9223372036854775807",
        "-9223372036854775808, -9223372036854775808",
        "1763795319123456789, 1763795319123456789"
    })
    void integersThatFitAreExact(String literal, long expected) {
        assertThat(parse(literal)).isEqualTo(new Value.Int(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "0.1, 0.1",
        "-0.0, 0.0",
        "1.10, 1.1",
        "1e3, 1000.0",
        "1E-7, 1.0E-7",
        "9223372036854775808, 9.223372036854775808E18",
        "100000000000000000000, 1E20",
        "0.30000000000000004, 0.30000000000000004",
        "4.9E-324, 4.9E-324",
        "5e-324, 4.9E-324",
        "2.2250738585072014E-308, 2.2250738585072014E-308",
        "1.7976931348623157E308, 1.7976931348623157E308",
        "2e23, 2e23"
    })
    void otherNumbersAreDoublesWhenNothingIsLost(String literal, double expected) {
        assertThat(parse(literal)).isEqualTo(new Value.Real(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9223372036854775809",
                "123456789012345678901234567890",
                "0.1000000000000000055511151231257828",
                "1e400",
                "-1e309",
                "1e-400",
                "3.14159265358979323846"
            })
    void numbersThatWouldLoseSomethingAreRefused(String literal) {
        assertThat(refusal(literal)).isEqualTo(RejectReason.NUMBER_RANGE);
    }

    @Test
    void numberOfManyDigitsIsRefusedQuickly() {
        assertThat(refusal("1".repeat(500_000))).isEqualTo(RejectReason.NUMBER_RANGE);
        assertThat(refusal("1e" + "9".repeat(900))).isEqualTo(RejectReason.NUMBER_RANGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "{a:1}",
                "'a'",
                "\"a",
                "\"a\nb\"",
                "01",
                "+1",
                ".5",
                "1.",
                "NaN",
                "Infinity",
                "nul",
                "1 2",
                "{} x",
                "[1] // no",
                "\"\\x\"",
                "{\"a\":1,\"a\":2}",
                "{\"a\":{\"b\":1,\"c\":2,\"b\":3}}",
                "{\"a\":1,\"\\u0061\":2}",
                "{\"$bytes\":1}",
                "{\"$bytes\":\"?\"}",
                "{\"$bytes\":\"AP8\\n\"}",
                "\uFEFF1"
            })
    void textThatIsNotJsonIsRefused(String text) {
        assertThat(refusal(text)).isEqualTo(RejectReason.JSON_INVALID);
    }

    @Test
    void depthAndElementsAreLimited() {
        String deep = "[".repeat(31) + "1" + "]".repeat(31);
        assertThat(JsonValues.print(parse(deep))).isEqualTo(deep);
        assertThat(refusal("[" + deep + "]")).isEqualTo(RejectReason.VALUE_INVALID);
        assertThat(refusal("[".repeat(1_000_000))).isIn(RejectReason.VALUE_INVALID, RejectReason.JSON_INVALID);
        assertThat(refusal("[" + "1,".repeat(65_536) + "1]")).isEqualTo(RejectReason.VALUE_INVALID);
    }

    @Test
    void mapsThatLookLikeBytesComeBackAsTheyWere() {
        for (String key : List.of("$bytes", "$$bytes", "$$$bytes", "bytes", "$", "$bytes2")) {
            Value map = new Value.Fields(List.of(new Value.Field(key, new Value.Text("not base64!"))));
            assertThat(parse(JsonValues.print(map))).as(key).isEqualTo(map);
        }
        Value two = new Value.Fields(
                List.of(new Value.Field("$bytes", new Value.Text("AA==")), new Value.Field("x", new Value.Int(1))));
        assertThat(parse(JsonValues.print(two))).isEqualTo(two);
    }

    @Test
    void keysAreInTheOrderOfTheirBytes() {
        // by UTF-16 units the emoji would come first
        assertThat(JsonValues.print(parse("{\"\\uff5e\":1,\"\\ud83d\\ude00\":2,\"a\":3,\"\":4}")))
                .isEqualTo("{\"\":4,\"a\":3,\"～\":1,\"😀\":2}");
    }

    @Test
    void randomValuesComeBackAsTheyWere() {
        long seed = Long.getLong("pathkeeper.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            Value value = random(random, 4);
            String text = JsonValues.print(value);
            Value back = parse(text);
            assertThat(ValueEncoding.encode(back))
                    .as("seed %d, value %d: %s", seed, i, text)
                    .isEqualTo(ValueEncoding.encode(value));
        }
    }

    @Test
    void randomTextNeverFailsOtherwiseThanByRefusal() {
        long seed = Long.getLong("pathkeeper.seed", System.nanoTime());
        Random random = new Random(seed);
        String alphabet = "{}[]\",:\\u0123.eE+-truefalsn $bytes\u0000ä\ud83d ";
        int read = 0;
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n >= 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                parse(text.toString());
                read++;
            } catch (RejectedException e) {
                assertThat(e.rejection().reason())
                        .as("seed %d: %s", seed, text)
                        .isIn(RejectReason.JSON_INVALID, RejectReason.NUMBER_RANGE, RejectReason.VALUE_INVALID);
            }
        }
        assertThat(read).isPositive();
    }

    private static Value random(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 6 : 8)) {
            case 0 -> Value.Null.INSTANCE;
            case 1 -> new Value.Bool(random.nextBoolean());
            case 2 -> new Value.Int(random.nextLong() >> random.nextInt(64));
            case 3 -> new Value.Real(real(random));
            case 4 -> new Value.Text(text(random));
            case 5 -> {
                byte[] bytes = new byte[random.nextInt(20)];
                random.nextBytes(bytes);
                yield new Value.Bytes(bytes);
            }
            case 6 -> {
                List<Value> items = new ArrayList<>();
                for (int n = random.nextInt(5); n > 0; n--) {
                    items.add(random(random, depth - 1));
                }
                yield new Value.Items(items);
            }
            default -> {
                TreeMap<String, Value> fields = new TreeMap<>(JsonValues.KEY_ORDER);
                for (int n = random.nextInt(5); n > 0; n--) {
                    fields.put(random.nextInt(8) == 0 ? "$bytes" : text(random), random(random, depth - 1));
                }
                yield new Value.Fields(fields.entrySet().stream()
                        .map(e -> new Value.Field(e.getKey(), e.getValue()))
                        .toList());
            }
        };
    }

    private static double real(Random random) {
        double number = switch (random.nextInt(4)) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> random.nextInt(1_000_000) / 1_000.0;
            case 2 -> Math.scalb(random.nextInt(1_000), random.nextInt(2_000) - 1_000);
            default -> random.nextLong();
        };
        return Double.isFinite(number) && number != 0 ? number : 0.5;
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(6); n > 0; n--) {
            int point = random.nextInt(4) == 0 ? random.nextInt(0x110000) : random.nextInt(128);
            text.appendCodePoint(point >= 0xD800 && point <= 0xDFFF ? 'x' : point);
        }
        return text.toString();
    }
}
