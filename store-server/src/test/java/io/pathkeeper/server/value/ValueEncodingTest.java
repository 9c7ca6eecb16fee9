package io.pathkeeper.server.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(180)
class ValueEncodingTest {
    private static final String[] TEXTS = {
        "", "a", "ab", "é", "\uFFFD", "\uE000", "😀", "z", "a/b", "~", "key", "\u0000"
    };

    @ParameterizedTest
    @CsvSource({
        "null,0800",
        "false,1000",
        "true,1001",
        "0,1800",
        "-1,1801",
        "150,18ac02",
        "-9223372036854775808,18ffffffffffffffffff01",
        "text:hi,2a026869",
        "bytes:00ff,320200ff"
    })
    void hasOneFixedForm(String value, String encoding) {
        assertThat(HexFormat.of().formatHex(ValueEncoding.encode(scalar(value))))
                .isEqualTo(encoding);
    }

    private static Value scalar(String text) {
        if (text.equals("null")) {
            return Value.Null.INSTANCE;
        } else if (text.equals("true") || text.equals("false")) {
            return new Value.Bool(text.equals("true"));
        } else if (text.startsWith("text:")) {
            return new Value.Text(text.substring(5));
        } else if (text.startsWith("bytes:")) {
            return new Value.Bytes(HexFormat.of().parseHex(text.substring(6)));
        }
        return new Value.Int(Long.parseLong(text));
    }

    @Test
    void roundTripsAndIsReadByProtobuf() throws InvalidProtocolBufferException {
        long seed = Long.getLong("model.seed", System.nanoTime());
        System.out.println("ValueEncodingTest: -Dmodel.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            Value value = random(random, 4);
            byte[] encoding = ValueEncoding.encode(value);
            assertThat(ValueEncoding.decode(encoding)).as("seed %d", seed).isEqualTo(value);
            assertThat(ValueEncoding.encode(shuffled(value, random))).isEqualTo(encoding);
            assertThat(ValueEncoding.kindOf(encoding)).isEqualTo(value.kind());
            assertThat(fromProto(io.pathkeeper.v1.Value.parseFrom(encoding))).isEqualTo(value);
            checkSize(value, encoding.length);
        }
    }

    private static void checkSize(Value value, int size) {
        ValueLimits exact = new ValueLimits(Math.max(2, size), 32, 65_536, 512);
        assertThat(ValueEncoding.check(value, exact)).isNull();
        if (size > 2) {
            ValueProblem problem = ValueEncoding.check(value, new ValueLimits(size - 1, 32, 65_536, 512));
            assertThat(problem).isNotNull();
            assertThat(problem.kind()).isEqualTo(ValueProblem.Kind.TOO_LARGE);
            assertThat(problem.actual()).isEqualTo(size);
            assertThat(problem.limit()).isEqualTo(size - 1);
        }
    }

