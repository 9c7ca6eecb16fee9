package io.pathkeeper.it.fault.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * All observations of one subtree, and what was written there. What was done is put together from the writes that were acknowledged and from what all observers were told: nothing of
 * it may be told that nobody tried to write, or more often than it was tried, refused tries not counted. What any observer was told of a revision is true of all: whoever was told everything from one revision
 * to another one was told this, too, if he asked for it, and of the same path and value. An initial state is what the changes up to its revision make, so is the tree in the end, and so is what a znode
 * is told to have been before a change. Safe to record from any thread.
 */
public final class ObserverHistory {
    private static final int MAX_VIOLATIONS = 10;

    private final List<ObserverTrace> traces = new ArrayList<>();
    private final List<ObservedEvent> acknowledged = new ArrayList<>();
    private final List<Tree> trees = new ArrayList<>();
    private final Attempts attempts = new Attempts();

    /** A change that somebody asks for; {@code value} is 0 for a deletion. */
    public record Attempt(String path, ObservedEvent.Kind kind, long value) {}

    private record Tree(String server, long revision, Map<String, Long> values) {}

    /** Adds an observation that is over. */
    public synchronized void add(ObserverTrace trace) {
        if (trace.isStanding() || !trace.faults().isEmpty()) {
            traces.add(trace);
        }
    }

    /** Adds a change that is about to be asked for; a refused one is taken back by {@link #refused}. */
    public synchronized void attempted(Attempt attempt) {
        attempts.add(attempt);
    }

    /** A change had no effect, its server said. */
    public synchronized void refused(Attempt attempt) {
        attempts.refused(attempt);
    }

    /** Adds a change that was acknowledged. */
    public synchronized void acknowledged(ObservedEvent event) {
        acknowledged.add(event);
    }

    /** Adds the values of all znodes as they were read from a server. */
    public synchronized void tree(String server, long revision, Map<String, Long> values) {
        trees.add(new Tree(server, revision, Map.copyOf(values)));
    }

    /** Returns a sentence for everything that is wrong, at most ten and the number of the others. */
    public synchronized List<String> violations() {
        List<String> violations = new ArrayList<>();
        traces.forEach(trace -> violations.addAll(trace.faults()));
        TreeMap<Long, Map<String, ObservedEvent>> all = union(violations);
        for (ObservedEvent event : acknowledged) {
            all.computeIfAbsent(event.revision(), revision -> new HashMap<>()).putIfAbsent(key(event), event);
        }
        acknowledged.forEach(event -> differing(all, event, "acknowledged", violations));
        violations.addAll(attempts.violations(all.values()));
        for (ObserverTrace trace : traces) {
            leftOut(trace, all, violations);
            if (trace.isStanding()) {
                initialState(trace, all, violations);
            }
        }
        for (Tree tree : trees) {
            differingState(
                    "the tree at " + tree.revision() + " on " + tree.server(),
                    tree.values(),
                    state(all, tree.revision(), path -> true),
                    violations);
        }
        previous(all, violations);
        int hidden = violations.size() - MAX_VIOLATIONS;
        if (hidden > 0) {
            violations.subList(MAX_VIOLATIONS, violations.size()).clear();
            violations.add("and " + hidden + " more");
        }
        return violations;
    }

    private TreeMap<Long, Map<String, ObservedEvent>> union(List<String> violations) {
        TreeMap<Long, Map<String, ObservedEvent>> all = new TreeMap<>();
        for (ObserverTrace trace : traces) {
            for (ObservedEvent event : trace.events()) {
                all.computeIfAbsent(event.revision(), revision -> new HashMap<>())
                        .putIfAbsent(key(event), event);
                differing(all, event, trace.name(), violations);
            }
        }
        return all;
    }

    private static String key(ObservedEvent event) {
        return event.kind() + " " + event.path();
    }

    private static void differing(
            TreeMap<Long, Map<String, ObservedEvent>> all, ObservedEvent event, String who, List<String> violations) {
        ObservedEvent known = all.getOrDefault(event.revision(), Map.of()).get(key(event));
        if (!event.equals(known)) {
            violations.add("told differently: " + who + " " + event + ", others " + known);
        }
    }

    private static void leftOut(
            ObserverTrace trace, TreeMap<Long, Map<String, ObservedEvent>> all, List<String> violations) {
        Set<ObservedEvent> told = new HashSet<>(trace.events());
        if (trace.upTo() < trace.from()) {
            return;
        }
        all.subMap(trace.from(), true, trace.upTo(), true).values().forEach(events -> {
            for (ObservedEvent event : events.values()) {
                if (trace.wanted().changes().test(event) && !told.contains(event)) {
                    violations.add("left out: " + trace.name() + ", told of everything from " + trace.from() + " to "
                            + trace.upTo() + ", was not told of " + event);
                }
            }
        });
    }

    private static void initialState(
            ObserverTrace trace, TreeMap<Long, Map<String, ObservedEvent>> all, List<String> violations) {
        if (trace.initial() != null) {
            differingState(
                    "initial state at " + (trace.from() - 1) + " of " + trace.name(),
                    trace.initial(),
                    state(all, trace.from() - 1, trace.wanted().znodes()),
                    violations);
        }
    }

    private static void differingState(
            String what, Map<String, Long> found, Map<String, Long> state, List<String> violations) {
        if (!state.equals(found)) {
            Map<String, Long> wrong = new TreeMap<>(found);
            wrong.entrySet().removeAll(state.entrySet());
            Map<String, Long> missing = new TreeMap<>(state);
            missing.entrySet().removeAll(found.entrySet());
            violations.add(what + " has " + wrong + " and should have " + missing);
        }
    }

    /** Goes through all changes once: what a znode is told to have been is what the changes before had made of it. */
    private void previous(TreeMap<Long, Map<String, ObservedEvent>> all, List<String> violations) {
        Map<Long, Map<String, Long>> before =
                new HashMap<>(); // of the changed paths; without those that were not there
        Map<String, Long> state = new HashMap<>();
        all.forEach((revision, events) -> {
            Map<String, Long> values = new HashMap<>();
            for (ObservedEvent event : events.values()) {
                Long value = state.get(event.path());
                if (value != null) {
                    values.put(event.path(), value);
                }
            }
            before.put(revision, values);
            apply(events, state);
        });
        for (ObserverTrace trace : traces) {
            for (ObserverTrace.Previous told : trace.previous()) {
                Long value = before.getOrDefault(told.revision(), Map.of()).get(told.path());
                if (!Objects.equals(value, told.value())) {
                    violations.add("previous value: " + trace.name() + " was told at " + told.revision() + " that "
                            + told.path() + " had been " + told.value() + ", it had been " + value);
                }
            }
        }
    }

    /** What the changes up to a revision make. */
    private static Map<String, Long> state(
            TreeMap<Long, Map<String, ObservedEvent>> all, long upTo, Predicate<String> contains) {
        Map<String, Long> state = new TreeMap<>();
        all.headMap(upTo, true).values().forEach(events -> apply(events, state));
        state.keySet().removeIf(contains.negate());
        return state;
    }

    /** Makes the changes of one revision. */
    private static void apply(Map<String, ObservedEvent> events, Map<String, Long> state) {
        // one path may be deleted and created at one revision, never the other way round
        events.values().stream()
                .filter(event -> event.kind() == ObservedEvent.Kind.DELETED)
                .forEach(event -> state.remove(event.path()));
        events.values().stream()
                .filter(event -> event.kind() != ObservedEvent.Kind.DELETED)
                .forEach(event -> state.put(event.path(), event.value()));
    }
}
