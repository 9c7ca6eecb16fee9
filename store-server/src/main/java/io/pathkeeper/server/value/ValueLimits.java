package io.pathkeeper.server.value;

/**
 * Limits of one value. The same on every server of a cluster: they decide what a patch may do.
 *
 * @param maxBytes size of the canonical encoding
 * @param maxDepth levels of values inside each other; a scalar has one
 * @param maxElements items of lists and entries of maps, at all levels together
 * @param maxKeyBytes UTF-8 size of a key of a map
 */
public record ValueLimits(int maxBytes, int maxDepth, int maxElements, int maxKeyBytes) {
    /** 1 MiB, 32 levels, 65,536 elements, keys of 512 bytes. */
    public static final ValueLimits DEFAULT = new ValueLimits(1 << 20, 32, 65_536, 512);

    /** Refuses limits that cannot be met by any value. */
    public ValueLimits {
        if (maxBytes < 2 || maxDepth < 1 || maxElements < 0 || maxKeyBytes < 0) {
            throw new IllegalArgumentException("limits of a value: maxBytes " + maxBytes + " (at least 2), maxDepth "
                    + maxDepth + " (at least 1), maxElements " + maxElements + ", maxKeyBytes " + maxKeyBytes
                    + " (at least 0)");
        }
    }
}
