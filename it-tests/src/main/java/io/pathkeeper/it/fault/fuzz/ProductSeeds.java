package io.pathkeeper.it.fault.fuzz;

import io.pathkeeper.server.coordination.LockMode;
import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.Condition;
import io.pathkeeper.server.state.Guard;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.FieldOperation;
import io.pathkeeper.server.value.Value;
import io.pathkeeper.server.value.ValueEncoding;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Valid values and commands of every kind. */
final class ProductSeeds {
    private static final SessionKey SESSION = new SessionKey(9, new byte[Session.SECRET_BYTES]);

    private ProductSeeds() {}

    static List<Value> values() {
        Value list = new Value.Items(List.of(new Value.Int(-1), new Value.Text("x"), Value.Null.INSTANCE));
        return List.of(
                Value.Null.INSTANCE,
                new Value.Bool(true),
                new Value.Int(0),
                new Value.Int(Long.MIN_VALUE),
                new Value.Real(1.5),
                new Value.Text("text ä"),
                new Value.Bytes(new byte[] {0, 1, -1}),
                list,
                new Value.Fields(List.of(
                        new Value.Field("a", new Value.Int(300)),
                        new Value.Field("b", new Value.Fields(List.of(new Value.Field("c", list)))),
                        new Value.Field("d", new Value.Real(-2.5)))));
    }

    private static byte[] value(int index) {
        return ValueEncoding.encode(values().get(index));
    }

    static List<Command> commands() {
        ZnodePath path = ZnodePath.parse("/a/b");
        Command create = new Command.Create(
                path, ZnodeKind.PERSISTENT, value(8), "text/plain", false, ZnodeKind.CONTAINER, 0, false, null, false);
        Command ephemeral = new Command.Create(
                ZnodePath.parsePrefix("/q/n-"),
                ZnodeKind.EPHEMERAL,
                value(5),
                "",
                true,
                null,
                0,
                false,
                SESSION,
                false);
        Command timed = new Command.Create(path, ZnodeKind.TTL, value(0), "", false, null, 5_000, true, null, false);
        Command set = new Command.Set(path, value(6), "", 3, Command.ANY, true, false, true);
        Command patch = new Command.Patch(
                path,
                List.of(
                        new FieldOperation(FieldOperation.Type.SET, "/a", value(2), FieldOperation.NO_INDEX, 0),
                        new FieldOperation(FieldOperation.Type.LIST_INSERT, "/b/c", value(5), 1, 0),
                        new FieldOperation(
                                FieldOperation.Type.INCREMENT, "/n", new byte[0], FieldOperation.NO_INDEX, -4)),
                Command.ANY,
                7,
                true);
        Command delete = new Command.Delete(path, true, Command.ANY, Command.ANY, false);
        Command.Transact transact = new Command.Transact(
                List.of(
                        new Condition.Exists(path, true),
                        new Condition.Version(path, 2),
                        new Condition.ValueEquals(path, value(7)),
                        new Condition.Field(path, "/a", Condition.Comparison.LESS, value(2)),
                        new Condition.ChildCount(path, 1)),
                List.of(set, patch, new Command.Read(path)),
                List.of(delete, create));
        return List.of(
                create,
                ephemeral,
                timed,
                set,
                patch,
                delete,
                transact,
                new Command.Tick(10),
                new Command.CheckDigest(4, -5),
                new Command.CreateSession(
                        new byte[Session.SECRET_BYTES], 5_000, "me", new TreeMap<>(Map.of("k", "v")), "1.2.3.4:5"),
                new Command.CloseSession(SESSION),
                new Command.ExpireSession(9, 2),
                new Command.Acquire(
                        path, false, SESSION, "h", LockMode.PERMITS, 2, 5, 100, "note", new byte[0], true, 6),
                new Command.Acquire(path, true, SESSION, "h", LockMode.EXCLUSIVE, 0, 0, 0, "", value(5), false),
                new Command.Release(path, false, SESSION, "h", 4),
                new Command.Proclaim(path, SESSION, "h", 4, value(8)),
                new Command.Guarded(List.of(new Guard.SessionOpen(SESSION), new Guard.LockHeld(path, 3)), set),
                new Command.Internal(new Command.Transact(List.of(), List.of(set), List.of())));
    }
}
