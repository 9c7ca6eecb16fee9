package io.pathkeeper.server.state;

import io.pathkeeper.server.coordination.LockMode;
import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.FieldOperation;
import io.pathkeeper.server.value.Value;
import io.pathkeeper.server.value.ValueEncoding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Random commands that often meet: few names, few values, small numbers. */
final class ModelCommands {
    private static final String[] NAMES = {"a", "b", "c", "a-", "a b", "é", "q"};
    private static final String[] POINTERS = {
        "", "/x", "/y", "/x/y", "/x/0", "/x/1", "/x/-", "/y/x", "/a~1b", "/m~0n", "x", "/~2", "/x/01", "/l/0", "/l"
    };
    private static final String[] KEYS = {"x", "y", "a/b", "m~n", "l", "ü", "z"};

    private static final String[] LOCKS = {
        "/a", "/lock", "/lock/x", "/lock-", "/permits", "/permits/2", "/election", "/election2"
    };
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final SplittableRandom random;
    private final long[] sequences = new long[6];

    ModelCommands(SplittableRandom random) {
        this.random = random;
    }

    Command next(NaiveStore store) {
        int dice = random.nextInt(100);
        if (dice < 16) {
            return transact(store);
        } else if (dice == 16) {
            return quota(store);
        } else if (dice < 20) {
            return new Command.Tick(random.nextInt(6));
        } else if (dice < 48) {
            return coordination(store);
        } else if (dice < 54) {
            return guarded(store);
        }
        return single(store);
    }

    /** Sets a quota about as high as what is there, or deletes it; as the servers do it. */
    private Command quota(NaiveStore store) {
        ZnodePath record = Quotas.TOP.child("q" + random.nextInt(4));
        boolean there = store.nodes().containsKey(record.toString());
        String path = pathText(store, random.nextInt(4) == 0);
        path = path.startsWith("/_sys") || path.startsWith("/zookeeper") ? "/a" : path;
        byte[] value = new Quota(
                        "",
                        ZnodePath.parse(path),
                        near(store.used(Quota.Kind.ZNODES, path), 4),
                        near(store.used(Quota.Kind.BYTES, path), 40),
                        near(store.used(Quota.Kind.CHILDREN, path), 3))
                .encode();
        Command write = there && random.nextInt(3) == 0
                ? new Command.Delete(record, false, Command.ANY, Command.ANY, false)
                : new Command.Set(record, value, "", Command.ANY, Command.ANY, false, false, false);
        Command create = new Command.Create(
                record, ZnodeKind.PERSISTENT, value, "", false, ZnodeKind.PERSISTENT, 0, false, null, false);
        return new Command.Internal(
                new Command.Transact(List.of(new Condition.Exists(record, true)), List.of(write), List.of(create)));
    }

    private long near(long used, int more) {
        return random.nextInt(3) == 0 ? Quota.NONE : Math.max(0, used + random.nextInt(more + 2) - 2);
    }

