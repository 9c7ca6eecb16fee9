package io.pathkeeper.it.fault.workload;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.Store;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.model.Child;
import io.pathkeeper.client.model.ChildrenPage;
import io.pathkeeper.client.model.Comparison;
import io.pathkeeper.client.model.Condition;
import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.CreateResult;
import io.pathkeeper.client.model.DeleteOptions;
import io.pathkeeper.client.model.DeleteResult;
import io.pathkeeper.client.model.ListOptions;
import io.pathkeeper.client.model.Operation;
import io.pathkeeper.client.model.OperationResult;
import io.pathkeeper.client.model.Patch;
import io.pathkeeper.client.model.PatchOptions;
import io.pathkeeper.client.model.PatchResult;
import io.pathkeeper.client.model.ReadOptions;
import io.pathkeeper.client.model.ReadResult;
import io.pathkeeper.client.model.SetOptions;
import io.pathkeeper.client.model.TransactResult;
import io.pathkeeper.client.model.Transaction;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.View;
import io.pathkeeper.client.model.Znode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Calls through the Java client, which knows all servers and repeats what it may repeat. */
final class LibraryCalls implements StoreCalls {
    private static final Duration TIME_LIMIT = Duration.ofSeconds(5);

    private final PathkeeperClient client;

    LibraryCalls(Servers servers) {
        client = PathkeeperClient.builder()
                .servers(servers.addresses().toArray(String[]::new))
                .requestTimeout(TIME_LIMIT)
                .build();
    }

    @Override
    public Created create(String path, @Nullable Long value) {
        return created(call(store -> store.create(path, value == null ? Value.list() : Value.of(value))));
    }

    @Override
    public Created createLarge(String path, long value, int characters) {
        return created(call(store -> store.create(path, Value.of(LargeNumber.text(value, characters)))));
    }

    @Override
    public Created createSequential(String parent, long value) {
        CreateOptions sequential = CreateOptions.defaults().sequential(true);
        return created(call(store -> store.create(parent + "/", Value.of(value), sequential)));
    }

    @Override
    public Seen get(String path) {
        return seen(
                call(store -> store.batchGet(List.of(path))).results().get(0).znode());
    }

    @Override
    public List<Seen> getAll(List<String> paths, boolean local) {
        ReadOptions options = local ? ReadOptions.local() : ReadOptions.defaults();
        return call(store -> store.batchGet(paths, options)).results().stream()
                .map(result -> seen(result.znode()))
                .toList();
    }

    @Override
    public long set(String path, long value) {
        return call(store -> store.set(path, Value.of(value))).revision();
    }

    @Override
    public long setIf(String path, long value, long expectedRevision) {
        SetOptions options = SetOptions.defaults().expectedRevision(expectedRevision);
        return call(store -> store.set(path, Value.of(value), options)).revision();
    }

    @Override
    public long add(String path, long delta) {
        PatchResult result = call(store -> store.patch(
                path,
                Patch.create().increment("", delta),
                PatchOptions.defaults().returnValue(true)));
        if (result.value() == null) {
            throw new IllegalStateException("asked for the value behind an addition to " + path + " and got none");
        }
        return result.value().asLong();
    }

    @Override
    public long append(String path, long number) {
        return call(store -> store.patch(path, Patch.create().append("", number)))
                .revision();
    }

    @Override
    public Deleted delete(String path, boolean recursive) {
        DeleteResult result =
                call(store -> store.delete(path, DeleteOptions.defaults().recursive(recursive)));
        return new Deleted(result.deletedCount(), result.revision());
    }

    @Override
    public List<Long> children(String parent) {
        List<Long> numbers = new ArrayList<>();
        String token = "";
        do {
            ListOptions options =
                    ListOptions.defaults().pageSize(1000).view(View.FULL).pageToken(token);
            ChildrenPage page = call(store -> store.listChildren(parent, options));
            for (Child child : page.children()) {
                numbers.addAll(child.value() == null ? List.of() : numbers(child.value()));
            }
            token = page.nextPageToken();
        } while (!token.isEmpty());
        return numbers;
    }

    @Override
    public Transacted transact(List<AtLeast> conditions, List<Step> steps) {
        Transaction transaction = Transaction.when(conditions.stream()
                        .map(condition ->
                                Condition.field(condition.path(), "", Comparison.GREATER_OR_EQUAL, condition.number()))
                        .toList())
                .then(steps.stream().map(LibraryCalls::operation).toList());
        TransactResult result = call(store -> store.transact(transaction));
        List<Seen> reads = new ArrayList<>();
        for (OperationResult one : result.results()) {
            if (one instanceof ReadResult read) {
                reads.add(seen(read.znode()));
            }
        }
        return new Transacted(result.succeeded(), reads, result.revision());
    }

    @Override
    public void close() {
        client.close();
    }

    private static Operation operation(Step step) {
        if (step instanceof AppendTo append) {
            return Operation.patch(append.path(), Patch.create().append("", append.number()));
        }
        if (step instanceof AddTo add) {
            return Operation.patch(add.path(), Patch.create().increment("", add.delta()));
        }
        if (step instanceof PutTo put) {
            return Operation.set(put.path(), Value.of(put.number()));
        }
        return Operation.get(step.path());
    }

    private static Created created(CreateResult result) {
        return new Created(result.path(), result.sequence(), result.revision());
    }

    private static Seen seen(Optional<Znode> znode) {
        return znode.map(found ->
                        new Seen(true, numbers(found.value()), found.stat().modifiedRevision()))
                .orElse(new Seen(false, List.of(), 0));
    }

    /** The only number; 0 when there is none. */
    static long number(@Nullable Value value) {
        List<Long> numbers = value == null ? List.of() : numbers(value);
        return numbers.isEmpty() ? 0 : numbers.get(0);
    }

    private static List<Long> numbers(Value value) {
        return switch (value.type()) {
            case STRING -> List.of(LargeNumber.number(value.asString()));
            case LONG -> List.of(value.asLong());
            case LIST -> value.asList().stream().map(Value::asLong).toList();
            default -> List.of();
        };
    }

    private <T> T call(Function<Store, T> call) {
        try {
            return call.apply(client.store());
        } catch (PathkeeperException e) {
            throw new CallFailure(e.outcome() == Outcome.NOT_APPLIED, e.reason(), e);
        }
    }
}
