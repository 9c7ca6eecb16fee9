package io.pathkeeper.it.fault.workload;

import io.pathkeeper.it.fault.check.RegisterModel;
import io.pathkeeper.it.fault.check.RegisterModel.Done;
import io.pathkeeper.it.fault.check.RegisterModel.Input;
import io.pathkeeper.it.fault.check.RegisterModel.Mismatch;
import io.pathkeeper.it.fault.check.RegisterModel.Output;
import io.pathkeeper.it.fault.check.RegisterModel.Read;
import io.pathkeeper.it.fault.check.RegisterModel.Seen;
import io.pathkeeper.it.fault.check.RegisterModel.Write;
import io.pathkeeper.it.fault.check.RegisterModel.WriteIf;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Reads a znode, writes it, and writes it if it has not changed since a client saw it; every value is written once. */
final class RegisterWorkload extends RollingWorkload<RegisterWorkload.Register> {
    private static final int CALLS = 300;

    private final int writesIf;
    private final AtomicLong nextValue = new AtomicLong();

    /** A znode, and which value each client saw last, at which revision. */
    record Register(CallLog<Input, Output> log, Map<Integer, Known> known) {}

    record Known(long value, long revision) {}

    /**
     * A load.
     *
     * @param writesIf of ten calls so many write on a condition; three more write without
     */
    RegisterWorkload(String name, int writesIf, int callsPerSecond) {
        super(name, CALLS, callsPerSecond);
        this.writesIf = writesIf;
    }

    @Override
    Register make(String path, StoreCalls calls) {
        createIfMissing(calls, path, 0L);
        return new Register(new CallLog<>(path, new RegisterModel()), new ConcurrentHashMap<>());
    }

    @Override
    void call(Register register, int client, StoreCalls calls, SplittableRandom dice) {
        int kind = dice.nextInt(10);
        Known known = register.known().get(client);
        if (kind < writesIf && known != null) {
            long value = nextValue.incrementAndGet();
            register.log()
                    .record(
                            client,
                            new WriteIf(known.value(), value),
                            () -> {
                                long revision = calls.setIf(register.log().path(), value, known.revision());
                                register.known().put(client, new Known(value, revision));
                                return new Done();
                            },
                            failure -> failure.isRefused("VERSION_MISMATCH") ? new Mismatch() : null);
        } else if (kind < writesIf + 3) {
            write(register, client, calls);
        } else {
            read(register, client, calls);
        }
    }

    private void write(Register register, int client, StoreCalls calls) {
        long value = nextValue.incrementAndGet();
        register.log()
                .record(
                        client,
                        new Write(value),
                        () -> {
                            long revision = calls.set(register.log().path(), value);
                            register.known().put(client, new Known(value, revision));
                            return new Done();
                        },
                        failure -> null);
    }

    private static void read(Register register, int client, StoreCalls calls) {
        register.log()
                .record(
                        client,
                        new Read(),
                        () -> {
                            StoreCalls.Seen seen = calls.get(register.log().path());
                            register.known().put(client, new Known(seen.number(), seen.modifiedRevision()));
                            return new Seen(seen.found() ? seen.number() : -1);
                        },
                        failure -> null);
    }

    @Override
    List<String> finish(Register register, StoreCalls calls) {
        read(register, -1, calls);
        return register.log().violations();
    }
}