    private Command guarded(NaiveStore store) {
        List<Guard> guards = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            String path = lockPath();
            guards.add(
                    random.nextBoolean()
                            ? new Guard.SessionOpen(session(store))
                            : new Guard.LockHeld(
                                    ZnodePath.parse(path), store.coordination().someToken(path, random.nextInt(50))));
        }
        Command command = random.nextInt(20) == 0
                ? coordination(store)
                : random.nextInt(4) == 0 ? transact(store) : single(store);
        return new Command.Guarded(guards, command);
    }

    private Command coordination(NaiveStore store) {
        int dice = random.nextInt(100);
        if (dice < 16) {
            long timeout = random.nextInt(20) == 0 ? random.nextInt(500_000) : 5_000;
            String identity = random.nextInt(4) == 0 ? "" : "client " + random.nextInt(2);
            SortedMap<String, String> labels = new TreeMap<>();
            labels.put("n", Integer.toString(random.nextInt(9)));
            return new Command.CreateSession(SECRET, timeout, identity, labels, "1.2.3.4:5");
        } else if (dice < 19) {
            return new Command.CloseSession(session(store));
        } else if (dice < 24) {
            long term = random.nextInt(3) == 0 ? store.term() - 1 + random.nextInt(3) : store.term();
            return new Command.ExpireSession(session(store).id(), term);
        }
        String path = lockPath();
        boolean election = path.startsWith("/election") != (random.nextInt(12) == 0);
        String holder = "h" + random.nextInt(3);
        if (dice < 70) {
            return acquire(store, path, election, holder);
        } else if (dice < 90) {
            long token = random.nextInt(3) == 0 ? store.coordination().someToken(path, random.nextInt(50)) : 0;
            return new Command.Release(ZnodePath.parse(path), election, session(store), holder, token);
        }
        return new Command.Proclaim(
                ZnodePath.parse(path),
                session(store),
                holder,
                store.coordination().someToken(path, random.nextInt(50)),
                value());
    }

    private Command acquire(NaiveStore store, String path, boolean election, String holder) {
        LockMode mode = election ? LockMode.EXCLUSIVE : LockMode.values()[random.nextInt(2)];
        if (path.startsWith("/permits") || random.nextInt(25) == 0) {
            mode = LockMode.PERMITS;
        }
        long permits = mode == LockMode.PERMITS ? 1 + random.nextInt(3) : 0;
        long maxPermits = mode == LockMode.PERMITS ? (random.nextInt(12) == 0 ? 4 : 3) : 0;
        return new Command.Acquire(
                ZnodePath.parse(path),
                election,
                session(store),
                holder,
                mode,
                random.nextInt(40) == 0 ? 4 : permits,
                maxPermits,
                random.nextInt(3) * 400L,
                random.nextInt(5) == 0 ? "note" : "",
                election && random.nextInt(40) > 0 ? value() : new byte[0],
                random.nextInt(5) > 0);
    }

    private String lockPath() {
        return LOCKS[random.nextInt(LOCKS.length)];
    }

    private SessionKey session(NaiveStore store) {
        int dice = random.nextInt(50);
        long next = store.coordination().nextSession;
        if (dice == 0) {
            return new SessionKey(next + random.nextInt(3), SECRET);
        }
        List<Long> open = new ArrayList<>(store.coordination().sessions.keySet());
        long id = open.isEmpty() || dice < 4
                ? Math.max(0, next - 1 - random.nextInt(12))
                : open.get(random.nextInt(open.size()));
        return new SessionKey(id, dice == 5 ? new byte[32] : SECRET);
    }

    private Command single(NaiveStore store) {
        int dice = random.nextInt(100);
        if (dice < 40) {
            return create(store);
        } else if (dice < 60) {
            return new Command.Set(
                    path(store),
                    value(),
                    contentType(),
                    expectation(),
                    expectation(),
                    random.nextInt(3) == 0,
                    random.nextInt(4) == 0,
                    random.nextBoolean(),
                    random.nextInt(4) == 0 ? random.nextInt(20) : 0);
        } else if (dice < 80) {
            return new Command.Patch(path(store), operations(), expectation(), expectation(), random.nextBoolean());
        } else if (dice < 98) {
            return new Command.Delete(
                    path(store), random.nextInt(5) == 0, expectation(), expectation(), random.nextBoolean());
        }
        return new Command.Read(path(store));
    }

    @Nullable
    RequestId requestId() {
        if (random.nextInt(3) > 0) {
            return null;
        }
        int client = random.nextInt(sequences.length);
        boolean repeat = random.nextInt(3) == 0;
        long sequence = repeat ? Math.max(1, sequences[client] - random.nextInt(30)) : ++sequences[client];
        long acknowledged = random.nextInt(4) == 0 ? Math.max(0, sequence - random.nextInt(10)) : 0;
        return new RequestId("client-" + client, sequence, acknowledged);
    }

    private Command create(NaiveStore store) {
        boolean sequential = random.nextInt(4) == 0;
        int kind = random.nextInt(20);
        ZnodeKind of = kind < 10
                ? ZnodeKind.PERSISTENT
                : kind < 13 ? ZnodeKind.CONTAINER : kind < 16 ? ZnodeKind.TTL : ZnodeKind.EPHEMERAL;
        long ttl = of == ZnodeKind.TTL ? 1_000 + random.nextInt(4) * 500L : 0;
        ttl = random.nextInt(40) == 0 ? random.nextInt(2_000) : ttl;
        int parents = random.nextInt(4);
        String path = pathText(store, true);
        boolean takeOver = of == ZnodeKind.EPHEMERAL ? random.nextInt(3) == 0 : random.nextInt(60) == 0;
        if (takeOver && of == ZnodeKind.EPHEMERAL && random.nextInt(4) > 0) {
            path = ephemeralPath(store, path);
            sequential = false;
        }
        if (sequential) {
            path = random.nextBoolean() ? (path.equals("/") ? "/" : path + "/") : path;
        }
        return new Command.Create(
                sequential ? ZnodePath.parsePrefix(path) : ZnodePath.parse(path),
                of,
                value(),
                contentType(),
                sequential,
                parents == 0 ? ZnodeKind.PERSISTENT : parents == 1 ? ZnodeKind.CONTAINER : null,
                ttl,
                random.nextInt(3) == 0,
                (of == ZnodeKind.EPHEMERAL) == (random.nextInt(30) > 0) ? session(store) : null,
                takeOver);
    }

    /** Path of an ephemeral znode that is there, or this one. */
    private String ephemeralPath(NaiveStore store, String otherwise) {
        List<String> owned = store.nodes().keySet().stream()
                .filter(path -> store.nodes().get(path).owner != 0)
                .toList();
        return owned.isEmpty() ? otherwise : owned.get(random.nextInt(owned.size()));
    }

    private Command transact(NaiveStore store) {
        List<Condition> conditions = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            conditions.add(condition(store));
        }
        return new Command.Transact(conditions, operationList(store), operationList(store));
    }

    private List<Command> operationList(NaiveStore store) {
        List<Command> operations = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            operations.add(random.nextInt(8) == 0 ? new Command.Read(path(store)) : forTransaction(store));
        }
        return operations;
    }

    /** Most operations of a transaction may well succeed, so that whole transactions do. */
    private Command forTransaction(NaiveStore store) {
        if (random.nextInt(3) == 0) {
            return single(store);
        }
        return random.nextBoolean()
                ? new Command.Set(path(store), value(), "", Command.ANY, Command.ANY, true, false, true)
                : random.nextBoolean()
                        ? new Command.Create(
                                ZnodePath.parsePrefix(pathText(store, true) + "s"),
                                ZnodeKind.CONTAINER,
                                value(),
                                "",
                                true,
                                ZnodeKind.CONTAINER,
                                0,
                                false,
                                null,
                                false)
                        : new Command.Delete(path(store), true, Command.ANY, Command.ANY, true);
    }

    private Condition condition(NaiveStore store) {
        ZnodePath path = path(store);
        return switch (random.nextInt(6)) {
            case 0 -> new Condition.Exists(path, random.nextBoolean());
            case 1 -> new Condition.Version(path, 1 + random.nextInt(2));
            case 2 ->
                new Condition.ModifiedRevision(path, random.nextBoolean() ? store.revision() : random.nextInt(50));
            case 3 -> new Condition.ValueEquals(path, value());
            case 4 -> new Condition.ChildCount(path, random.nextInt(2));
            default ->
                new Condition.Field(
                        path,
                        POINTERS[random.nextInt(POINTERS.length)],
                        Condition.Comparison.values()[random.nextInt(7)],
                        value());
        };
    }

    private List<FieldOperation> operations() {
        if (random.nextInt(6) == 0) {
            long large = random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE;
            return List.of(
                    new FieldOperation(FieldOperation.Type.INCREMENT, "", new byte[0], FieldOperation.NO_INDEX, large));
        }
        List<FieldOperation> operations = new ArrayList<>();
        for (int i = random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(3); i > 0; i--) {
            FieldOperation.Type type = FieldOperation.Type.values()[random.nextInt(9)];
            long index = random.nextBoolean() ? FieldOperation.NO_INDEX : random.nextInt(3);
            long delta = random.nextInt(3) == 0 ? Long.MAX_VALUE : random.nextInt(10) - 5;
            operations.add(new FieldOperation(type, POINTERS[random.nextInt(POINTERS.length)], value(), index, delta));
        }
        return operations;
    }

    private ZnodePath path(NaiveStore store) {
        return ZnodePath.parse(pathText(store, false));
    }

    private String pathText(NaiveStore store, boolean fresh) {
        int dice = random.nextInt(100);
        if (dice == 0) {
            return "/";
        } else if (dice == 1) {
            return random.nextBoolean() ? "/_sys/x" : "/zookeeper";
        }
        if (dice < (fresh ? 50 : 90)) {
            List<String> paths = new ArrayList<>(store.nodes().keySet());
            String path = paths.get(random.nextInt(paths.size()));
            boolean below = fresh && path.length() < 60;
            return below ? (path.equals("/") ? "" : path) + "/" + NAMES[random.nextInt(NAMES.length)] : path;
        }
        StringBuilder path = new StringBuilder();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            path.append('/').append(NAMES[random.nextInt(NAMES.length)]);
        }
        return path.toString();
    }

    private long expectation() {
        return random.nextInt(8) == 0 ? random.nextInt(4) : Command.ANY;
    }

    private String contentType() {
        return random.nextInt(6) == 0 ? "text/plain" : "";
    }

    byte[] value() {
        return ValueEncoding.encode(value(2));
    }

    private Value value(int depth) {
        int dice = random.nextInt(depth > 0 ? 12 : 8);
        switch (dice) {
            case 0:
                return Value.Null.INSTANCE;
            case 1:
                return new Value.Bool(random.nextBoolean());
            case 2, 3, 4:
                return new Value.Int(random.nextInt(20) == 0 ? random.nextLong() : random.nextInt(4));
            case 5:
                return new Value.Real(random.nextBoolean() ? random.nextInt(4) : random.nextInt(8) / 2.0);
            case 6:
                return new Value.Text(KEYS[random.nextInt(KEYS.length)]);
            case 7:
                byte[] bytes = new byte[random.nextInt(40)];
                random.nextBytes(bytes);
                return new Value.Bytes(bytes);
            case 8:
                List<Value> items = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    items.add(value(depth - 1));
                }
                return new Value.Items(items);
            default:
                List<Value.Field> fields = new ArrayList<>();
                for (String key : KEYS) {
                    if (random.nextInt(3) == 0) {
                        fields.add(new Value.Field(key, value(depth - 1)));
                    }
                }
                return Value.Fields.sorted(fields);
        }
    }
}
