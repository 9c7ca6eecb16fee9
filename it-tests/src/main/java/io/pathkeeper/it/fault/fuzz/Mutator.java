package io.pathkeeper.it.fault.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Makes inputs from valid ones: a few changes each, by seeded dice. Of one thread. */
final class Mutator {
    private static final int MAX_BYTES = 64 << 10;
    private static final int MAX_CHANGES = 4;
    /** Numbers on whose borders decoders go wrong, as bytes that may stand in any of the formats. */
    private static final byte[][] MEANINGFUL = {
        {0},
        {1},
        {(byte) 0x7f},
        {(byte) 0x80},
        {(byte) 0xff},
        {(byte) 0x80, 1},
        {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7},
        {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 15},
        {-1, -1, -1, -1, -1, -1, -1, -1, -1, 1},
        {-1, -1, -1, -1, -1, -1, -1, -1, 127},
        {
            (byte) 0x80,
            (byte) 0x80,
            (byte) 0x80,
            (byte) 0x80,
            (byte) 0x80,
            (byte) 0x80,
            (byte) 0x80,
            (byte) 0x80,
            (byte) 0x80,
            1
        },
        {-1, -1, -1, -1},
        {0, 0, 0, (byte) 0x80},
        {-1, -1, -1, 0x7f},
        {'/'},
        {'~'},
        {'.', '.'},
        {'"'},
        {'\\'},
        {'\\', 'u', 'd', '8', '0', '0'},
        {'['},
        {'{'},
        {'-'},
        {'1', 'e', '9', '9', '9'},
        {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
        {(byte) 0xc0, (byte) 0x80},
        {(byte) 0xf0, (byte) 0x9f, (byte) 0x98, (byte) 0x80},
    };

    private final List<byte[]> seeds;
    private final SplittableRandom dice;

    Mutator(List<byte[]> seeds, SplittableRandom dice) {
        this.seeds = seeds;
        this.dice = dice;
    }

    byte[] next() {
        byte[] input = seed();
        int changes = 1 + dice.nextInt(MAX_CHANGES);
        for (int i = 0; i < changes; i++) {
            input = change(input);
        }
        return input.length > MAX_BYTES ? Arrays.copyOf(input, MAX_BYTES) : input;
    }

    private byte[] seed() {
        return seeds.get(dice.nextInt(seeds.size()));
    }

    private byte[] change(byte[] input) {
        if (input.length == 0) {
            return MEANINGFUL[dice.nextInt(MEANINGFUL.length)];
        }
        int at = dice.nextInt(input.length);
        int length = 1 + dice.nextInt(Math.min(input.length - at, 1 << dice.nextInt(12)));
        byte[] meaningful = MEANINGFUL[dice.nextInt(MEANINGFUL.length)];
        switch (dice.nextInt(10)) {
            case 0 -> {
                byte[] changed = input.clone();
                changed[at] ^= (byte) (1 << dice.nextInt(8));
                return changed;
            }
            case 1 -> {
                byte[] changed = input.clone();
                changed[at] = (byte) dice.nextInt(256);
                return changed;
            }
            case 2 -> {
                byte[] changed = input.clone();
                changed[at] += (byte) (dice.nextInt(7) - 3);
                return changed;
            }
            case 3 -> {
                return spliced(input, at, at + 1, meaningful);
            }
            case 4 -> {
                return spliced(input, at, at, meaningful);
            }
            case 5 -> {
                return spliced(input, at, at + length, new byte[0]);
            }
            case 6 -> {
                return repeated(input, at, length);
            }
            case 7 -> {
                return Arrays.copyOf(input, at);
            }
            case 8 -> {
                byte[] other = seed();
                int from = other.length == 0 ? 0 : dice.nextInt(other.length);
                return spliced(input, at, input.length, Arrays.copyOfRange(other, from, other.length));
            }
            default -> {
                byte[] noise = new byte[length];
                dice.nextBytes(noise);
                return spliced(input, at, at + length, noise);
            }
        }
    }

    private static byte[] spliced(byte[] input, int from, int to, byte[] with) {
        byte[] changed = new byte[input.length - (to - from) + with.length];
        System.arraycopy(input, 0, changed, 0, from);
        System.arraycopy(with, 0, changed, from, with.length);
        System.arraycopy(input, to, changed, from + with.length, input.length - to);
        return changed;
    }

    /** A part several times, now and then so often that a decoder which calls itself is in danger. */
    private byte[] repeated(byte[] input, int at, int length) {
        int times = 1 + (dice.nextInt(64) == 0 ? dice.nextInt(MAX_BYTES / length) : dice.nextInt(4));
        ByteArrayOutputStream out = new ByteArrayOutputStream(input.length + times * length);
        out.write(input, 0, at);
        for (int i = 0; i < times; i++) {
            out.write(input, at, length);
        }
        out.write(input, at, input.length - at);
        return out.toByteArray();
    }
}
