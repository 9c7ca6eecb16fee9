package io.pathkeeper.client.internal;

import com.google.protobuf.UnsafeByteOperations;
import io.pathkeeper.client.model.Comparison;
import io.pathkeeper.client.model.Condition;
import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.DeleteOptions;
import io.pathkeeper.client.model.Guards;
import io.pathkeeper.client.model.Operation;
import io.pathkeeper.client.model.Patch;
import io.pathkeeper.client.model.PatchOptions;
import io.pathkeeper.client.model.ReadOptions;
import io.pathkeeper.client.model.SetOptions;
import io.pathkeeper.client.model.Transaction;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.ZnodeKind;
import io.pathkeeper.client.session.PathkeeperSession;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.DeleteRequest;
import io.pathkeeper.v1.FieldCondition;
import io.pathkeeper.v1.FieldOperation;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.ListValue;
import io.pathkeeper.v1.MapEntry;
import io.pathkeeper.v1.MapValue;
import io.pathkeeper.v1.NullValue;
import io.pathkeeper.v1.PatchRequest;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.TransactOperation;
import io.pathkeeper.v1.TransactRequest;

/** Writes requests in the form of the wire. */
final class ToProto {
    private ToProto() {}

    static Payload payload(Value value, String contentType) {
        Payload.Builder payload = Payload.newBuilder();
        switch (value.type()) {
            case JSON -> payload.setJson(value.asJsonText());
            case BYTES -> payload.setRaw(UnsafeByteOperations.unsafeWrap(value.asBytes()));
            default -> payload.setValue(value(value));
        }
        return contentType.isEmpty()
                ? payload.build()
                : payload.setContentType(contentType).build();
    }

    private static Payload payload(Value value) {
        return payload(value, "");
    }

    static io.pathkeeper.v1.Value value(Value value) {
        io.pathkeeper.v1.Value.Builder out = io.pathkeeper.v1.Value.newBuilder();
        switch (value.type()) {
            case NULL -> out.setNullValue(NullValue.NULL_VALUE_UNSPECIFIED);
            case BOOL -> out.setBoolValue(value.asBool());
            case LONG -> out.setIntValue(value.asLong());
            case DOUBLE -> out.setDoubleValue(value.asDouble());
            case STRING -> out.setStringValue(value.asString());
            case BYTES -> out.setBytesValue(UnsafeByteOperations.unsafeWrap(value.asBytes()));
            case LIST -> {
                ListValue.Builder list = ListValue.newBuilder();
                value.asList().forEach(item -> list.addItems(value(item)));
                out.setListValue(list);
            }
            case MAP -> {
                MapValue.Builder map = MapValue.newBuilder();
                value.asMap()
                        .forEach((key, entry) ->
                                map.addEntries(MapEntry.newBuilder().setKey(key).setValue(value(entry))));
                out.setMapValue(map);
            }
            case JSON ->
                throw new IllegalArgumentException(
                        "JSON text can only be a whole value, not an item of a list or a map: " + value);
        }
        return out.build();
    }

    static CreateRequest create(String path, Value value, CreateOptions options) {
        CreateRequest.Builder request = CreateRequest.newBuilder()
                .setPath(path)
                .setData(payload(value, options.contentType()))
                .setKind(kind(options.kind()));
        if (options.sequential()) {
            request.setSequential(true);
        }
        if (options.createParents()) {
            request.setCreateParents(true).setParentKind(kind(options.parentKind()));
        }
        PathkeeperSession session = options.session();
        if (session != null) {
            request.setSession(SessionProto.usableKey(session)).setTakeOverIdentity(options.takeOver());
        }
        if (options.guards() != Guards.none()) {
            request.setGuards(SessionProto.guards(options.guards()));
        }
        return request.setTtlMs(options.ttl().toMillis())
                .setTtlAbsolute(options.ttlAbsolute())
                .build();
    }

    static SetRequest set(String path, Value value, SetOptions options) {
        SetRequest.Builder request =
                SetRequest.newBuilder().setPath(path).setData(payload(value, options.contentType()));
        if (options == SetOptions.defaults()) {
            return request.build();
        }
        Long version = options.expectedVersion();
        if (version != null) {
            request.setExpectedVersion(version);
        }
        Long revision = options.expectedRevision();
        if (revision != null) {
            request.setExpectedRevision(revision);
        }
        if (options.guards() != Guards.none()) {
            request.setGuards(SessionProto.guards(options.guards()));
        }
        return request.setAllowMissing(options.allowMissing())
                .setIfChanged(options.ifChanged())
                .setReturnPrevious(options.returnPrevious())
                .setValueFormat(ReadProto.format(options.format()))
                .setNextSequenceAtLeast(options.nextSequenceAtLeast())
                .build();
    }

    static PatchRequest patch(String path, Patch patch, PatchOptions options) {
        PatchRequest.Builder request = PatchRequest.newBuilder()
                .setPath(path)
                .setReturnPrevious(options.returnPrevious())
                .setReturnData(options.returnValue())
                .setValueFormat(ReadProto.format(options.format()));
        Long version = options.expectedVersion();
        if (version != null) {
            request.setExpectedVersion(version);
        }
        Long revision = options.expectedRevision();
        if (revision != null) {
            request.setExpectedRevision(revision);
        }
        if (options.guards() != Guards.none()) {
            request.setGuards(SessionProto.guards(options.guards()));
        }
        patch.changes().forEach(change -> request.addOperations(change(change)));
        return request.build();
    }

