package io.pathkeeper.server.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the ledger knows of one client. Belongs to the apply thread until the ledger is pinned; from then on it is never changed
 * and a copy goes on in its place.
 *
 * <p>Results lie in {@code [head, head + size)} of the arrays by ascending sequence, none below the floor.
 */
final class LedgerClient {
    private static final int SMALLEST = 8;

    final String clientId;
    final long generation;
    private long floor;
    private long lastUsedMillis;
    private long bytes;
    private long[] sequences;
    private @Nullable CommandResult[] results;
    private int[] sizes;
    private int head;
    private int size;

    LedgerClient(String clientId, long generation, long floor) {
        this.clientId = clientId;
        this.generation = generation;
        this.floor = floor;
        sequences = new long[SMALLEST];
        results = new CommandResult[SMALLEST];
        sizes = new int[SMALLEST];
    }

    private LedgerClient(LedgerClient from, long generation) {
        clientId = from.clientId;
        this.generation = generation;
        floor = from.floor;
        lastUsedMillis = from.lastUsedMillis;
        bytes = from.bytes;
        sequences = from.sequences.clone();
        results = from.results.clone();
        sizes = from.sizes.clone();
        head = from.head;
        size = from.size;
    }

    LedgerClient copy(long newGeneration) {
        return new LedgerClient(this, newGeneration);
    }

    long floor() {
        return floor;
    }

    long bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    long lastUsedMillis() {
        return lastUsedMillis;
    }

    void used(long clusterMillis) {
        lastUsedMillis = clusterMillis;
    }

    @Nullable
    CommandResult find(long sequence) {
        int at = Arrays.binarySearch(sequences, head, head + size, sequence);
        return at < 0 ? null : results[at];
    }

    /** Adds a result that is not there yet; as a rule it is the newest. */
    void add(long sequence, CommandResult result) {
        if (head + size == sequences.length) {
            makeRoom();
        }
        int at = head + size;
        while (at > head && sequences[at - 1] > sequence) {
            at--;
        }
        System.arraycopy(sequences, at, sequences, at + 1, head + size - at);
        System.arraycopy(results, at, results, at + 1, head + size - at);
        System.arraycopy(sizes, at, sizes, at + 1, head + size - at);
        sequences[at] = sequence;
        results[at] = result;
        sizes[at] = (int) Math.min(Integer.MAX_VALUE, RetainedSize.of(result));
        size++;
        bytes += sizes[at];
    }

    private void makeRoom() {
        int capacity = Math.max(SMALLEST, Integer.highestOneBit(size) * 4);
        long[] newSequences = new long[capacity];
        @Nullable CommandResult[] newResults = new CommandResult[capacity];
        System.arraycopy(sequences, head, newSequences, 0, size);
        System.arraycopy(results, head, newResults, 0, size);
        int[] newSizes = new int[capacity];
        System.arraycopy(sizes, head, newSizes, 0, size);
        sequences = newSequences;
        results = newResults;
        sizes = newSizes;
        head = 0;
    }

    /** The client has the answers of all requests below this number. */
    void acknowledged(long below) {
        while (size > 0 && sequences[head] < below) {
            dropOldest();
        }
        floor = Math.max(floor, below);
        if (size == 0 && sequences.length > 8 * SMALLEST) {
            sequences = new long[SMALLEST];
            results = new CommandResult[SMALLEST];
            sizes = new int[SMALLEST];
            head = 0;
        }
    }

    /** Drops the oldest result; requests up to it are never applied any more. */
    void dropOldest() {
        bytes -= sizes[head];
        floor = Math.max(floor, sequences[head] + 1);
        results[head] = null;
        head++;
        size--;
    }

    /** This as a snapshot carries it. */
    ClientResults stored() {
        List<ClientResults.NumberedResult> stored = new ArrayList<>(size);
        for (int i = head; i < head + size; i++) {
            CommandResult result = results[i];
            if (result != null) {
                stored.add(new ClientResults.NumberedResult(sequences[i], result));
            }
        }
        return new ClientResults(clientId, floor, lastUsedMillis, stored);
    }
}