    /** Every change of one byte either gives another value or is refused: no value has two encodings. */
    @Test
    void refusesOrTellsApartEveryChangedByte() {
        long seed = Long.getLong("model.seed", System.nanoTime());
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] encoding = ValueEncoding.encode(random(random, 3));
            byte[] changed = encoding.clone();
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            changed = random.nextInt(10) == 0 ? Arrays.copyOf(changed, random.nextInt(changed.length)) : changed;
            try {
                assertThat(ValueEncoding.encode(ValueEncoding.decode(changed)))
                        .as("seed %d", seed)
                        .isEqualTo(changed);
            } catch (InvalidValueException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1_000);
    }

    @ParameterizedTest
    @CsvSource({
        "'',cut off",
        "08,cut off",
        "0801,null",
        "1002,truth",
        "188000,shortest",
        "18ffffffffffffffffff02,shortest",
        "18ffffffffffffffffffff01,64 bits",
        "21000000000000f07f,double",
        "210000000000000080,double",
        "2100,double is cut off",
        "2a02ff41,UTF-8",
        "2a036869,leads out",
        "2a02eda0,UTF-8",
        "0800ff,behind",
        "4a00,unknown tag",
        "3a021200,tag 18",
        "420c0a040a01621202080000,",
        "420e0a050a0162120008000a050a0161,",
    })
    void refusesWhatIsNotCanonical(String hex, String message) {
        byte[] bytes = HexFormat.of().parseHex(hex);

        assertThatThrownBy(() -> ValueEncoding.decode(bytes))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("no canonical encoding")
                .hasMessageContaining(message == null ? "" : message);
    }

    @Test
    void refusesMapsOutOfOrder() {
        Value.Field a = new Value.Field("a", Value.Null.INSTANCE);
        Value.Field b = new Value.Field("b", Value.Null.INSTANCE);
        assertThat(kindOf(new Value.Fields(List.of(b, a)))).isEqualTo(ValueProblem.Kind.NOT_CANONICAL);
        assertThat(kindOf(Value.Fields.sorted(List.of(b, a, b)))).isEqualTo(ValueProblem.Kind.DUPLICATE_KEY);
        byte[] wrong = ValueEncoding.encode(new Value.Fields(List.of(b, a)));
        assertThatThrownBy(() -> ValueEncoding.decode(wrong)).hasMessageContaining("order");
        byte[] twice = ValueEncoding.encode(new Value.Fields(List.of(a, a)));
        assertThatThrownBy(() -> ValueEncoding.decode(twice)).hasMessageContaining("unique");
    }

    /** Beyond U+FFFF the order of UTF-8 is not that of UTF-16. */
    @Test
    void sortsKeysByTheirBytes() {
        Value.Fields map = Value.Fields.sorted(
                List.of(new Value.Field("😀", Value.Null.INSTANCE), new Value.Field("\uFFEF", Value.Null.INSTANCE)));

        assertThat(map.fields()).extracting(Value.Field::key).containsExactly("\uFFEF", "😀");
        assertThat(kindOf(map)).isNull();
    }

    @Test
    void refusesWhatIsOverALimit() {
        assertThat(kindOf(new Value.Real(Double.NaN))).isEqualTo(ValueProblem.Kind.NUMBER_RANGE);
        assertThat(kindOf(new Value.Real(Double.NEGATIVE_INFINITY))).isEqualTo(ValueProblem.Kind.NUMBER_RANGE);
        assertThat(kindOf(new Value.Text("\uD800"))).isEqualTo(ValueProblem.Kind.TEXT_INVALID);
        assertThat(kindOf(map("\uDC00x"))).isEqualTo(ValueProblem.Kind.TEXT_INVALID);
        assertThat(kindOf(map("é".repeat(256)))).isNull();
        assertThat(kindOf(map("é".repeat(256) + "x"))).isEqualTo(ValueProblem.Kind.KEY_TOO_LONG);
        assertThat(kindOf(nested(32))).isNull();
        assertThat(kindOf(nested(33))).isEqualTo(ValueProblem.Kind.TOO_DEEP);
        assertThat(kindOf(nested(100_000))).isEqualTo(ValueProblem.Kind.TOO_DEEP);
        assertThat(kindOf(new Value.Items(Collections.nCopies(65_536, Value.Null.INSTANCE))))
                .isNull();
        assertThat(kindOf(new Value.Items(Collections.nCopies(65_537, Value.Null.INSTANCE))))
                .isEqualTo(ValueProblem.Kind.TOO_MANY_ELEMENTS);
        assertThat(kindOf(new Value.Bytes(new byte[(1 << 20) - 4]))).isNull();
        assertThat(kindOf(new Value.Bytes(new byte[(1 << 20) - 3]))).isEqualTo(ValueProblem.Kind.TOO_LARGE);
    }

    @Test
    void refusesToFollowTooManyLevels() {
        byte[] encoding = ValueEncoding.encode(nested(200));

        assertThatThrownBy(() -> ValueEncoding.decode(encoding)).hasMessageContaining("100 levels");
    }

    @Test
    void encodesMinusZeroAsZero() {
        assertThat(ValueEncoding.encode(new Value.Real(-0.0))).isEqualTo(ValueEncoding.encode(new Value.Real(0.0)));
    }

    private static Value map(String key) {
        return new Value.Fields(List.of(new Value.Field(key, Value.Null.INSTANCE)));
    }

    private static Value nested(int depth) {
        Value value = Value.Null.INSTANCE;
        for (int i = 1; i < depth; i++) {
            value = new Value.Items(List.of(value));
        }
        return value;
    }

    private static ValueProblem.Kind kindOf(Value value) {
        ValueProblem problem = ValueEncoding.check(value, ValueLimits.DEFAULT);
        return problem == null ? null : problem.kind();
    }

    static Value random(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 10 : 7)) {
            case 0 -> Value.Null.INSTANCE;
            case 1 -> new Value.Bool(random.nextBoolean());
            case 2 -> new Value.Int(random.nextLong() >> random.nextInt(64));
            case 3 -> new Value.Real(random.nextBoolean() ? random.nextGaussian() * 1e300 : random.nextInt(3));
            case 4 -> new Value.Text(TEXTS[random.nextInt(TEXTS.length)].repeat(random.nextInt(60)));
            case 5, 6 -> {
                byte[] bytes = new byte[random.nextInt(300)];
                random.nextBytes(bytes);
                yield new Value.Bytes(bytes);
            }
            case 7 -> {
                List<Value> items = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    items.add(random(random, depth - 1));
                }
                yield new Value.Items(items);
            }
            default -> {
                List<Value.Field> fields = new ArrayList<>();
                for (String key : TEXTS) {
                    if (random.nextInt(3) == 0) {
                        fields.add(new Value.Field(key, random(random, depth - 1)));
                    }
                }
                yield Value.Fields.sorted(fields);
            }
        };
    }

    /** The same value with the entries of its maps given in another order. */
    private static Value shuffled(Value value, Random random) {
        if (value instanceof Value.Items list) {
            return new Value.Items(
                    list.items().stream().map(item -> shuffled(item, random)).toList());
        } else if (value instanceof Value.Fields map) {
            List<Value.Field> fields = new ArrayList<>();
            map.fields().forEach(field -> fields.add(new Value.Field(field.key(), shuffled(field.value(), random))));
            Collections.shuffle(fields, random);
            return Value.Fields.sorted(fields);
        }
        return value;
    }

    private static Value fromProto(io.pathkeeper.v1.Value value) {
        return switch (value.getKindCase()) {
            case NULL_VALUE -> Value.Null.INSTANCE;
            case BOOL_VALUE -> new Value.Bool(value.getBoolValue());
            case INT_VALUE -> new Value.Int(value.getIntValue());
            case DOUBLE_VALUE -> new Value.Real(value.getDoubleValue());
            case STRING_VALUE -> new Value.Text(value.getStringValue());
            case BYTES_VALUE -> new Value.Bytes(value.getBytesValue().toByteArray());
            case LIST_VALUE ->
                new Value.Items(value.getListValue().getItemsList().stream()
                        .map(ValueEncodingTest::fromProto)
                        .toList());
            case MAP_VALUE ->
                new Value.Fields(value.getMapValue().getEntriesList().stream()
                        .map(entry -> new Value.Field(entry.getKey(), fromProto(entry.getValue())))
                        .toList());
            case KIND_NOT_SET -> throw new AssertionError("no kind");
        };
    }
}
