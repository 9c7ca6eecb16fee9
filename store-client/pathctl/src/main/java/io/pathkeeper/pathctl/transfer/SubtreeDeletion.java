package io.pathkeeper.pathctl.transfer;

import io.pathkeeper.client.AsyncStore;
import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.Store;
import io.pathkeeper.client.error.NodeNotFoundException;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.model.Child;
import io.pathkeeper.client.model.DeleteOptions;
import io.pathkeeper.client.model.DeleteResult;
import io.pathkeeper.client.model.ListOptions;
import io.pathkeeper.pathctl.FailureReport;
import io.pathkeeper.pathctl.text.PathText;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Deletes a subtree of any size: as large parts as the store takes in one call, from below. Not atomic; what others create
 * meanwhile is deleted, too, or makes it go round again. For one thread.
 */
public final class SubtreeDeletion {
    private static final DeleteOptions RECURSIVE = DeleteOptions.defaults().recursive(true);
    private static final int PAGE_SIZE = 1_000;

    private final Store store;
    private final AsyncStore async;
    private long count;
    private long revision;

    /** Makes a deletion that uses {@code client}. */
    public SubtreeDeletion(PathkeeperClient client) {
        this.store = client.store();
        this.async = client.async();
    }

    /**
     * Deletes {@code path} and everything below and returns how many znodes that were.
     *
     * @throws NodeNotFoundException when {@code path} does not exist
     */
    public long delete(String path) {
        count = 0;
        Deque<String> pending = new ArrayDeque<>(List.of(path));
        while (!pending.isEmpty()) {
            String next = pending.peek();
            try {
                counted(store.delete(next, RECURSIVE));
                pending.pop();
            } catch (NodeNotFoundException e) {
                if (next.equals(path) && count == 0) {
                    throw e;
                }
                pending.pop();
            } catch (PathkeeperException e) {
                if (!isTooLarge(e)) {
                    throw e;
                }
                deletePage(next, pending);
            }
        }
        return count;
    }

    /** Returns the revision of the last part; 0 before the first. */
    public long revision() {
        return revision;
    }

    /** Deletes those of the first children that the store takes, and puts the others on the stack. */
    private void deletePage(String parent, Deque<String> pending) {
        Map<String, CompletableFuture<DeleteResult>> answers = new LinkedHashMap<>();
        for (Child child : store.listChildren(parent, ListOptions.defaults().pageSize(PAGE_SIZE))
                .children()) {
            String path = PathText.child(parent, child.name());
            answers.put(path, async.delete(path, RECURSIVE));
        }
        answers.forEach((path, answer) -> {
            try {
                counted(answer.join());
            } catch (CompletionException e) {
                if (!(FailureReport.unwrap(e) instanceof PathkeeperException refusal)) {
                    throw e;
                }
                if (isTooLarge(refusal)) {
                    pending.push(path);
                } else if (!(refusal instanceof NodeNotFoundException)) {
                    throw refusal;
                }
            }
        });
    }

    private void counted(DeleteResult result) {
        count += result.deletedCount();
        revision = result.revision();
    }

    private static boolean isTooLarge(PathkeeperException refusal) {
        return refusal.reason().equals(Reason.TOO_MANY_NODES);
    }
}
