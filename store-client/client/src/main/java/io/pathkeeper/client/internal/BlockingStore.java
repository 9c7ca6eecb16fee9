package io.pathkeeper.client.internal;

import io.pathkeeper.client.AsyncStore;
import io.pathkeeper.client.Store;
import io.pathkeeper.client.SubtreeIterator;
import io.pathkeeper.client.error.ErrorDetails;
import io.pathkeeper.client.error.OperationInterruptedException;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.model.AlarmList;
import io.pathkeeper.client.model.BackupSummary;
import io.pathkeeper.client.model.BatchGetResult;
import io.pathkeeper.client.model.Child;
import io.pathkeeper.client.model.ChildrenPage;
import io.pathkeeper.client.model.ClusterInfo;
import io.pathkeeper.client.model.Consistency;
import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.CreateResult;
import io.pathkeeper.client.model.DeleteOptions;
import io.pathkeeper.client.model.DeleteResult;
import io.pathkeeper.client.model.ListOptions;
import io.pathkeeper.client.model.Member;
import io.pathkeeper.client.model.MemberStatus;
import io.pathkeeper.client.model.Patch;
import io.pathkeeper.client.model.PatchOptions;
import io.pathkeeper.client.model.PatchResult;
import io.pathkeeper.client.model.ReadOptions;
import io.pathkeeper.client.model.ScanOptions;
import io.pathkeeper.client.model.SetOptions;
import io.pathkeeper.client.model.SetResult;
import io.pathkeeper.client.model.TransactResult;
import io.pathkeeper.client.model.Transaction;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.Znode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The store, blocking: calls the asynchronous one and waits in one place. */
final class BlockingStore implements Store {
    private final AsyncStore async;

    BlockingStore(AsyncStore async) {
        this.async = async;
    }

    /**
     * Waits for the end of a call: the only place where this library waits for an answer.
     *
     * @throws PathkeeperException what the call failed with, with the stack of the caller
     * @throws IllegalStateException in a callback, which would wait for itself
     */
    static <R> R await(CompletableFuture<R> future) {
        refuseInCallback();
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(false);
            throw interrupted(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PathkeeperException failure) {
                // The stack of the callback thread says nothing to the caller.
                failure.fillInStackTrace();
                throw failure;
            }
            throw new IllegalStateException("a call failed in an unknown way", e.getCause());
        }
    }

    static void refuseInCallback() {
        if (Callbacks.inCallback()) {
            throw new IllegalStateException(
                    "a blocking call in a callback would wait for itself: use the asynchronous store there");
        }
    }

    static PathkeeperException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new OperationInterruptedException(
                new ErrorDetails(
                        Reason.INTERRUPTED,
                        "the thread was interrupted while it waited for an answer",
                        Map.of(),
                        true,
                        Outcome.UNKNOWN),
                cause);
    }

    @Override
    public CreateResult create(String path, Value value, CreateOptions options) {
        return await(async.create(path, value, options));
    }

    @Override
    public Znode get(String path, ReadOptions options) {
        return await(async.get(path, options));
    }

    @Override
    public BatchGetResult batchGet(List<String> paths, ReadOptions options) {
        return await(async.batchGet(paths, options));
    }

    @Override
    public SetResult set(String path, Value value, SetOptions options) {
        return await(async.set(path, value, options));
    }

    @Override
    public PatchResult patch(String path, Patch patch, PatchOptions options) {
        return await(async.patch(path, patch, options));
    }

    @Override
    public DeleteResult delete(String path, DeleteOptions options) {
        return await(async.delete(path, options));
    }

    @Override
    public ChildrenPage listChildren(String path, ListOptions options) {
        return await(async.listChildren(path, options));
    }

    @Override
    public Iterable<Child> allChildren(String path, ListOptions options) {
        return () -> new ChildrenIterator(this, path, options);
    }

    @Override
    public SubtreeIterator scanSubtree(String path, ScanOptions options) {
        refuseInCallback();
        ScanIterator iterator = new ScanIterator();
        async.scanSubtree(path, options).subscribe(iterator);
        return iterator;
    }

    @Override
    public BackupSummary backup(Consistency consistency, OutputStream out) throws IOException {
        refuseInCallback();
        BackupDownload download = new BackupDownload(out);
        async.backup(consistency).subscribe(download);
        return download.write();
    }

    @Override
    public TransactResult transact(Transaction transaction) {
        return await(async.transact(transaction));
    }

    @Override
    public long sync() {
        return await(async.sync());
    }

    @Override
    public ClusterInfo clusterInfo() {
        return await(async.clusterInfo());
    }

    @Override
    public List<Member> listMembers() {
        return await(async.listMembers());
    }

    @Override
    public MemberStatus memberStatus() {
        return await(async.memberStatus());
    }

    @Override
    public MemberStatus memberStatus(String address) {
        return await(async.memberStatus(address));
    }

    @Override
    public AlarmList listAlarms() {
        return await(async.listAlarms());
    }
}
