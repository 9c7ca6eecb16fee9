package io.pathkeeper.it.bench;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.pathctl.etcd.Event;
import io.pathkeeper.pathctl.etcd.WatchCreateRequest;
import io.pathkeeper.pathctl.etcd.WatchGrpc;
import io.pathkeeper.pathctl.etcd.WatchRequest;
import io.pathkeeper.pathctl.etcd.WatchResponse;

/** A watch of etcd, over a stream of its own, of all keys below a path. Called in the transport's threads. */
final class EtcdObserver implements StreamObserver<WatchResponse> {
    private final StreamObservers observers;

    private EtcdObserver(StreamObservers observers) {
        this.observers = observers;
    }

    static void open(String path, ManagedChannel channel, StreamObservers observers) {
        StreamObserver<WatchRequest> requests = WatchGrpc.newStub(channel).watch(new EtcdObserver(observers));
        requests.onNext(WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(path + "/"))
                        .setRangeEnd(ByteString.copyFromUtf8(path + "0"))) // the character behind the slash
                .build());
    }

    @Override
    public void onNext(WatchResponse response) {
        if (response.getCanceled()) {
            observers.over("etcd cancelled the watch: " + response.getCancelReason());
        } else if (response.getCreated()) {
            observers.stands();
        }
        for (Event event : response.getEventsList()) {
            observers.changed(event.getKv().getValue().toByteArray());
        }
    }

    @Override
    public void onError(Throwable error) {
        observers.over(error.toString());
    }

    @Override
    public void onCompleted() {
        observers.over("etcd ended the stream");
    }
}
