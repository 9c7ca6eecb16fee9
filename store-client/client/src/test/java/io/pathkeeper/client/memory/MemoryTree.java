package io.pathkeeper.client.memory;

import io.grpc.Status.Code;
import io.pathkeeper.v1.Condition;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.CreateResponse;
import io.pathkeeper.v1.DeleteRequest;
import io.pathkeeper.v1.DeleteResponse;
import io.pathkeeper.v1.Event;
import io.pathkeeper.v1.EventCause;
import io.pathkeeper.v1.EventType;
import io.pathkeeper.v1.FieldOperation;
import io.pathkeeper.v1.ListChildrenRequest;
import io.pathkeeper.v1.ListChildrenResponse;
import io.pathkeeper.v1.PatchRequest;
import io.pathkeeper.v1.PatchResponse;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.SetResponse;
import io.pathkeeper.v1.Stat;
import io.pathkeeper.v1.Value;
import io.pathkeeper.v1.View;
import io.pathkeeper.v1.Znode;
import io.pathkeeper.v1.ZnodeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The znodes: what the recipes need of the store, no more. The caller owns the lock. */
final class MemoryTree {
    private final TreeMap<String, Znode> znodes = new TreeMap<>();
    /** Changes of the revision that is being made. */
    private final List<Event> changes = new ArrayList<>();

    private long revision;

    MemoryTree() {
        znodes.put("/", znode("/", Payload.getDefaultInstance(), Stat.newBuilder()));
    }

    private static Znode znode(String path, Payload data, Stat.Builder stat) {
        return Znode.newBuilder().setPath(path).setStat(stat).setData(data).build();
    }

    void begin(long newRevision) {
        revision = newRevision;
        changes.clear();
    }

    List<Event> changes() {
        return List.copyOf(changes);
    }

    TreeMap<String, Znode> copy() {
        return new TreeMap<>(znodes);
    }

    void restore(TreeMap<String, Znode> state) {
        znodes.clear();
        znodes.putAll(state);
        changes.clear();
    }

    @Nullable
    Znode find(String path) {
        return znodes.get(path);
    }

    Znode get(String path) {
        Znode found = znodes.get(path);
        if (found == null) {
            throw new Refused(Code.NOT_FOUND, "NODE_NOT_FOUND", path);
        }
        return found;
    }