    private static FieldOperation change(Patch.Change change) {
        FieldOperation.Builder out = FieldOperation.newBuilder()
                .setPointer(change.pointer())
                .setDelta(change.delta())
                .setType(
                        switch (change.type()) {
                            case SET -> FieldOperation.Type.TYPE_SET;
                            case SET_IF_ABSENT -> FieldOperation.Type.TYPE_SET_IF_ABSENT;
                            case REMOVE -> FieldOperation.Type.TYPE_REMOVE;
                            case MERGE -> FieldOperation.Type.TYPE_MERGE;
                            case LIST_APPEND -> FieldOperation.Type.TYPE_LIST_APPEND;
                            case LIST_INSERT -> FieldOperation.Type.TYPE_LIST_INSERT;
                            case LIST_REMOVE -> FieldOperation.Type.TYPE_LIST_REMOVE;
                            case INCREMENT -> FieldOperation.Type.TYPE_INCREMENT;
                            case TEST -> FieldOperation.Type.TYPE_TEST;
                        });
        Value value = change.value();
        if (value != null) {
            out.setValue(payload(value));
        }
        Long index = change.index();
        if (index != null) {
            out.setIndex(index);
        }
        return out.build();
    }

    static DeleteRequest delete(String path, DeleteOptions options) {
        DeleteRequest.Builder request = DeleteRequest.newBuilder()
                .setPath(path)
                .setRecursive(options.recursive())
                .setReturnPrevious(options.returnPrevious())
                .setValueFormat(ReadProto.format(options.format()));
        Long version = options.expectedVersion();
        if (version != null) {
            request.setExpectedVersion(version);
        }
        Long revision = options.expectedRevision();
        if (revision != null) {
            request.setExpectedRevision(revision);
        }
        if (options.guards() != Guards.none()) {
            request.setGuards(SessionProto.guards(options.guards()));
        }
        return request.build();
    }

    static TransactRequest transaction(Transaction transaction) {
        TransactRequest.Builder request = TransactRequest.newBuilder();
        transaction.conditions().forEach(condition -> request.addConditions(condition(condition)));
        transaction.then().forEach(operation -> request.addThen(operation(operation)));
        transaction.otherwise().forEach(operation -> request.addOtherwise(operation(operation)));
        if (transaction.guards() != Guards.none()) {
            request.setGuards(SessionProto.guards(transaction.guards()));
        }
        return request.build();
    }

    private static TransactOperation operation(Operation operation) {
        TransactOperation.Builder out = TransactOperation.newBuilder();
        if (operation instanceof Operation.Create create) {
            out.setCreate(create(create.path(), create.value(), create.options()));
        } else if (operation instanceof Operation.Set set) {
            out.setSet(set(set.path(), set.value(), set.options()));
        } else if (operation instanceof Operation.Change change) {
            out.setPatch(patch(change.path(), change.patch(), change.options()));
        } else if (operation instanceof Operation.Delete delete) {
            out.setDelete(delete(delete.path(), delete.options()));
        } else if (operation instanceof Operation.Get get) {
            ReadOptions options = get.options();
            out.setGet(GetRequest.newBuilder()
                    .setPath(get.path())
                    .setView(ReadProto.view(options.view()))
                    .setValueFormat(ReadProto.format(options.format())));
        }
        return out.build();
    }

    private static io.pathkeeper.v1.Condition condition(Condition condition) {
        io.pathkeeper.v1.Condition.Builder out =
                io.pathkeeper.v1.Condition.newBuilder().setPath(condition.path());
        if (condition instanceof Condition.Exists exists) {
            out.setExists(exists.expected());
        } else if (condition instanceof Condition.Version version) {
            out.setVersion(version.version());
        } else if (condition instanceof Condition.ModifiedRevision revision) {
            out.setModifiedRevision(revision.revision());
        } else if (condition instanceof Condition.ValueEquals equals) {
            out.setValueEquals(payload(equals.value()));
        } else if (condition instanceof Condition.Field field) {
            out.setField(FieldCondition.newBuilder()
                    .setPointer(field.pointer())
                    .setComparison(comparison(field.comparison()))
                    .setValue(payload(field.value())));
        } else if (condition instanceof Condition.ChildCount count) {
            out.setChildCount(count.count());
        }
        return out.build();
    }

    private static io.pathkeeper.v1.Condition.Comparison comparison(Comparison comparison) {
        return switch (comparison) {
            case EQUAL -> io.pathkeeper.v1.Condition.Comparison.COMPARISON_EQUAL;
            case NOT_EQUAL -> io.pathkeeper.v1.Condition.Comparison.COMPARISON_NOT_EQUAL;
            case LESS -> io.pathkeeper.v1.Condition.Comparison.COMPARISON_LESS;
            case LESS_OR_EQUAL -> io.pathkeeper.v1.Condition.Comparison.COMPARISON_LESS_OR_EQUAL;
            case GREATER -> io.pathkeeper.v1.Condition.Comparison.COMPARISON_GREATER;
            case GREATER_OR_EQUAL -> io.pathkeeper.v1.Condition.Comparison.COMPARISON_GREATER_OR_EQUAL;
            case EXISTS -> io.pathkeeper.v1.Condition.Comparison.COMPARISON_EXISTS;
        };
    }

    static io.pathkeeper.v1.ZnodeKind kind(ZnodeKind kind) {
        return switch (kind) {
            case PERSISTENT -> io.pathkeeper.v1.ZnodeKind.ZNODE_KIND_PERSISTENT;
            case EPHEMERAL -> io.pathkeeper.v1.ZnodeKind.ZNODE_KIND_EPHEMERAL;
            case CONTAINER -> io.pathkeeper.v1.ZnodeKind.ZNODE_KIND_CONTAINER;
            case TTL -> io.pathkeeper.v1.ZnodeKind.ZNODE_KIND_TTL;
        };
    }
}
