package io.pathkeeper.client.internal;

import io.grpc.Status;
import io.pathkeeper.v1.KeepAliveRequest;
import io.pathkeeper.v1.KeepAliveResponse;
import io.pathkeeper.v1.KeepAliveResult;
import io.pathkeeper.v1.RenewSessionResponse;
import io.pathkeeper.v1.SessionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A network that does what the test says: nothing is answered unless the test answers it. */
final class ManualLink implements KeepAliveLink {
    /** A single call that came. */
    record Single(SessionKey session, long sentNanos, UnaryCalls.Answered<RenewSessionResponse> then) {
        void succeed(long remainingMillis) {
            then.accept(
                    RenewSessionResponse.newBuilder()
                            .setRemainingMs(remainingMillis)
                            .build(),
                    null);
        }

        void fail(Status.Code code, String reason) {
            then.accept(null, new Errors.WireError(code, reason, "told by the test", Map.of(), 0));
        }
    }

    /** A stream that was opened. */
    final class ManualStream implements Stream {
        final StreamListener listener;
        final List<KeepAliveRequest> requests = new ArrayList<>();
        final List<Long> sentNanos = new ArrayList<>();
        boolean cancelled;

        ManualStream(StreamListener listener) {
            this.listener = listener;
        }

        @Override
        public void send(KeepAliveRequest request) {
            requests.add(request);
            sentNanos.add(clock.getAsLong());
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        /** Answers a request: each session lives so long from then. */
        void answer(KeepAliveRequest request, long remainingMillis, String reason) {
            KeepAliveResponse.Builder response =
                    KeepAliveResponse.newBuilder().setCorrelationId(request.getCorrelationId());
            request.getSessionsList()
                    .forEach(session -> response.addResults(KeepAliveResult.newBuilder()
                            .setSessionId(session.getId())
                            .setRemainingMs(remainingMillis)
                            .setReason(reason)));
            listener.answered(response.build());
        }

        void breakNow(Status.Code code) {
            listener.closed(new Errors.WireError(code, "", "told by the test", Map.of(), 0));
        }
    }

    private final LongSupplier clock;
    final List<ManualStream> streams = new ArrayList<>();
    final List<Single> singles = new ArrayList<>();
    int left;

    ManualLink(LongSupplier clock) {
        this.clock = clock;
    }

    @Override
    public @Nullable Stream open(StreamListener listener) {
        ManualStream stream = new ManualStream(listener);
        streams.add(stream);
        return stream;
    }

    @Override
    public void renew(SessionKey session, long timeoutNanos, UnaryCalls.Answered<RenewSessionResponse> then) {
        singles.add(new Single(session, clock.getAsLong(), then));
    }

    @Override
    public void leave(boolean unreachable) {
        left++;
    }

    ManualStream lastStream() {
        return streams.get(streams.size() - 1);
    }

    int requestCount() {
        return streams.stream().mapToInt(stream -> stream.requests.size()).sum();
    }

    KeepAliveRequest lastRequest() {
        List<KeepAliveRequest> requests = lastStream().requests;
        return requests.get(requests.size() - 1);
    }
}
