package io.pathkeeper.server.rpc;

import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.store.StoreService;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.v1.PipelineOperation;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the writes of a pipeline behind the reads that were sent before them: a read is answered when it comes to the front, so a write
 * to what it reads is held until then, and the writes behind that one with it. Writes to other places are not held, so that a mixed
 * pipeline keeps its speed.
 *
 * <p>Operations are numbered from 0 in the order in which they came. The maps belong to the reading thread, {@link #answered} and
 * {@link #release} to the answering worker. A held write counts until it has been proposed, so that the reading thread never overtakes it.
 */
final class PipelineOrder {
    private final StoreService store;
    private final int most;
    // the reading thread's: number of the last read of a znode, and of the last listing of its children
    private final Map<ZnodePath, Long> reads = new HashMap<>();
    private final Map<ZnodePath, Long> listings = new HashMap<>();
    private long lastRead = -1;

    private final Queue<Held> held = new ConcurrentLinkedQueue<>();
    private final AtomicInteger heldCount = new AtomicInteger();
    private volatile long answered;

    private record Held(
            long behind, Command command, @Nullable RequestId requestId, long deadlineNanos, PipelineSlot slot) {}

    /** Makes it for a pipeline with at most so many operations that wait. */
    PipelineOrder(StoreService store, int most) {
        this.store = store;
        this.most = most;
    }

    /** A read that will be answered has come. Reading thread. */
    void read(long number, PipelineOperation operation) {
        switch (operation.getOperationCase()) {
            case GET -> reads.put(FieldReader.path(operation.getGet().getPath()), number);
            case BATCH_GET ->
                operation.getBatchGet().getPathsList().forEach(path -> reads.put(FieldReader.path(path), number));
            case LIST_CHILDREN ->
                listings.put(FieldReader.path(operation.getListChildren().getPath()), number);
            default -> {
                return; // reads nothing of the tree
            }
        }
        lastRead = number;
        if (reads.size() + listings.size() > 2 * most) {
            long done = answered;
            reads.values().removeIf(read -> read < done);
            listings.values().removeIf(read -> read < done);
        }
    }

    /** A write has come: offers it to the store, now or when the reads before it are answered. Reading thread. */
    void write(Command command, @Nullable RequestId requestId, long deadlineNanos, PipelineSlot slot) {
        long behind = -1;
        if (lastRead >= answered) {
            behind = lastConflict(command);
        } else if (lastRead >= 0) {
            reads.clear();
            listings.clear();
            lastRead = -1;
        }
        if (heldCount.get() == 0 && behind < answered) {
            store.offer(command, requestId, deadlineNanos, slot);
        } else {
            heldCount.incrementAndGet();
            held.add(new Held(behind, command, requestId, deadlineNanos, slot));
        }
    }

    /** Whether writes are held. Any thread. */
    boolean holds() {
        return heldCount.get() > 0;
    }

    /** All operations below this number are answered. Answering worker. */
    void answered(long number) {
        answered = number;
    }

    /** Proposes the held writes whose reads are answered. Answering worker. */
    void release() {
        Held first = held.peek();
        if (first == null || first.behind >= answered) {
            return;
        }
        for (; first != null && first.behind < answered; first = held.peek()) {
            store.offer(first.command, first.requestId, first.deadlineNanos, first.slot);
            held.remove();
            heldCount.decrementAndGet();
        }
        store.flush();
    }

    /** Number of the last read that would show the write; -1 for none. */
    private long lastConflict(Command command) {
        if (command instanceof Command.Set set && !set.allowMissing()) {
            return valueChange(set.path());
        } else if (command instanceof Command.Patch patch) {
            return valueChange(patch.path());
        } else if (command instanceof Command.Set set) {
            return structureChange(set.path());
        } else if (command instanceof Command.Create create) {
            return structureChange(create.path());
        } else if (command instanceof Command.Delete delete && !delete.recursive()) {
            return structureChange(delete.path());
        } else if (command instanceof Command.Guarded guarded) {
            return lastConflict(guarded.command());
        }
        return lastRead; // may reach anywhere
    }

    private long valueChange(ZnodePath path) {
        return Math.max(at(reads, path), at(listings, path.parent()));
    }

    /** Creations and deletions show in the stat of every znode above. */
    private long structureChange(ZnodePath path) {
        long last = -1;
        for (ZnodePath at = path; ; at = at.parent()) {
            last = Math.max(last, Math.max(at(reads, at), at(listings, at)));
            if (at.isRoot()) {
                return last;
            }
        }
    }

    private static long at(Map<ZnodePath, Long> numbers, ZnodePath path) {
        Long number = numbers.get(path);
        return number == null ? -1 : number;
    }
}
