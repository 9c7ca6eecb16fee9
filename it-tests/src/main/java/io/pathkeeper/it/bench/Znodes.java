package io.pathkeeper.it.bench;

import java.util.Random;
import java.util.SplittableRandom;

/** The znodes of a load: paths by number, spread over parents, and one value for all. Immutable. */
final class Znodes {
    static final String ROOT = "/bench";
    private static final int CHILDREN_PER_PARENT = 1_000;

    private final int count;
    private final byte[] value;

    Znodes(int count, int valueBytes) {
        this.count = count;
        this.value = new byte[valueBytes];
        new Random(1).nextBytes(value);
    }

    int count() {
        return count;
    }

    /** Not a copy: nobody changes it. */
    byte[] value() {
        return value;
    }

    int parentCount() {
        return (count + CHILDREN_PER_PARENT - 1) / CHILDREN_PER_PARENT;
    }

    static String parent(int number) {
        return ROOT + "/p" + number;
    }

    static String path(int number) {
        return parent(number / CHILDREN_PER_PARENT) + "/n" + number;
    }

    String random(SplittableRandom random) {
        return path(random.nextInt(count));
    }
}
