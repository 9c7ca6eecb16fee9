package io.pathkeeper.pathctl;

import io.pathkeeper.client.model.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Values of every type, with the awkward ones more often than chance would have it. */
public final class RandomValues {
    private static final long[] INTEGERS = {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 53, (1L << 53) + 1};
    private static final double[] DOUBLES = {
        0.0, 1.0, -1.5, 0.1, Double.MAX_VALUE, Double.MIN_VALUE, 1e15, 1e16, 1e22, 0x1p63, 123456789.0, 1e-7
    };
    private static final String[] TEXTS = {
        "", "$bytes", "$map", "a", "\u0000\u001f\n\t\"\\/", "é", "\uD83D\uDE00", "\u2028", "0", "null", "YQ=="
    };

    private RandomValues() {}

    public static Value next(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> Value.NULL;
            case 1 -> Value.of(random.nextBoolean());
            case 2 -> Value.of(random.nextBoolean() ? random.nextLong() : INTEGERS[random.nextInt(INTEGERS.length)]);
            case 3 -> Value.of(random.nextBoolean() ? anyDouble(random) : DOUBLES[random.nextInt(DOUBLES.length)]);
            case 4 -> Value.of(text(random));
            case 5 -> {
                byte[] bytes = new byte[random.nextInt(20)];
                random.nextBytes(bytes);
                yield Value.of(bytes);
            }
            case 6 -> {
                List<Value> items = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    items.add(next(random, depth - 1));
                }
                yield Value.of(items);
            }
            default -> {
                Map<String, Value> entries = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    entries.put(text(random), next(random, depth - 1));
                }
                yield Value.of(entries);
            }
        };
    }

    private static double anyDouble(Random random) {
        double number = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(number) ? number : 2.5;
    }

    private static String text(Random random) {
        return TEXTS[random.nextInt(TEXTS.length)] + (random.nextInt(3) == 0 ? random.nextInt(100) : "");
    }
}
