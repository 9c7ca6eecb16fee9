package io.pathkeeper.it.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/** The znodes of a load: paths by number, spread over parents, and one value for all. Immutable. */
final class Znodes {
    static final String ROOT = "/bench";
    /** Sets of a transaction. */
    static final int IN_TRANSACTION = 10;

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

    /**
     * So many different paths, at equal distances from a random one on.
     *
     * @throws IllegalArgumentException when there are not so many znodes
     */
    List<String> randomDistinct(SplittableRandom random, int wanted) {
        if (wanted > count) {
            throw new IllegalArgumentException(
                    "there are " + count + " znodes: a transaction of " + wanted + " different ones needs more");
        }
        int first = random.nextInt(count);
        int step = count / wanted;
        List<String> paths = new ArrayList<>(wanted);
        for (int i = 0; i < wanted; i++) {
            paths.add(path((int) (((long) first + (long) i * step) % count)));
        }
        return paths;
    }
}
