package io.pathkeeper.server.raft;

import io.pathkeeper.server.coordination.LockMode;
import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.Condition;
import io.pathkeeper.server.state.Guard;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.FieldOperation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes commands of every kind from a seed. */
final class RandomCommands {
    private final Random random;

    RandomCommands(long seed) {
        random = new Random(seed);
    }

    Command command() {
        return switch (random.nextInt(17)) {
            case 0 -> new Command.Tick(random.nextInt());
            case 1 -> new Command.CheckDigest(number(), random.nextLong());
            case 2, 3 -> transact();
            case 4, 5, 6, 7 -> coordination();
            case 8, 9 -> new Command.Guarded(list(3, this::guard), flip() ? transact() : operation());
            case 16 -> new Command.Internal(transact());
            default -> operation();
        };
    }

    private Command.Transact transact() {
        return new Command.Transact(list(4, this::condition), list(4, this::operation), list(3, this::operation));
    }

    private Command coordination() {
        return switch (random.nextInt(6)) {
            case 0 -> new Command.CreateSession(bytes(), number(), text(), labels(), text());
            case 1 -> new Command.CloseSession(session());
            case 2 -> new Command.ExpireSession(number(), number());
            case 3 ->
                new Command.Acquire(
                        path(),
                        flip(),
                        session(),
                        text(),
                        any(LockMode.values()),
                        flip() ? 0 : number(),
                        flip() ? 0 : number(),
                        flip() ? 0 : number(),
                        text(),
                        bytes(),
                        flip(),
                        flip() ? 0 : number());
            case 4 -> new Command.Release(path(), flip(), session(), text(), number(), flip() ? 0 : number());
            default -> new Command.Proclaim(path(), session(), text(), number(), bytes());
        };
    }

    private SortedMap<String, String> labels() {
        SortedMap<String, String> labels = new TreeMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            labels.put(text(), text());
        }
        return labels;
    }

    private Guard guard() {
        return flip() ? new Guard.SessionOpen(session()) : new Guard.LockHeld(path(), number());
    }

    @Nullable
    RequestId requestId() {
        return random.nextInt(3) == 0 ? null : new RequestId(text(), number(), number());
    }

    private Command operation() {
        return switch (random.nextInt(5)) {
            case 0 -> create();
            case 1 ->
                new Command.Set(
                        path(), bytes(), text(), expected(), expected(), flip(), flip(), flip(), flip() ? 0 : number());
            case 2 -> new Command.Patch(path(), list(5, this::field), expected(), expected(), flip());
            case 3 -> new Command.Delete(path(), flip(), expected(), expected(), flip());
            default -> new Command.Read(path());
        };
    }

    private Command create() {
        boolean sequential = flip();
        ZnodePath path = path();
        if (sequential && flip()) {
            path = ZnodePath.fromBytes(
                    (path + (path.equals(ZnodePath.ROOT) ? "" : "/")).getBytes(StandardCharsets.UTF_8));
        }
        return new Command.Create(
                path,
                any(ZnodeKind.values()),
                bytes(),
                text(),
                sequential,
                flip() ? null : any(ZnodeKind.values()),
                flip() ? 0 : number(),
                flip(),
                flip() ? null : session(),
                flip());
    }

    private SessionKey session() {
        return new SessionKey(number(), bytes());
    }

    private Condition condition() {
        return switch (random.nextInt(6)) {
            case 0 -> new Condition.Exists(path(), flip());
            case 1 -> new Condition.Version(path(), number());
            case 2 -> new Condition.ModifiedRevision(path(), number());
            case 3 -> new Condition.ValueEquals(path(), bytes());
            case 4 -> new Condition.Field(path(), text(), any(Condition.Comparison.values()), bytes());
            default -> new Condition.ChildCount(path(), number());
        };
    }

    private FieldOperation field() {
        return new FieldOperation(
                any(FieldOperation.Type.values()),
                text(),
                bytes(),
                flip() ? FieldOperation.NO_INDEX : number(),
                flip() ? 0 : number());
    }

    private ZnodePath path() {
        StringBuilder path = new StringBuilder();
        for (int depth = random.nextInt(5); depth > 0; depth--) {
            path.append('/').append(any("a", "config", "größe", "\uD83D\uDE00", "node-0000000017", "x.y"));
        }
        return path.length() == 0
                ? ZnodePath.ROOT
                : ZnodePath.fromBytes(path.toString().getBytes(StandardCharsets.UTF_8));
    }

    private long expected() {
        return flip() ? Command.ANY : number();
    }

    private long number() {
        return random.nextLong() >> random.nextInt(64);
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(random.nextInt(20) == 0 ? 5000 : 40)];
        random.nextBytes(bytes);
        return bytes;
    }

    private String text() {
        return any("", "text/plain", "/a/b", "é\u4e2d\uD83D\uDE00", "0f8c7b34-7b58-4b39-9a39-2a8f2c7a9f10");
    }

    private boolean flip() {
        return random.nextBoolean();
    }

    @SafeVarargs
    private <T> T any(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private <T> List<T> list(int most, Supplier<T> item) {
        List<T> items = new ArrayList<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            items.add(item.get());
        }
        return items;
    }
}
