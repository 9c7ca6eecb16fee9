package io.pathkeeper.pathctl.migrate;

import org.jspecify.annotations.Nullable;

/**
 * What a migration reads about one place at the source.
 *
 * @param name what the source calls it, for messages
 * @param path where it goes, absolute
 * @param data its bytes, not copied; null when it has none
 * @param counter number that its next sequential child gets
 * @param parent whether there is something below it
 * @param place whether the source has nothing there itself, and only what is below it needs a place: any znode will do
 */
record SourceEntry(String name, String path, byte @Nullable [] data, long counter, boolean parent, boolean place) {
    int bytes() {
        return data == null ? 0 : data.length;
    }
}
