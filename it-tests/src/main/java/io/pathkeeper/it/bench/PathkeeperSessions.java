package io.pathkeeper.it.bench;

import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.v1.Consistency;
import io.pathkeeper.v1.CreateSessionRequest;
import io.pathkeeper.v1.CreateSessionResponse;
import io.pathkeeper.v1.KeepAliveRequest;
import io.pathkeeper.v1.KeepAliveResponse;
import io.pathkeeper.v1.KeepAliveResult;
import io.pathkeeper.v1.ListSessionsRequest;
import io.pathkeeper.v1.ListSessionsResponse;
import io.pathkeeper.v1.ReadOptions;
import io.pathkeeper.v1.SessionKey;
import io.pathkeeper.v1.SessionServiceGrpc;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Pathkeeper's sessions by plain stubs. Safe to use from any thread. */
final class PathkeeperSessions implements StreamSessions.Protocol<SessionKey> {
    private static final int PAGE = 1_000;
    private static final long CALL_SECONDS = 30;

    private final Duration timeout;
    private final @Nullable String token;

    PathkeeperSessions(Duration timeout, @Nullable String token) {
        this.timeout = timeout;
        this.token = token;
    }

    @Override
    public void open(ManagedChannel channel, StreamSessions.Opened<SessionKey> opened) {
        CreateSessionRequest request = CreateSessionRequest.newBuilder()
                .setTimeoutMs(timeout.toMillis())
                .setClientIdentity("bench")
                .build();
        StubCalls.withToken(SessionServiceGrpc.newStub(channel), token)
                .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                .createSession(
                        request,
                        new FirstAnswer<CreateSessionResponse>(
                                answer -> opened.ended(answer.getSession(), null), error -> opened.ended(null, error)));
    }

    @Override
    public StreamSessions.Renewing<SessionKey> renewals(ManagedChannel channel, StreamSessions.Sink sink) {
        StreamObserver<KeepAliveRequest> requests = StubCalls.withToken(SessionServiceGrpc.newStub(channel), token)
                .keepAlive(new StreamObserver<>() {
                    @Override
                    public void onNext(KeepAliveResponse answer) {
                        List<String> over = answer.getResultsList().stream()
                                .map(KeepAliveResult::getReason)
                                .filter(reason -> !reason.isEmpty())
                                .toList();
                        sink.answered(
                                answer.getResultsCount() - over.size(),
                                over.size(),
                                over.stream().findFirst().orElse(""));
                    }

                    @Override
                    public void onError(Throwable error) {
                        sink.broken(error.toString());
                    }

                    @Override
                    public void onCompleted() {
                        sink.broken("the server ended the stream");
                    }
                });
        return sessions -> requests.onNext(
                KeepAliveRequest.newBuilder().addAllSessions(sessions).build());
    }

    /** As the server at the other end knows it, so that asking again and again is no work for the others. */
    @Override
    public int count(ManagedChannel channel) {
        SessionServiceGrpc.SessionServiceBlockingStub stub =
                StubCalls.withToken(SessionServiceGrpc.newBlockingStub(channel), token);
        int count = 0;
        String page = "";
        do {
            ListSessionsResponse answer = stub.withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                    .listSessions(ListSessionsRequest.newBuilder()
                            .setPageSize(PAGE)
                            .setPageToken(page)
                            .setOptions(ReadOptions.newBuilder().setConsistency(Consistency.CONSISTENCY_LOCAL))
                            .build());
            count += answer.getSessionsCount();
            page = answer.getNextPageToken();
        } while (!page.isEmpty());
        return count;
    }
}
