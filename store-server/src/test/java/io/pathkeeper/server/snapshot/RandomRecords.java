package io.pathkeeper.server.snapshot;

import io.pathkeeper.server.coordination.CoordinationChange;
import io.pathkeeper.server.coordination.LockEntry;
import io.pathkeeper.server.coordination.LockMode;
import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.tree.ChangeCause;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodeBuilder;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes results and changes of every kind from a seed. They need not make sense, only to have every form. */
final class RandomRecords {
    private final Random random;

    RandomRecords(long seed) {
        random = new Random(seed);
    }

    CommandResult result() {
        if (random.nextInt(6) == 0) {
            List<CommandResult> inner = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                inner.add(simpleResult());
            }
            return new CommandResult.Transacted(random.nextBoolean(), inner, number());
        }
        return simpleResult();
    }

    private CommandResult simpleResult() {
        ZnodePath path = path();
        return switch (random.nextInt(11)) {
            case 6 -> new CommandResult.SessionOpened(session(), number());
            case 7 -> new CommandResult.SessionEnded(number(), number());
            case 8 ->
                new CommandResult.Acquired(
                        random.nextBoolean() ? null : entry(),
                        random.nextInt(Integer.MAX_VALUE),
                        random.nextBoolean() ? List.of() : List.of(entry(), entry()),
                        number());
            case 9 -> new CommandResult.Released(number());
            case 10 -> new CommandResult.Proclaimed(number());
            case 0 -> new CommandResult.Created(path, znode(path), number(), number());
            case 1 ->
                new CommandResult.Updated(
                        path, znode(path), random.nextBoolean(), random.nextBoolean(), maybe(path), number());
            case 2 -> new CommandResult.Deleted(path, number(), maybe(path), number());
            case 3 -> new CommandResult.Found(path, maybe(path));
            case 4 ->
                new CommandResult.Rejected(Rejection.of(
                        RejectReason.values()[random.nextInt(RejectReason.values().length)],
                        "größer als " + random.nextInt(),
                        "path",
                        path.toString(),
                        "limit",
                        Long.toString(number())));
            default -> new CommandResult.Done(number());
        };
    }

    private Session session() {
        SortedMap<String, String> labels = new TreeMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            labels.put("label" + random.nextInt(9), "größe " + random.nextInt());
        }
        return new Session(
                number(), bytes(32), number(), "client " + random.nextInt(), labels, "1.2.3.4:5", number(), -number());
    }

    private LockEntry entry() {
        return new LockEntry(
                number(),
                "holder " + random.nextInt(),
                LockMode.values()[random.nextInt(LockMode.values().length)],
                number(),
                number(),
                number(),
                number(),
                number(),
                random.nextBoolean() ? "" : "größe",
                bytes(random.nextInt(9)),
                random.nextLong());
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    CoordinationChange coordination() {
        return switch (random.nextInt(3)) {
            case 0 -> new CoordinationChange.SessionOpened(session());
            case 1 -> new CoordinationChange.SessionEnded(number(), random.nextBoolean());
            default -> {
                CoordinationChange.Kind[] kinds = CoordinationChange.Kind.values();
                yield new CoordinationChange.LockChanged(
                        path(), random.nextBoolean(), kinds[random.nextInt(kinds.length)], entry());
            }
        };
    }

    TreeChange change() {
        ZnodePath path = path();
        ChangeCause cause = ChangeCause.values()[random.nextInt(ChangeCause.values().length)];
        return switch (random.nextInt(3)) {
            case 0 -> new TreeChange.Created(path, cause, znode(path));
            case 1 -> new TreeChange.Updated(path, cause, znode(path), znode(path));
            default -> new TreeChange.Deleted(path, cause, znode(path));
        };
    }

    private @Nullable Znode maybe(ZnodePath path) {
        return random.nextBoolean() ? znode(path) : null;
    }

    private Znode znode(ZnodePath path) {
        byte[] value = new byte[random.nextInt(60)];
        random.nextBytes(value);
        ZnodeBuilder builder = new ZnodeBuilder().name(path.name()).value(value);
        long created = number();
        builder.revisions(created, random.nextBoolean() ? created : number());
        builder.times(random.nextLong() >> random.nextInt(64), number());
        builder.version(1 + random.nextInt(3));
        builder.kind(ZnodeKind.values()[random.nextInt(ZnodeKind.values().length)]);
        if (random.nextBoolean()) {
            builder.contentType("text/plain");
        }
        if (random.nextBoolean()) {
            builder.childrenChanges(1 + number(), number()).nextSequence(number());
            builder.counts(1 + number(), 1 + number());
        }
        if (random.nextBoolean()) {
            builder.ttl(number(), random.nextBoolean(), number());
        }
        if (random.nextInt(4) == 0) {
            builder.ownerSession(random.nextLong());
        }
        return builder.build();
    }

    private ZnodePath path() {
        StringBuilder path = new StringBuilder();
        String[] names = {"a", "config", "größe", "\uD83D\uDE00", "node-0000000017"};
        for (int depth = random.nextInt(4); depth > 0; depth--) {
            path.append('/').append(names[random.nextInt(names.length)]);
        }
        return path.length() == 0
                ? ZnodePath.ROOT
                : ZnodePath.fromBytes(path.toString().getBytes(StandardCharsets.UTF_8));
    }

    private long number() {
        return (random.nextLong() >>> 2) >> random.nextInt(62);
    }
}
