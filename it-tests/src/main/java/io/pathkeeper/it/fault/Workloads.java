package io.pathkeeper.it.fault;

import io.pathkeeper.it.fault.workload.Workload;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The loads by name. */
final class Workloads {
    private static final Map<String, Supplier<Workload>> BY_NAME = new TreeMap<>();

    private Workloads() {}

    /** All names. */
    static List<String> names() {
        return List.copyOf(BY_NAME.keySet());
    }

    /**
     * New loads with such names; all for an empty list.
     *
     * @throws IllegalArgumentException for a name that there is not
     */
    static List<Workload> named(List<String> names) {
        return (names.isEmpty() ? names() : names)
                .stream()
                        .map(name -> {
                            Supplier<Workload> supplier = BY_NAME.get(name);
                            if (supplier == null) {
                                throw new IllegalArgumentException(
                                        "there is no workload '" + name + "': " + String.join(", ", BY_NAME.keySet()));
                            }
                            return supplier.get();
                        })
                        .toList();
    }
}
