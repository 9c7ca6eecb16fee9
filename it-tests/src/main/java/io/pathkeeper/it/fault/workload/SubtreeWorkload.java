package io.pathkeeper.it.fault.workload;

import io.pathkeeper.it.fault.check.SubtreeModel;
import io.pathkeeper.it.fault.check.SubtreeModel.Create;
import io.pathkeeper.it.fault.check.SubtreeModel.Created;
import io.pathkeeper.it.fault.check.SubtreeModel.DeleteAll;
import io.pathkeeper.it.fault.check.SubtreeModel.Deleted;
import io.pathkeeper.it.fault.check.SubtreeModel.Exists;
import io.pathkeeper.it.fault.check.SubtreeModel.Input;
import io.pathkeeper.it.fault.check.SubtreeModel.NoRoot;
import io.pathkeeper.it.fault.check.SubtreeModel.Output;
import io.pathkeeper.it.fault.check.SubtreeModel.Present;
import io.pathkeeper.it.fault.check.SubtreeModel.ReadAll;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Creates the znodes of a small subtree one by one and deletes them all at once; reads of all show them gone together or not at all. */
final class SubtreeWorkload extends RollingWorkload<CallLog<Input, Output>> {
    private static final int CALLS = 300;
    private static final int CHILDREN = 8;

    SubtreeWorkload(int callsPerSecond) {
        super("recursive-delete", CALLS, callsPerSecond);
    }

    @Override
    CallLog<Input, Output> make(String path, StoreCalls calls) {
        createIfMissing(calls, path, 0L);
        return new CallLog<>(path + "/root", new SubtreeModel());
    }

    @Override
    void call(CallLog<Input, Output> log, int client, StoreCalls calls, SplittableRandom dice) {
        int kind = dice.nextInt(10);
        if (kind == 0) {
            log.record(
                    client,
                    new DeleteAll(),
                    () -> new Deleted(calls.delete(log.path(), true).count()),
                    SubtreeWorkload::answer);
        } else if (kind < 4) {
            read(log, client, calls);
        } else {
            int znode = kind < 6 ? 0 : 1 + dice.nextInt(CHILDREN);
            log.record(
                    client,
                    new Create(znode),
                    () -> {
                        calls.create(path(log, znode), (long) client);
                        return new Created();
                    },
                    SubtreeWorkload::answer);
        }
    }

    private static void read(CallLog<Input, Output> log, int client, StoreCalls calls) {
        log.record(
                client,
                new ReadAll(),
                () -> {
                    List<String> paths = new ArrayList<>();
                    for (int znode = 0; znode <= CHILDREN; znode++) {
                        paths.add(path(log, znode));
                    }
                    List<StoreCalls.Seen> seen = calls.getAll(paths, false);
                    long bits = 0;
                    for (int znode = 0; znode <= CHILDREN; znode++) {
                        bits |= seen.get(znode).found() ? 1L << znode : 0;
                    }
                    return new Present(bits);
                },
                failure -> null);
    }

    private static Output answer(CallFailure failure) {
        return switch (failure.reason()) {
            case "NODE_EXISTS" -> new Exists();
            case "NODE_NOT_FOUND", "PARENT_NOT_FOUND" -> new NoRoot();
            default -> throw failure;
        };
    }

    private static String path(CallLog<Input, Output> log, int znode) {
        return znode == 0 ? log.path() : log.path() + "/c" + znode;
    }

    @Override
    List<String> finish(CallLog<Input, Output> log, StoreCalls calls) {
        read(log, -1, calls);
        return log.violations();
    }
}
