package io.pathkeeper.it.bench;

import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.pathctl.etcd.LeaseGrantRequest;
import io.pathkeeper.pathctl.etcd.LeaseGrantResponse;
import io.pathkeeper.pathctl.etcd.LeaseGrpc;
import io.pathkeeper.pathctl.etcd.LeaseKeepAliveRequest;
import io.pathkeeper.pathctl.etcd.LeaseKeepAliveResponse;
import io.pathkeeper.pathctl.etcd.LeaseLeasesRequest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** etcd's leases, which it has in place of sessions, by plain stubs; each renewal is a message of its own. Safe to use from any thread. */
final class EtcdLeases implements StreamSessions.Protocol<Long> {
    private static final long CALL_SECONDS = 30;

    private final Duration timeout;

    EtcdLeases(Duration timeout) {
        this.timeout = timeout;
    }

    @Override
    public void open(ManagedChannel channel, StreamSessions.Opened<Long> opened) {
        LeaseGrpc.newStub(channel)
                .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                .leaseGrant(
                        LeaseGrantRequest.newBuilder()
                                .setTtl(timeout.toSeconds())
                                .build(),
                        new FirstAnswer<LeaseGrantResponse>(
                                answer -> opened.ended(answer.getId(), null), error -> opened.ended(null, error)));
    }

    @Override
    public StreamSessions.Renewing<Long> renewals(ManagedChannel channel, StreamSessions.Sink sink) {
        StreamObserver<LeaseKeepAliveRequest> requests = LeaseGrpc.newStub(channel)
                .leaseKeepAlive(new StreamObserver<>() {
                    @Override
                    public void onNext(LeaseKeepAliveResponse answer) {
                        boolean lives = answer.getTtl() > 0;
                        sink.answered(lives ? 1 : 0, lives ? 0 : 1, lives ? "" : "there is no such lease");
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
        return leases -> leases.forEach(lease ->
                requests.onNext(LeaseKeepAliveRequest.newBuilder().setId(lease).build()));
    }

    @Override
    public int count(ManagedChannel channel) {
        return LeaseGrpc.newBlockingStub(channel)
                .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                .leaseLeases(LeaseLeasesRequest.getDefaultInstance())
                .getLeasesCount();
    }
}
