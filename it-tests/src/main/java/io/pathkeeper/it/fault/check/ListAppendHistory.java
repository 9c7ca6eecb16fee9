package io.pathkeeper.it.fault.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Transactions that append numbers to lists and read lists, checked for strict serializability after the idea of Elle (Kingsbury and Alvaro, 2020): a number is
 * appended once only, so the longest list that was read tells the order of all appends to it, and from the reads follows which transaction must come before
 * which. What cannot be put in one order together with real time is a cycle.
 *
 * <p>Safe to record from any thread.
 */
public final class ListAppendHistory {
    /** One operation of a transaction. */
    public sealed interface Operation {
        /** The list. */
        String list();
    }

    /** Appends a number that is appended nowhere else. */
    public record Append(String list, long number) implements Operation {}

    /** Reads a list; null when the answer is not known. */
    public record Read(String list, @Nullable List<Long> numbers) implements Operation {}

    private final List<Call<List<Operation>, Boolean>> transactions = new ArrayList<>();
    private final Set<Long> refused = new HashSet<>();

    /** Records a transaction; a refused one (output false) had no effect. */
    public synchronized void add(Call<List<Operation>, Boolean> transaction) {
        if (Boolean.FALSE.equals(transaction.output())) {
            appends(transaction).forEach(append -> refused.add(append.number()));
        } else {
            transactions.add(transaction);
        }
    }

    /** Number of transactions that were not refused. */
    public synchronized int size() {
        return transactions.size();
    }

    /** Returns a sentence for everything that is wrong; empty when all is well. */
    public synchronized List<String> violations() {
        List<String> violations = new ArrayList<>();
        Map<Long, Integer> appender = new HashMap<>();
        for (int i = 0; i < transactions.size(); i++) {
            for (Append append : appends(transactions.get(i))) {
                if (appender.put(append.number(), i) != null) {
                    throw new IllegalStateException("appended twice by the load itself: " + append);
                }
            }
        }
        transactions.forEach(transaction -> ownAppends(transaction, violations));
        Map<String, List<Long>> orders = orders(appender, violations);
        if (violations.isEmpty()) {
            TransactionGraph graph = new TransactionGraph(transactions);
            edges(graph, appender, orders);
            violations.addAll(graph.cycles());
        }
        return violations;
    }

    /** A read inside a transaction ends with what the transaction itself has appended before it, and has nothing that it appends behind it. */
    private static void ownAppends(Call<List<Operation>, Boolean> transaction, List<String> violations) {
        Map<String, List<Long>> own = new HashMap<>();
        for (Operation operation : transaction.input()) {
            List<Long> appended = own.computeIfAbsent(operation.list(), list -> new ArrayList<>());
            if (operation instanceof Append append) {
                appended.add(append.number());
            } else if (operation instanceof Read read && read.numbers() != null) {
                int others = read.numbers().size() - appended.size();
                if (others < 0
                        || !read.numbers()
                                .subList(others, read.numbers().size())
                                .equals(appended)) {
                    violations.add("a transaction does not see its own appends " + appended + " to " + read.list()
                            + ": " + transaction);
                }
            }
        }
    }

    /** The order of the appends to each list; every read must be the beginning of it. */
    private Map<String, List<Long>> orders(Map<Long, Integer> appender, List<String> violations) {
        Map<String, List<Long>> orders = new HashMap<>();
        forEachRead((transaction, read, numbers) -> {
            List<Long> longest = orders.getOrDefault(read.list(), List.of());
            List<Long> shorter = numbers.size() < longest.size() ? numbers : longest;
            List<Long> longer = numbers.size() < longest.size() ? longest : numbers;
            if (!shorter.equals(longer.subList(0, shorter.size()))) {
                violations.add("two reads of " + read.list() + " do not fit: " + shorter + " and " + longer
                        + ", the one in " + transactions.get(transaction));
            }
            orders.put(read.list(), longer);
        });
        orders.forEach((list, numbers) -> {
            Set<Long> once = new HashSet<>();
            for (long number : numbers) {
                if (!once.add(number)) {
                    violations.add("doubled: " + number + " stands twice in " + list);
                }
                if (refused.contains(number)) {
                    violations.add("applied though refused: " + number + " in " + list);
                } else if (!appender.containsKey(number)) {
                    violations.add("invented: " + number + " in " + list);
                }
            }
        });
        return orders;
    }

    private void edges(TransactionGraph graph, Map<Long, Integer> appender, Map<String, List<Long>> orders) {
        orders.forEach((list, numbers) -> {
            for (int i = 1; i < numbers.size(); i++) {
                graph.edge(
                        number(appender, numbers.get(i - 1)), number(appender, numbers.get(i)), "append behind append");
            }
        });
        forEachRead((transaction, read, numbers) -> {
            List<Long> order = orders.getOrDefault(read.list(), List.of());
            if (!numbers.isEmpty()) {
                graph.edge(number(appender, numbers.get(numbers.size() - 1)), transaction, "read of an append");
            }
            if (numbers.size() < order.size()) {
                graph.edge(transaction, number(appender, order.get(numbers.size())), "read before an append");
            }
        });
        unreadAppends(graph, orders);
    }

    /** An acknowledged append that no read shows comes behind all that were read. */
    private void unreadAppends(TransactionGraph graph, Map<String, List<Long>> orders) {
        Map<String, Set<Long>> read = new HashMap<>();
        orders.forEach((list, numbers) -> read.put(list, new HashSet<>(numbers)));
        Map<String, List<Integer>> longestReaders = new HashMap<>();
        forEachRead((transaction, one, numbers) -> {
            if (numbers.size() == orders.getOrDefault(one.list(), List.of()).size()) {
                longestReaders
                        .computeIfAbsent(one.list(), list -> new ArrayList<>())
                        .add(transaction);
            }
        });
        for (int i = 0; i < transactions.size(); i++) {
            if (transactions.get(i).output() != null) {
                for (Append append : appends(transactions.get(i))) {
                    if (!read.getOrDefault(append.list(), Set.of()).contains(append.number())) {
                        for (int reader : longestReaders.getOrDefault(append.list(), List.of())) {
                            graph.edge(reader, i, "read without an acknowledged append");
                        }
                    }
                }
            }
        }
    }

    private interface ReadVisitor {
        void read(int transaction, Read read, List<Long> numbers);
    }

    /** Visits all reads whose answer is known. */
    private void forEachRead(ReadVisitor visitor) {
        for (int i = 0; i < transactions.size(); i++) {
            for (Operation operation : transactions.get(i).input()) {
                if (operation instanceof Read read && read.numbers() != null) {
                    visitor.read(i, read, read.numbers());
                }
            }
        }
    }

    private static int number(Map<Long, Integer> appender, long number) {
        Integer transaction = appender.get(number);
        if (transaction == null) {
            throw new IllegalStateException("nobody appended " + number);
        }
        return transaction;
    }

    private static List<Append> appends(Call<List<Operation>, Boolean> transaction) {
        return transaction.input().stream()
                .filter(Append.class::isInstance)
                .map(Append.class::cast)
                .toList();
    }

    @Override
    public synchronized String toString() {
        return transactions.stream()
                .map(Call::toString)
                .collect(Collectors.joining("\n", "", "\nrefused appends: " + new TreeSet<>(refused)));
    }
}
