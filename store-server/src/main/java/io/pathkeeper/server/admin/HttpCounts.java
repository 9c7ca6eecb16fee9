package io.pathkeeper.server.admin;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/** How many requests ended how: by the code of their answer, or {@value #UNTAKEN} when the other side did not take it in time. Any thread. */
final class HttpCounts {
    static final String UNTAKEN = "untaken";
    private static final int[] CODES = {200, 400, 404, 405, 408, 413, 414, 431, 500, 503};

    private final Map<String, LongAdder> byCode = new LinkedHashMap<>();

    HttpCounts() {
        for (int code : CODES) {
            byCode.put(Integer.toString(code), new LongAdder());
        }
        byCode.put(UNTAKEN, new LongAdder());
    }

    void ended(int code) {
        ended(Integer.toString(code));
    }

    void ended(String code) {
        LongAdder count = byCode.get(code);
        if (count == null) {
            throw new IllegalArgumentException(code + " is never answered");
        }
        count.increment();
    }

    Set<String> codes() {
        return byCode.keySet();
    }

    long of(String code) {
        LongAdder count = byCode.get(code);
        return count == null ? 0 : count.sum();
    }
}
