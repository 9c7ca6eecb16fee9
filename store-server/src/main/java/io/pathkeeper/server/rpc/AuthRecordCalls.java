package io.pathkeeper.server.rpc;

import com.google.protobuf.Message;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.server.auth.AuthState;
import io.pathkeeper.server.auth.Gatekeeper;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.ReadRequest;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.v1.ResponseHeader;
import java.util.NavigableMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What calls about records of users and roles have in common: changing, deleting and listing them. Any thread. */
final class AuthRecordCalls {
    private final CoordinationContext context;
    private final Gatekeeper keeper;

    AuthRecordCalls(CoordinationContext context, Gatekeeper keeper) {
        this.context = context;
        this.keeper = keeper;
    }

    <R extends Message> void change(
            UnaryCall<R> call,
            ZnodePath path,
            Function<AuthState, byte @Nullable []> decision,
            Function<Long, R> answer) {
        new AuthChange<>(context, keeper, call, path, decision, answer).run();
    }

    <R extends Message> void delete(
            StreamObserver<R> observer,
            ZnodePath folder,
            String name,
            Function<AuthState, NavigableMap<String, ?>> records,
            Function<Long, R> answer) {
        UnaryCall<R> call = context.call(observer);
        call.read(() -> {
            AuthMessages.name("name", name);
            change(
                    call,
                    folder.child(name),
                    state -> {
                        present(records.apply(state), name);
                        return null;
                    },
                    answer);
        });
    }

    static <T> T present(NavigableMap<String, T> records, String name) {
        T record = records.get(name);
        if (record == null) {
            throw new RejectedException(Rejection.of(
                    RejectReason.AUTH_RECORD_NOT_FOUND, "there is nothing of the name " + name, "name", name));
        }
        return record;
    }

    static void room(NavigableMap<String, ?> records, String name, int most, String what) {
        if (records.size() >= most && !records.containsKey(name)) {
            throw full(what, records.size() + 1, most);
        }
    }

    static RejectedException full(String what, int actual, int limit) {
        return new RejectedException(Rejection.of(
                RejectReason.QUOTA_EXCEEDED,
                what + ": " + actual + "; the limit is " + limit + ": delete some first",
                "limit",
                Integer.toString(limit),
                "actual",
                Integer.toString(actual)));
    }

    /** A page of records; {@code next} is empty behind the last one. */
    record Page<T>(NavigableMap<String, T> records, int size) {
        void each(BiConsumer<String, T> visitor) {
            records.entrySet().stream().limit(size).forEach(e -> visitor.accept(e.getKey(), e.getValue()));
        }

        String next() {
            return records.size() <= size
                    ? ""
                    : records.keySet().stream().skip(size - 1L).findFirst().orElse("");
        }
    }

    interface PageAnswer<T, R> {
        R of(Page<T> page, ResponseHeader header);
    }

    <T, R extends Message> void list(
            StreamObserver<R> observer,
            Function<AuthState, NavigableMap<String, T>> records,
            int pageSize,
            String pageToken,
            PageAnswer<T, R> answer) {
        UnaryCall<R> call = context.call(observer);
        call.read(() -> {
            int size = FieldReader.pageSize(pageSize);
            context.read(call, ReadRequest.LINEARIZABLE, view -> {
                NavigableMap<String, T> all = records.apply(keeper.state());
                return answer.of(
                        new Page<>(pageToken.isEmpty() ? all : all.tailMap(pageToken, false), size), context.header());
            });
        });
    }

    ResponseHeader header(long revision) {
        return context.calls().headers().header(revision);
    }
}
