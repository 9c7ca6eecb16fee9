package io.pathkeeper.it.fault.workload;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** All workloads by name. */
public final class Workloads {
    private static final int CALLS_PER_SECOND = 100;
    private static final int CHANGES_PER_SECOND = 40;

    private static final Map<String, Supplier<Workload>> ALL = new LinkedHashMap<>();

    static {
        ALL.put("register", () -> new RegisterWorkload("register", 0, CALLS_PER_SECOND));
        ALL.put("compare-and-set", () -> new RegisterWorkload("compare-and-set", 5, CALLS_PER_SECOND));
        ALL.put("counter", () -> new CounterWorkload(CALLS_PER_SECOND));
        ALL.put("set", () -> new SetWorkload(CALLS_PER_SECOND));
        ALL.put("list-append", () -> new ListAppendWorkload(CALLS_PER_SECOND));
        ALL.put("bank", () -> new BankWorkload(CALLS_PER_SECOND));
        ALL.put("sequential", () -> new SequenceWorkload(CALLS_PER_SECOND));
        ALL.put("recursive-delete", () -> new SubtreeWorkload(CALLS_PER_SECOND));
        ALL.put("sessions-locks", LockWorkload::new);
        ALL.put("elections", ElectionWorkload::new);
        ALL.put("fresh-reads", FreshReadsWorkload::new);
        ALL.put("repeats", RepeatsWorkload::new);
        ALL.put("observers", () -> new ObserverWorkload(CHANGES_PER_SECOND));
    }

    private Workloads() {}

    /** The names. */
    public static List<String> names() {
        return List.copyOf(ALL.keySet());
    }

    /**
     * Makes a workload.
     *
     * @throws IllegalArgumentException when there is none of this name
     */
    public static Workload make(String name) {
        Supplier<Workload> workload = ALL.get(name);
        if (workload == null) {
            throw new IllegalArgumentException(
                    "there is no workload '" + name + "'; there are " + String.join(", ", names()));
        }
        return workload.get();
    }
}
