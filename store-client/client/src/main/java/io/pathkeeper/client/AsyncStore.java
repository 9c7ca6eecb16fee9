package io.pathkeeper.client;

import io.pathkeeper.client.model.AlarmList;
import io.pathkeeper.client.model.BackupPart;
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
import io.pathkeeper.client.model.ScanChunk;
import io.pathkeeper.client.model.ScanOptions;
import io.pathkeeper.client.model.SetOptions;
import io.pathkeeper.client.model.SetResult;
import io.pathkeeper.client.model.TransactResult;
import io.pathkeeper.client.model.Transaction;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.Znode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * The store, asynchronously. Safe to use from any thread; no method waits, unless the client was built to wait when too much is
 * outstanding.
 *
 * <p><b>Order.</b> All reads and writes of one client are carried out in the order in which the methods were called (per calling
 * thread; calls of several threads in the order in which they came): a read behind a write sees it, also across reconnections.
 * Scans, listings of the cluster and observations stand outside this order.
 *
 * <p><b>Failures.</b> Futures fail with a {@link io.pathkeeper.client.error.PathkeeperException}. What is safe to repeat has been
 * repeated until the time limit of the call: a write is carried out once, however often it was sent.
 *
 * <p><b>Threads.</b> Futures are completed by one callback thread at a time, in order, never by an I/O thread. A callback that blocks holds
 * up all later ones; blocking calls of {@link Store} are refused there. Cancelling a future drops the call when it was not sent yet.
 */
public interface AsyncStore {
    /**
     * Creates a persistent znode; its parent must exist.
     *
     * <p>Fails with {@link io.pathkeeper.client.error.NodeExistsException}, {@link io.pathkeeper.client.error.NodeNotFoundException} (no
     * parent), {@link io.pathkeeper.client.error.InvalidRequestException}, {@link
     * io.pathkeeper.client.error.LimitExceededException}.
     */
    default CompletableFuture<CreateResult> create(String path, Value value) {
        return create(path, value, CreateOptions.defaults());
    }

    /**
     * Creates a znode. The result tells its path, which has a number behind it when it is sequential.
     *
     * <p>Fails as {@link #create(String, Value)} does, and with {@link io.pathkeeper.client.error.PreconditionFailedException}.
     */
    CompletableFuture<CreateResult> create(String path, Value value, CreateOptions options);

    /** Reads a znode, linearizably. Fails with {@link io.pathkeeper.client.error.NodeNotFoundException} when there is none. */
    default CompletableFuture<Znode> get(String path) {
        return get(path, ReadOptions.defaults());
    }

    /** Reads a znode. Fails with {@link io.pathkeeper.client.error.NodeNotFoundException} when there is none. */
    CompletableFuture<Znode> get(String path, ReadOptions options);

    /** Reads 1 to 100 znodes at one revision, linearizably; a missing znode is an empty result. */
    default CompletableFuture<BatchGetResult> batchGet(List<String> paths) {
        return batchGet(paths, ReadOptions.defaults());
    }

    /** Reads 1 to 100 znodes at one revision; a missing znode is an empty result. */
    CompletableFuture<BatchGetResult> batchGet(List<String> paths, ReadOptions options);

    /** Replaces the value of a znode. Fails with {@link io.pathkeeper.client.error.NodeNotFoundException} when there is none. */
    default CompletableFuture<SetResult> set(String path, Value value) {
        return set(path, value, SetOptions.defaults());
    }

    /**
     * Replaces the value of a znode.
     *
     * <p>Fails with {@link io.pathkeeper.client.error.NodeNotFoundException}, {@link
     * io.pathkeeper.client.error.VersionMismatchException}, {@link io.pathkeeper.client.error.InvalidRequestException}, {@link
     * io.pathkeeper.client.error.LimitExceededException}.
     */
    CompletableFuture<SetResult> set(String path, Value value, SetOptions options);

    /** Changes fields inside the value of a znode, all or none. */
    default CompletableFuture<PatchResult> patch(String path, Patch patch) {
        return patch(path, patch, PatchOptions.defaults());
    }

