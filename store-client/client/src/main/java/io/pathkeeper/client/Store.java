package io.pathkeeper.client;

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

/**
 * The store, blocking: every method does what the method of the same name of {@link AsyncStore} does, waits for its end and returns the
 * result or throws the {@link io.pathkeeper.client.error.PathkeeperException}. Safe to use from any thread but the callback threads of
 * this client, where it throws {@link IllegalStateException} instead of waiting for itself.
 *
 * <p>A thread that is interrupted while it waits gets {@link io.pathkeeper.client.error.OperationInterruptedException}.
 */
public interface Store {
    /** Creates a persistent znode; its parent must exist. See {@link AsyncStore#create(String, Value)}. */
    default CreateResult create(String path, Value value) {
        return create(path, value, CreateOptions.defaults());
    }

    /** Creates a znode. See {@link AsyncStore#create(String, Value, CreateOptions)}. */
    CreateResult create(String path, Value value, CreateOptions options);

    /** Reads a znode, linearizably. See {@link AsyncStore#get(String)}. */
    default Znode get(String path) {
        return get(path, ReadOptions.defaults());
    }

    /** Reads a znode. See {@link AsyncStore#get(String, ReadOptions)}. */
    Znode get(String path, ReadOptions options);

    /** Reads 1 to 100 znodes at one revision, linearizably. See {@link AsyncStore#batchGet(List)}. */
    default BatchGetResult batchGet(List<String> paths) {
        return batchGet(paths, ReadOptions.defaults());
    }

    /** Reads 1 to 100 znodes at one revision. See {@link AsyncStore#batchGet(List, ReadOptions)}. */
    BatchGetResult batchGet(List<String> paths, ReadOptions options);

    /** Replaces the value of a znode. See {@link AsyncStore#set(String, Value)}. */
    default SetResult set(String path, Value value) {
        return set(path, value, SetOptions.defaults());
    }

    /** Replaces the value of a znode. See {@link AsyncStore#set(String, Value, SetOptions)}. */
    SetResult set(String path, Value value, SetOptions options);

    /** Changes fields inside the value of a znode. See {@link AsyncStore#patch(String, Patch)}. */
    default PatchResult patch(String path, Patch patch) {
        return patch(path, patch, PatchOptions.defaults());
    }

    /** Changes fields inside the value of a znode. See {@link AsyncStore#patch(String, Patch, PatchOptions)}. */
    PatchResult patch(String path, Patch patch, PatchOptions options);

    /** Deletes a znode without children. See {@link AsyncStore#delete(String)}. */
    default DeleteResult delete(String path) {
        return delete(path, DeleteOptions.defaults());
    }

    /** Deletes a znode, or a subtree. See {@link AsyncStore#delete(String, DeleteOptions)}. */
    DeleteResult delete(String path, DeleteOptions options);

    /** Lists the first 100 names of the children of a znode. See {@link AsyncStore#listChildren(String)}. */
    default ChildrenPage listChildren(String path) {
        return listChildren(path, ListOptions.defaults());
    }

    /** Lists a page of the children of a znode. See {@link AsyncStore#listChildren(String, ListOptions)}. */
    ChildrenPage listChildren(String path, ListOptions options);

    /**
     * Lists all children of a znode. Every iteration is a listing of its own that fetches page by page as it is read, holds one page and
     * throws from {@code hasNext()} and {@code next()}.
     */
    Iterable<Child> allChildren(String path, ListOptions options);

    /** Scans a whole subtree at one revision, with values, linearizably. See {@link AsyncStore#scanSubtree(String)}. */
    default SubtreeIterator scanSubtree(String path) {
        return scanSubtree(path, ScanOptions.defaults());
    }

    /** Scans a whole subtree at one revision. See {@link AsyncStore#scanSubtree(String, ScanOptions)}. */
    SubtreeIterator scanSubtree(String path, ScanOptions options);

    /**
     * Takes a backup of the whole store, writes its file part by part and compares its checksum. What was written before a failure is no backup. See
     * {@link AsyncStore#backup(Consistency)}.
     *
     * @throws IOException when {@code out} refuses, or what arrived is not what was sent
     */
    BackupSummary backup(Consistency consistency, OutputStream out) throws IOException;

    /** Carries out a transaction. See {@link AsyncStore#transact(Transaction)}. */
    TransactResult transact(Transaction transaction);

    /** Waits until the server has applied everything that was finished before the call; returns the revision. */
    long sync();

    /** Returns the cluster's identity, members, leader and limits. */
    ClusterInfo clusterInfo();

    /** Returns the members of the cluster. */
    List<Member> listMembers();

    /** Returns the state of the server that this client happens to talk to. Needs no quorum. */
    MemberStatus memberStatus();

    /** Returns the state of the server at an address {@code host:port}. Needs no quorum. */
    MemberStatus memberStatus(String address);

    /** Returns the alarms that stand on any server, as far as they can be reached by the one that answers. Needs no quorum. */
    AlarmList listAlarms();
}
