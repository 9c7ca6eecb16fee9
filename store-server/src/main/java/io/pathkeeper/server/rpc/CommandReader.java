package io.pathkeeper.server.rpc;

import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.Guard;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.value.FieldOperation;
import io.pathkeeper.server.value.ValueLimits;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.DeleteRequest;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.Guards;
import io.pathkeeper.v1.PatchRequest;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.TransactOperation;
import io.pathkeeper.v1.TransactRequest;
import io.pathkeeper.v1.View;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns write requests into commands, checking all that does not depend on the state. Every method throws
 * {@link RejectedException}. Any thread.
 */
final class CommandReader {
    private final ValueLimits values;
    private final int maxContentTypeBytes;
    private final int maxOperations;

    CommandReader(ValueLimits values, int maxContentTypeBytes, int maxOperations) {
        this.values = values;
        this.maxContentTypeBytes = maxContentTypeBytes;
        this.maxOperations = maxOperations;
    }

    WriteRequest create(CreateRequest r) {
        ZnodeKind kind = kind("kind", r.getKind(), r.getKindValue());
        if (kind == ZnodeKind.TTL) {
            if (r.getTtlMs() < StateLimits.MIN_TTL_MILLIS || r.getTtlMs() > StateLimits.MAX_TTL_MILLIS) {
                throw RejectedException.argument(
                        "ttl_ms",
                        "is " + r.getTtlMs() + ": allowed are " + StateLimits.MIN_TTL_MILLIS + " to "
                                + StateLimits.MAX_TTL_MILLIS);
            }
        } else if (r.getTtlMs() != 0 || r.getTtlAbsolute()) {
            throw RejectedException.argument("ttl_ms", "and ttl_absolute need kind ZNODE_KIND_TTL");
        }
        boolean ephemeral = kind == ZnodeKind.EPHEMERAL;
        if (ephemeral != r.hasSession()) {
            throw RejectedException.argument(
                    "session",
                    ephemeral
                            ? "is unset: an ephemeral znode needs the session that owns it"
                            : "needs kind ZNODE_KIND_EPHEMERAL");
        }
        if (r.getTakeOverIdentity() && (!ephemeral || r.getSequential())) {
            throw RejectedException.argument(
                    "take_over_identity", "needs kind ZNODE_KIND_EPHEMERAL and a path that is not sequential");
        }
        Command command = new Command.Create(
                r.getSequential() ? FieldReader.prefix(r.getPath()) : FieldReader.path(r.getPath()),
                kind,
                Payloads.read(r.getData(), values),
                contentType(r.getData().getContentType()),
                r.getSequential(),
                parents(r),
                r.getTtlMs(),
                r.getTtlAbsolute(),
                ephemeral ? FieldReader.session("session", true, r.getSession()) : null,
                r.getTakeOverIdentity());
        return guarded(r.hasGuards(), r.getGuards(), command, Shape.CREATE);
    }

    private static @Nullable ZnodeKind parents(CreateRequest r) {
        ZnodeKind kind = kind("parent_kind", r.getParentKind(), r.getParentKindValue());
        if (kind != ZnodeKind.PERSISTENT && kind != ZnodeKind.CONTAINER) {
            throw RejectedException.argument(
                    "parent_kind", "is " + r.getParentKind() + ": parents are persistent or containers");
        }
        return r.getCreateParents() ? kind : null;
    }

    WriteRequest set(SetRequest r) {
        Command command = new Command.Set(
                FieldReader.path(r.getPath()),
                Payloads.read(r.getData(), values),
                contentType(r.getData().getContentType()),
                FieldReader.expected("expected_version", r.hasExpectedVersion(), r.getExpectedVersion()),
                FieldReader.expected("expected_revision", r.hasExpectedRevision(), r.getExpectedRevision()),
                r.getAllowMissing(),
                r.getIfChanged(),
                r.getReturnPrevious(),
                leastSequence(r.getNextSequenceAtLeast()));
        return guarded(r.hasGuards(), r.getGuards(), command, Shape.set(FieldReader.format(r.getValueFormat())));
    }

    private static long leastSequence(long number) {
        if (number < 0 || number > StateLimits.MAX_RAISED_SEQUENCE) {
            throw RejectedException.argument(
                    "next_sequence_at_least", "is " + number + ": allowed are 0 to " + StateLimits.MAX_RAISED_SEQUENCE);
        }
        return number;
    }

