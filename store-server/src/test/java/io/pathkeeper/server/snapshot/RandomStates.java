package io.pathkeeper.server.snapshot;

import io.pathkeeper.server.coordination.LockMode;
import io.pathkeeper.server.coordination.LockState;
import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.Condition;
import io.pathkeeper.server.state.Guard;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.state.StoreState;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.FieldOperation;
import io.pathkeeper.server.value.Value;
import io.pathkeeper.server.value.ValueEncoding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Drives a state with commands of every kind from a seed. Two drivers of one seed do exactly the same. */
public final class RandomStates {
    private static final String[] NAMES = {"a", "b", "config", "größe", "\uD83D\uDE00", "queue", "z"};

    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final Random random;
    private final StoreState state;
    private long sequence;
    private long wallMillis = 1_800_000_000_000L;
    private long clusterMillis;

    RandomStates(long seed, StoreState state) {
        this.random = new Random(seed);
        this.state = state;
    }

    /** A state made by so many random commands. */
    public static StoreState state(long seed, int commands) {
        StoreState state = StoreState.create(StateLimits.DEFAULT);
        new RandomStates(seed, state).run(commands);
        return state;
    }

    /** Applies so many commands, several to an entry, and gives the results. */
    List<CommandResult> run(int commands) {
        List<CommandResult> results = new ArrayList<>();
        int left = commands;
        while (left > 0) {
            wallMillis += random.nextInt(500);
            clusterMillis += random.nextInt(400);
            state.beginEntry(1, wallMillis, clusterMillis);
            for (int i = Math.min(left, 1 + random.nextInt(20)); i > 0; i--, left--) {
                results.add(state.apply(command(), requestId()));
            }
            state.endEntry();
        }
        return results;
    }

    private @Nullable RequestId requestId() {
        if (random.nextInt(3) == 0) {
            return null;
        }
        sequence++;
        long repeated = random.nextInt(8) == 0 ? Math.max(1, sequence - random.nextInt(30)) : sequence;
        return new RequestId("client-" + random.nextInt(6), repeated, Math.max(1, sequence - 50));
    }

    private Command command() {
        return switch (random.nextInt(16)) {
            case 0 -> new Command.Tick(1 + random.nextInt(10));
            case 1 -> transaction();
            case 2, 3, 4 -> coordination();
            case 5 -> new Command.Guarded(List.of(new Guard.SessionOpen(session())), operation());
            default -> operation();
        };
    }

    private Command coordination() {
        int choice = random.nextInt(20);
        if (choice < 4) {
            SortedMap<String, String> labels = new TreeMap<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                labels.put("label" + random.nextInt(5), "größe " + random.nextInt(100));
            }
            return new Command.CreateSession(SECRET, 10_000, "client " + random.nextInt(4), labels, "10.0.0.1:5");
        } else if (choice < 5) {
            return new Command.CloseSession(session());
        } else if (choice < 6) {
            return new Command.ExpireSession(session().id(), 1 + random.nextInt(2));
        } else if (choice < 10) {
            return new Command.Create(
                    path(), ZnodeKind.EPHEMERAL, value(), "", false, null, 0, false, session(), random.nextBoolean());
        }
        boolean election = random.nextInt(3) == 0;
        String holder = "h" + random.nextInt(2);
        ZnodePath path = ZnodePath.parse((election ? "/election" : "/lock") + random.nextInt(3));
        if (choice < 16) {
            LockMode mode = election || random.nextBoolean() ? LockMode.EXCLUSIVE : LockMode.SHARED;
            return new Command.Acquire(
                    path,
                    election,
                    session(),
                    holder,
                    mode,
                    0,
                    0,
                    random.nextInt(3) * 2_000L,
                    contentType(),
                    election ? value() : new byte[0],
                    random.nextInt(4) > 0);
        } else if (choice < 19) {
            return new Command.Release(path, election, session(), holder, 0);
        }
        LockState lock = state.locks().find(path);
        long term = lock == null || lock.holders().isEmpty()
                ? 1
                : lock.holders().get(0).token();
        return new Command.Proclaim(path, session(), holder, term, value());
    }

    private SessionKey session() {
        long newest = state.sessions().nextId() - 1;
        return new SessionKey(Math.max(1, newest - random.nextInt(8)), SECRET);
    }

    private Command transaction() {
        List<Command> then = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            then.add(random.nextInt(4) == 0 ? new Command.Read(path()) : operation());
        }
        List<Condition> conditions =
                random.nextBoolean() ? List.of() : List.of(new Condition.Exists(path(), random.nextBoolean()));
        return new Command.Transact(conditions, then, List.of(new Command.Read(path())));
    }

    private Command operation() {
        int choice = random.nextInt(20);
        if (choice < 8) {
            return create();
        } else if (choice < 14) {
            boolean previous = random.nextInt(4) == 0;
            return new Command.Set(
                    path(), value(), contentType(), Command.ANY, Command.ANY, random.nextBoolean(), false, previous);
        } else if (choice < 17) {
            FieldOperation operation = new FieldOperation(
                    FieldOperation.Type.INCREMENT, "/n", new byte[0], FieldOperation.NO_INDEX, random.nextInt(9));
            return new Command.Patch(path(), List.of(operation), Command.ANY, Command.ANY, random.nextBoolean());
        }
        return new Command.Delete(path(), random.nextInt(4) == 0, Command.ANY, Command.ANY, random.nextBoolean());
    }

    private Command create() {
        ZnodeKind[] kinds = {ZnodeKind.PERSISTENT, ZnodeKind.PERSISTENT, ZnodeKind.CONTAINER, ZnodeKind.TTL};
        ZnodeKind kind = kinds[random.nextInt(kinds.length)];
        boolean sequential = random.nextInt(5) == 0;
        ZnodeKind parents =
                random.nextInt(3) == 0 ? null : random.nextBoolean() ? ZnodeKind.PERSISTENT : ZnodeKind.CONTAINER;
        long ttl = kind == ZnodeKind.TTL ? 1_000 + random.nextInt(20_000) : 0;
        return new Command.Create(
                path(),
                kind,
                value(),
                contentType(),
                sequential,
                parents,
                ttl,
                ttl > 0 && random.nextBoolean(),
                null,
                false);
    }

    private ZnodePath path() {
        ZnodePath path = ZnodePath.ROOT;
        for (int depth = 1 + random.nextInt(3); depth > 0; depth--) {
            path = path.child(NAMES[random.nextInt(NAMES.length)] + (random.nextInt(4) == 0 ? random.nextInt(40) : ""));
        }
        return path;
    }

    private String contentType() {
        return random.nextInt(5) == 0 ? "text/plain" : "";
    }

    private byte[] value() {
        return switch (random.nextInt(5)) {
            case 0 -> ValueEncoding.ofNull();
            case 1 -> bytes(random.nextInt(random.nextInt(50) == 0 ? 20_000 : 200));
            case 2 -> ValueEncoding.ofString("größe " + random.nextInt());
            default ->
                ValueEncoding.encode(new Value.Fields(List.of(
                        new Value.Field("host", new Value.Text("localhost")),
                        new Value.Field("n", new Value.Int(random.nextInt(1000))))));
        };
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return ValueEncoding.ofBytes(bytes);
    }
}