    List<Znode> all() {
        return List.copyOf(znodes.values());
    }

    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash == 0 ? "/" : path.substring(0, slash);
    }

    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private void change(EventType type, Znode znode, EventCause cause) {
        changes.add(Event.newBuilder()
                .setType(type)
                .setCause(cause)
                .setPath(znode.getPath())
                .setRevision(revision)
                .setStat(znode.getStat())
                .setData(type == EventType.EVENT_TYPE_DELETED ? Payload.getDefaultInstance() : znode.getData())
                .build());
    }

    CreateResponse create(CreateRequest request, long owner, String ownerIdentity, boolean mayTakeOver) {
        String path = request.getPath();
        String parent = parent(path);
        if (!znodes.containsKey(parent)) {
            if (!request.getCreateParents()) {
                throw new Refused(Code.NOT_FOUND, "PARENT_NOT_FOUND", parent);
            }
            create(
                    CreateRequest.newBuilder()
                            .setPath(parent)
                            .setKind(request.getParentKind())
                            .setCreateParents(true)
                            .setParentKind(request.getParentKind())
                            .build(),
                    0,
                    "",
                    false);
        }
        Znode above = get(parent);
        if (above.getStat().getKind() == ZnodeKind.ZNODE_KIND_EPHEMERAL) {
            throw Refused.precondition("EPHEMERAL_PARENT", parent);
        }
        long sequence = 0;
        if (request.getSequential()) {
            sequence = above.getStat().getNextSequence();
            path += String.format("%010d", sequence);
        }
        Znode old = znodes.get(path);
        if (old != null && !mayTakeOver) {
            throw new Refused(Code.ALREADY_EXISTS, "NODE_EXISTS", path);
        }
        Stat.Builder stat = (old == null ? Stat.newBuilder().setCreatedRevision(revision) : old.getStat().toBuilder())
                .setModifiedRevision(revision)
                .setVersion(old == null ? 1 : old.getStat().getVersion() + 1)
                .setOwnerSession(owner)
                .setOwnerIdentity(ownerIdentity)
                .setKind(request.getKind());
        Znode created = znode(path, request.getData(), stat);
        znodes.put(path, created);
        if (old == null) {
            count(parent, 1, request.getSequential());
        }
        change(
                old == null ? EventType.EVENT_TYPE_CREATED : EventType.EVENT_TYPE_UPDATED,
                created,
                EventCause.EVENT_CAUSE_CLIENT);
        return CreateResponse.newBuilder()
                .setPath(path)
                .setStat(stat)
                .setSequence(sequence)
                .setRevision(revision)
                .build();
    }

    private void count(String parent, int delta, boolean sequential) {
        Znode above = get(parent);
        Stat.Builder stat = above.getStat().toBuilder();
        stat.setChildCount(stat.getChildCount() + delta)
                .setChildrenVersion(stat.getChildrenVersion() + 1)
                .setChildrenRevision(revision);
        if (sequential) {
            stat.setNextSequence(stat.getNextSequence() + 1);
        }
        znodes.put(parent, above.toBuilder().setStat(stat).build());
    }

    private Znode update(Znode old, Payload data) {
        Stat.Builder stat = old.getStat().toBuilder()
                .setModifiedRevision(revision)
                .setVersion(old.getStat().getVersion() + 1);
        Znode updated = znode(old.getPath(), data, stat);
        znodes.put(old.getPath(), updated);
        change(EventType.EVENT_TYPE_UPDATED, updated, EventCause.EVENT_CAUSE_CLIENT);
        return updated;
    }

    SetResponse set(SetRequest request) {
        Znode old = znodes.get(request.getPath());
        if (old == null && request.getAllowMissing()) {
            CreateRequest create = CreateRequest.newBuilder()
                    .setPath(request.getPath())
                    .setData(request.getData())
                    .build();
            CreateResponse created = create(create, 0, "", false);
            return SetResponse.newBuilder()
                    .setStat(created.getStat())
                    .setCreated(true)
                    .setChanged(true)
                    .setRevision(revision)
                    .build();
        }
        old = get(request.getPath());
        expect(
                old,
                request.hasExpectedVersion() ? request.getExpectedVersion() : null,
                request.hasExpectedRevision() ? request.getExpectedRevision() : null);
        return SetResponse.newBuilder()
                .setStat(update(old, request.getData()).getStat())
                .setChanged(true)
                .setRevision(revision)
                .build();
    }

    private static void expect(Znode znode, @Nullable Long version, @Nullable Long modified) {
        if ((version != null && version != znode.getStat().getVersion())
                || (modified != null && modified != znode.getStat().getModifiedRevision())) {
            throw new Refused(Code.ABORTED, "VERSION_MISMATCH", znode.getPath());
        }
    }

    /** Patches the whole value only: the pointers that the recipes use are empty. */
    PatchResponse patch(PatchRequest request) {
        Znode old = get(request.getPath());
        Payload data = old.getData();
        for (FieldOperation operation : request.getOperationsList()) {
            if (!operation.getPointer().isEmpty()) {
                throw new Refused(Code.INVALID_ARGUMENT, "POINTER_INVALID", request.getPath());
            }
            switch (operation.getType()) {
                case TYPE_INCREMENT ->
                    data = Payload.newBuilder()
                            .setValue(Value.newBuilder()
                                    .setIntValue(data.getValue().getIntValue() + operation.getDelta()))
                            .build();
                case TYPE_SET -> data = operation.getValue();
                case TYPE_TEST -> {
                    if (!data.equals(operation.getValue())) {
                        throw new Refused(Code.ABORTED, "TEST_FAILED", request.getPath());
                    }
                }
                default -> throw new Refused(Code.INVALID_ARGUMENT, "ARGUMENT_INVALID", request.getPath());
            }
        }
        PatchResponse.Builder response = PatchResponse.newBuilder().setRevision(revision);
        response.setStat(update(old, data).getStat());
        return request.getReturnData() ? response.setData(data).build() : response.build();
    }

    DeleteResponse delete(DeleteRequest request, EventCause cause) {
        Znode old = get(request.getPath());
        expect(
                old,
                request.hasExpectedVersion() ? request.getExpectedVersion() : null,
                request.hasExpectedRevision() ? request.getExpectedRevision() : null);
        if (old.getStat().getChildCount() > 0) {
            if (!request.getRecursive()) {
                throw Refused.precondition("NODE_NOT_EMPTY", request.getPath());
            }
            for (Znode child : children(request.getPath())) {
                delete(request.toBuilder().setPath(child.getPath()).build(), cause);
            }
        }
        remove(request.getPath(), cause);
        return DeleteResponse.newBuilder()
                .setRevision(revision)
                .setDeletedCount(1)
                .build();
    }

    void remove(String path, EventCause cause) {
        Znode old = znodes.remove(path);
        if (old == null) {
            return;
        }
        change(EventType.EVENT_TYPE_DELETED, old, cause);
        String parent = parent(path);
        count(parent, -1, false);
        Stat above = get(parent).getStat();
        if (above.getChildCount() == 0 && above.getKind() == ZnodeKind.ZNODE_KIND_CONTAINER) {
            remove(parent, EventCause.EVENT_CAUSE_CONTAINER);
        }
    }

    List<Znode> children(String path) {
        String prefix = path.equals("/") ? "/" : path + "/";
        return znodes.tailMap(prefix, false).values().stream()
                .takeWhile(znode -> znode.getPath().startsWith(prefix))
                .filter(znode -> znode.getPath().indexOf('/', prefix.length()) < 0)
                .toList();
    }

    ListChildrenResponse list(ListChildrenRequest request, long now) {
        ListChildrenResponse.Builder page = ListChildrenResponse.newBuilder()
                .setRevision(now)
                .setParentStat(get(request.getPath()).getStat());
        String from = request.getPageToken().isEmpty() ? request.getStartAfter() : request.getPageToken();
        int size = request.getPageSize() == 0 ? 100 : request.getPageSize();
        for (Znode child : children(request.getPath())) {
            String name = name(child.getPath());
            if (name.compareTo(from) <= 0 || !name.startsWith(request.getNamePrefix())) {
                continue;
            }
            if (page.getChildrenCount() == size) {
                page.setNextPageToken(page.getChildren(size - 1).getName());
                break;
            }
            io.pathkeeper.v1.Child.Builder one =
                    io.pathkeeper.v1.Child.newBuilder().setName(name);
            if (request.getView() == View.VIEW_STAT || request.getView() == View.VIEW_FULL) {
                one.setStat(child.getStat());
            }
            if (request.getView() == View.VIEW_FULL) {
                one.setData(child.getData());
            }
            page.addChildren(one);
        }
        return page.build();
    }

    boolean holds(Condition condition) {
        Znode znode = znodes.get(condition.getPath());
        if (condition.getTestCase() == Condition.TestCase.EXISTS) {
            return condition.getExists() == (znode != null);
        }
        if (znode == null) {
            return false;
        }
        return switch (condition.getTestCase()) {
            case VERSION -> znode.getStat().getVersion() == condition.getVersion();
            case MODIFIED_REVISION -> znode.getStat().getModifiedRevision() == condition.getModifiedRevision();
            case VALUE_EQUALS -> znode.getData().equals(condition.getValueEquals());
            case CHILD_COUNT -> znode.getStat().getChildCount() == condition.getChildCount();
            default -> throw new Refused(Code.INVALID_ARGUMENT, "ARGUMENT_INVALID", condition.getPath());
        };
    }
}
