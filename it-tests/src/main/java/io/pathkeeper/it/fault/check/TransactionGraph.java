package io.pathkeeper.it.fault.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Which of several calls must come before which: by real time, and by what the caller adds. What must come before itself cannot be. */
final class TransactionGraph {
    private static final int MAX_CYCLES = 5;
    /** More than a history of the loads has; the search behind each costs as much as there are edges. */
    private static final int MAX_STARTS = 500;

    private record Edge(int to, String why) {}

    private final List<? extends Call<?, ?>> calls;
    private final List<List<Edge>> edges = new ArrayList<>();

    /** A graph with the edges of real time: from each call to those that were sent behind its answer, as few as say it all. */
    TransactionGraph(List<? extends Call<?, ?>> calls) {
        this.calls = calls;
        calls.forEach(call -> edges.add(new ArrayList<>()));
        realTime();
    }

    /** Says that a call comes before another one; of one and the same call it says nothing. */
    void edge(int from, int to, String why) {
        if (from != to) {
            edges.get(from).add(new Edge(to, why));
        }
    }

    private record Moment(long nanos, boolean sending, int call) {}

    private void realTime() {
        List<Moment> moments = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            moments.add(new Moment(calls.get(i).sentNanos(), true, i));
            if (calls.get(i).answeredNanos() != Call.NEVER) {
                moments.add(new Moment(calls.get(i).answeredNanos(), false, i));
            }
        }
        moments.sort(Comparator.comparingLong(Moment::nanos).thenComparing(moment -> !moment.sending()));
        Set<Integer> latest = new HashSet<>(); // answered calls without an answered call behind them
        Map<Integer, Set<Integer>> before = new HashMap<>();
        for (Moment moment : moments) {
            if (moment.sending()) {
                before.put(moment.call(), new HashSet<>(latest));
                latest.forEach(call -> edge(call, moment.call(), "answered before it was sent"));
            } else {
                latest.removeAll(before.getOrDefault(moment.call(), Set.of()));
                before.remove(moment.call());
                latest.add(moment.call());
            }
        }
    }

    /** Returns a text for each set of calls that come before themselves, at most five. */
    List<String> cycles() {
        List<String> cycles = new ArrayList<>();
        for (Set<Integer> component : components()) {
            if (cycles.size() < MAX_CYCLES) {
                cycles.add(text(component.stream()
                        .limit(MAX_STARTS)
                        .map(start -> shortest(component, start))
                        .min(Comparator.comparingInt(List::size))
                        .orElseThrow()));
            }
        }
        return cycles;
    }

    /** The strongly connected components with more than one call, by Tarjan's algorithm without recursion. */
    private List<Set<Integer>> components() {
        List<Set<Integer>> components = new ArrayList<>();
        int[] index = new int[calls.size()];
        int[] low = new int[calls.size()];
        int[] edge = new int[calls.size()];
        boolean[] open = new boolean[calls.size()];
        Arrays.fill(index, -1);
        int next = 0;
        Deque<Integer> path = new ArrayDeque<>();
        Deque<Integer> visiting = new ArrayDeque<>();
        for (int root = 0; root < calls.size(); root++) {
            if (index[root] >= 0) {
                continue;
            }
            visiting.push(root);
            while (!visiting.isEmpty()) {
                int call = visiting.element();
                if (index[call] < 0) {
                    index[call] = low[call] = next++;
                    open[call] = true;
                    path.push(call);
                }
                if (edge[call] < edges.get(call).size()) {
                    int to = edges.get(call).get(edge[call]++).to();
                    if (index[to] < 0) {
                        visiting.push(to);
                    } else if (open[to]) {
                        low[call] = Math.min(low[call], index[to]);
                    }
                } else {
                    visiting.pop();
                    if (!visiting.isEmpty()) {
                        low[visiting.element()] = Math.min(low[visiting.element()], low[call]);
                    }
                    if (low[call] == index[call]) {
                        Set<Integer> component = new HashSet<>();
                        int member;
                        do {
                            member = path.pop();
                            open[member] = false;
                            component.add(member);
                        } while (member != call);
                        if (component.size() > 1) {
                            components.add(component);
                        }
                    }
                }
            }
        }
        return components;
    }

    /** A call, and why it comes before the next one of its cycle. */
    private record Line(int call, String why) {}

    /** A shortest cycle through one call of a component. */
    private List<Line> shortest(Set<Integer> component, int start) {
        Map<Integer, Integer> from = new HashMap<>();
        Map<Integer, String> why = new HashMap<>();
        Deque<Integer> queue = new ArrayDeque<>(List.of(start));
        while (!from.containsKey(start)) {
            int call = queue.remove();
            for (Edge edge : edges.get(call)) {
                if (component.contains(edge.to()) && !from.containsKey(edge.to())) {
                    from.put(edge.to(), call);
                    why.put(edge.to(), edge.why());
                    queue.add(edge.to());
                }
            }
        }
        List<Line> lines = new ArrayList<>();
        int call = start;
        do {
            lines.add(0, new Line(call, why.getOrDefault(call, "")));
            call = from.getOrDefault(call, start);
        } while (call != start);
        return lines;
    }

    private String text(List<Line> cycle) {
        return cycle.stream()
                .map(line -> "  " + calls.get(line.call()) + " (" + line.why() + ")")
                .collect(Collectors.joining(
                        "\n",
                        "no order is possible, each must come before the next one and the last one before the first:\n",
                        ""));
    }
}