    /**
     * Changes fields inside the value of a znode, all or none. Fails as {@link #set(String, Value, SetOptions)} does, and with {@link
     * io.pathkeeper.client.error.PreconditionFailedException} or {@link io.pathkeeper.client.error.InvalidRequestException} when a
     * change cannot be carried out.
     */
    CompletableFuture<PatchResult> patch(String path, Patch patch, PatchOptions options);

    /** Deletes a znode without children. */
    default CompletableFuture<DeleteResult> delete(String path) {
        return delete(path, DeleteOptions.defaults());
    }

    /**
     * Deletes a znode, or with {@link DeleteOptions#recursive(boolean)} a subtree in one revision.
     *
     * <p>Fails with {@link io.pathkeeper.client.error.NodeNotFoundException}, {@link
     * io.pathkeeper.client.error.VersionMismatchException}, {@link io.pathkeeper.client.error.PreconditionFailedException} ({@code
     * NODE_NOT_EMPTY}, {@code TOO_MANY_NODES}).
     */
    CompletableFuture<DeleteResult> delete(String path, DeleteOptions options);

    /** Lists the first 100 names of the children of a znode. */
    default CompletableFuture<ChildrenPage> listChildren(String path) {
        return listChildren(path, ListOptions.defaults());
    }

    /**
     * Lists a page of the children of a znode in the order of their names. All pages show one revision; a token is good for about five
     * minutes and then fails with {@link io.pathkeeper.client.error.RevisionCompactedException}.
     */
    CompletableFuture<ChildrenPage> listChildren(String path, ListOptions options);

    /**
     * Lists all children of a znode, page by page as the subscriber asks for them; one page at a time is held. Each subscription is a
     * listing of its own. {@code onError} gets what {@link #listChildren(String, ListOptions)} fails with.
     */
    Flow.Publisher<Child> allChildren(String path, ListOptions options);

    /** Scans a whole subtree at one revision, with values, linearizably. See {@link #scanSubtree(String, ScanOptions)}. */
    default Flow.Publisher<ScanChunk> scanSubtree(String path) {
        return scanSubtree(path, ScanOptions.defaults());
    }

    /**
     * Scans a whole subtree at one revision: chunks of about 256 KiB, parents before children. The server sends only what the subscriber
     * asks for. Each subscription is a scan of its own. A scan that breaks before its first chunk is started again by itself,
     * later it fails with {@link io.pathkeeper.client.error.UnavailableException}.
     */
    Flow.Publisher<ScanChunk> scanSubtree(String path, ScanOptions options);

    /**
     * Takes a backup of the whole store as it is at one revision, users and roles included; who takes one has to be an administrator of everything. The
     * server sends only what the subscriber asks for, in parts of 512 KiB at most, and ends a backup that was not read for a minute with {@code
     * SLOW_CONSUMER}; it refuses with {@code OVERLOADED} while two are under way. A backup that breaks before its first part is started again by itself,
     * later it fails with {@link io.pathkeeper.client.error.UnavailableException}.
     *
     * @param consistency {@link Consistency#LINEARIZABLE}: with every write that was answered before; {@link Consistency#LOCAL}: what the answering server
     *     has, without a quorum
     */
    Flow.Publisher<BackupPart> backup(Consistency consistency);

    /** Checks conditions and carries out one of two lists of operations, wholly or not at all, at one revision. */
    CompletableFuture<TransactResult> transact(Transaction transaction);

    /**
     * Completes when the server that this client talks to has applied everything that was finished before the call: a {@code LOCAL} read
     * sent behind it sees all that. Returns the revision.
     */
    CompletableFuture<Long> sync();

    /** Returns the cluster's identity, members, leader and limits. */
    CompletableFuture<ClusterInfo> clusterInfo();

    /** Returns the members of the cluster. */
    CompletableFuture<List<Member>> listMembers();

    /** Returns the state of the server that this client happens to talk to. Needs no quorum. */
    CompletableFuture<MemberStatus> memberStatus();

    /**
     * Returns the state of the server at an address, over a connection for this one call. Needs no quorum.
     *
     * @param address {@code host:port}
     */
    CompletableFuture<MemberStatus> memberStatus(String address);

    /** Returns the alarms that stand on any server, as far as they can be reached by the one that answers. Needs no quorum. */
    CompletableFuture<AlarmList> listAlarms();
}
