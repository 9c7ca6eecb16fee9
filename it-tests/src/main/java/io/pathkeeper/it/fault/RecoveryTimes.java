package io.pathkeeper.it.fault;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Times until writes were back, in milliseconds. Used by one thread. */
final class RecoveryTimes {
    private final List<Long> millis = new ArrayList<>();

    void add(long value) {
        int found = Collections.binarySearch(millis, value);
        millis.add(found < 0 ? -found - 1 : found, value);
    }

    int count() {
        return millis.size();
    }

    /** Least of them that so many of a hundred do not exceed; 0 without any. */
    long percentile(int percent) {
        return millis.isEmpty()
                ? 0
                : millis.get(Math.min(millis.size() - 1, (int) Math.ceil(millis.size() * percent / 100.0) - 1));
    }

    long most() {
        return percentile(100);
    }
}