    WriteRequest patch(PatchRequest r) {
        int count = r.getOperationsCount();
        if (count < 1 || count > maxOperations) {
            throw RejectedException.argument(
                    "operations", "has " + count + " entries: allowed are 1 to " + maxOperations);
        }
        List<FieldOperation> operations = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            operations.add(fieldOperation("operations[" + i + "]", r.getOperations(i)));
        }
        Command command = new Command.Patch(
                FieldReader.path(r.getPath()),
                operations,
                FieldReader.expected("expected_version", r.hasExpectedVersion(), r.getExpectedVersion()),
                FieldReader.expected("expected_revision", r.hasExpectedRevision(), r.getExpectedRevision()),
                r.getReturnPrevious());
        return guarded(
                r.hasGuards(),
                r.getGuards(),
                command,
                Shape.of(Shape.Kind.PATCH, FieldReader.format(r.getValueFormat()), r.getReturnData()));
    }

    private FieldOperation fieldOperation(String field, io.pathkeeper.v1.FieldOperation o) {
        FieldOperation.Type type = switch (o.getType()) {
            case TYPE_SET -> FieldOperation.Type.SET;
            case TYPE_SET_IF_ABSENT -> FieldOperation.Type.SET_IF_ABSENT;
            case TYPE_REMOVE -> FieldOperation.Type.REMOVE;
            case TYPE_MERGE -> FieldOperation.Type.MERGE;
            case TYPE_LIST_APPEND -> FieldOperation.Type.LIST_APPEND;
            case TYPE_LIST_INSERT -> FieldOperation.Type.LIST_INSERT;
            case TYPE_LIST_REMOVE -> FieldOperation.Type.LIST_REMOVE;
            case TYPE_INCREMENT -> FieldOperation.Type.INCREMENT;
            case TYPE_TEST -> FieldOperation.Type.TEST;
            case TYPE_UNSPECIFIED -> throw RejectedException.argument(field + ".type", "is unset");
            case UNRECOGNIZED -> throw FieldReader.unknown(field + ".type", o.getTypeValue());
        };
        boolean listPlace = type == FieldOperation.Type.LIST_INSERT || type == FieldOperation.Type.LIST_REMOVE;
        if (o.hasIndex() && (!listPlace || o.getIndex() < 0)) {
            throw RejectedException.argument(
                    field + ".index",
                    "is " + o.getIndex() + ": only TYPE_LIST_INSERT and TYPE_LIST_REMOVE take one, from 0");
        }
        if (type == FieldOperation.Type.LIST_INSERT && !o.hasIndex()) {
            throw RejectedException.argument(field + ".index", "is unset: TYPE_LIST_INSERT needs it");
        }
        boolean operand = switch (type) {
            case REMOVE, INCREMENT -> false;
            case LIST_REMOVE -> !o.hasIndex();
            default -> true;
        };
        if (!operand && o.hasValue()) {
            throw RejectedException.argument(field + ".value", "is set, but " + o.getType() + " takes none here");
        }
        return new FieldOperation(
                type,
                o.getPointer(),
                operand ? Payloads.read(o.getValue(), values) : new byte[0],
                o.hasIndex() ? o.getIndex() : FieldOperation.NO_INDEX,
                o.getDelta());
    }

    WriteRequest delete(DeleteRequest r) {
        Command command = new Command.Delete(
                FieldReader.path(r.getPath()),
                r.getRecursive(),
                FieldReader.expected("expected_version", r.hasExpectedVersion(), r.getExpectedVersion()),
                FieldReader.expected("expected_revision", r.hasExpectedRevision(), r.getExpectedRevision()),
                r.getReturnPrevious());
        return guarded(
                r.hasGuards(),
                r.getGuards(),
                command,
                Shape.of(Shape.Kind.DELETE, FieldReader.format(r.getValueFormat()), false));
    }

    private static WriteRequest read(GetRequest r) {
        Shape shape = Shape.read(FieldReader.format(r.getValueFormat()), FieldReader.view(r.getView(), View.VIEW_FULL));
        return new WriteRequest(new Command.Read(FieldReader.path(r.getPath())), shape);
    }

    WriteRequest transact(TransactRequest r) {
        if (r.getConditionsCount() > maxOperations) {
            throw tooMany("conditions", r.getConditionsCount());
        }
        List<io.pathkeeper.server.state.Condition> conditions = new ArrayList<>(r.getConditionsCount());
        for (int i = 0; i < r.getConditionsCount(); i++) {
            int index = i;
            conditions.add(numbered(
                    "conditions[" + i + "]",
                    "condition_index",
                    i,
                    () -> ConditionReader.read(r.getConditions(index), values)));
        }
        List<WriteRequest> then = operations("then", r.getThenList());
        List<WriteRequest> otherwise = operations("otherwise", r.getOtherwiseList());
        Command command = new Command.Transact(
                conditions,
                then.stream().map(WriteRequest::command).toList(),
                otherwise.stream().map(WriteRequest::command).toList());
        Shape shape = Shape.transact(
                then.stream().map(WriteRequest::shape).toList(),
                otherwise.stream().map(WriteRequest::shape).toList());
        return guarded(r.hasGuards(), r.getGuards(), command, shape);
    }

    private List<WriteRequest> operations(String list, List<TransactOperation> operations) {
        if (operations.size() > maxOperations) {
            throw tooMany(list, operations.size());
        }
        List<WriteRequest> out = new ArrayList<>(operations.size());
        for (int i = 0; i < operations.size(); i++) {
            TransactOperation operation = operations.get(i);
            String name = list + "[" + i + "]";
            out.add(numbered(name, "op_index", i, () -> unguarded(operation(name, operation))));
        }
        return out;
    }

    private static WriteRequest unguarded(WriteRequest operation) {
        if (operation.command() instanceof Command.Guarded) {
            throw RejectedException.argument("guards", "stand on the transaction, not on its operations");
        }
        return operation;
    }

    /** The write behind its guards; without any, as it is. */
    private static WriteRequest guarded(boolean present, Guards g, Command command, Shape shape) {
        if (!present) {
            return new WriteRequest(command, shape);
        }
        List<Guard> guards = new ArrayList<>(2);
        if (g.hasRequireSession()) {
            guards.add(
                    new Guard.SessionOpen(FieldReader.session("guards.require_session", true, g.getRequireSession())));
        }
        if (g.hasRequireLock()) {
            guards.add(new Guard.LockHeld(
                    FieldReader.path(g.getRequireLock().getPath()),
                    FieldReader.within(
                            "guards.require_lock.token", g.getRequireLock().getToken(), 1, Long.MAX_VALUE)));
        }
        return new WriteRequest(guards.isEmpty() ? command : new Command.Guarded(guards, command), shape);
    }

    private WriteRequest operation(String name, TransactOperation operation) {
        return switch (operation.getOperationCase()) {
            case CREATE -> create(operation.getCreate());
            case SET -> set(operation.getSet());
            case PATCH -> patch(operation.getPatch());
            case DELETE -> delete(operation.getDelete());
            case GET -> read(operation.getGet());
            case OPERATION_NOT_SET ->
                throw RejectedException.argument(name, "has no operation, or one that this server does not know");
        };
    }

    private interface Reading<T> {
        T read();
    }

    private static <T> T numbered(String name, String fact, int index, Reading<T> reading) {
        try {
            return reading.read();
        } catch (RejectedException e) {
            Rejection plain = e.rejection();
            Map<String, String> facts = new HashMap<>(plain.metadata());
            facts.put(fact, Integer.toString(index));
            facts.put("list", name.substring(0, name.indexOf('[')));
            throw new RejectedException(new Rejection(plain.reason(), name + ": " + plain.message(), facts));
        }
    }

    private RejectedException tooMany(String list, int count) {
        return RejectedException.argument(list, "has " + count + " entries: allowed are at most " + maxOperations);
    }

    private String contentType(String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length > maxContentTypeBytes) {
            throw RejectedException.argument("data.content_type", "has more than " + maxContentTypeBytes + " bytes");
        }
        return text;
    }

    private static ZnodeKind kind(String field, io.pathkeeper.v1.ZnodeKind kind, int number) {
        return switch (kind) {
            case ZNODE_KIND_UNSPECIFIED, ZNODE_KIND_PERSISTENT -> ZnodeKind.PERSISTENT;
            case ZNODE_KIND_EPHEMERAL -> ZnodeKind.EPHEMERAL;
            case ZNODE_KIND_CONTAINER -> ZnodeKind.CONTAINER;
            case ZNODE_KIND_TTL -> ZnodeKind.TTL;
            case UNRECOGNIZED -> throw FieldReader.unknown(field, number);
        };
    }
}
