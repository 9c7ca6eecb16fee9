package io.pathkeeper.it.bench;

import io.grpc.stub.StreamObserver;
import io.pathkeeper.v1.Event;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.ObserveScope;
import io.pathkeeper.v1.ObserveServiceGrpc;
import io.pathkeeper.v1.ObserveTarget;
import io.pathkeeper.v1.ValueFormat;

/** An observation by Pathkeeper's plain stubs of a znode and all below. Called in the transport's threads. */
final class PathkeeperObserver implements StreamObserver<ObserveResponse> {
    private final StreamObservers observers;

    private PathkeeperObserver(StreamObservers observers) {
        this.observers = observers;
    }

    static void open(String path, ObserveServiceGrpc.ObserveServiceStub stub, StreamObservers observers) {
        stub.observe(
                ObserveRequest.newBuilder()
                        .addTargets(
                                ObserveTarget.newBuilder().setPath(path).setScope(ObserveScope.OBSERVE_SCOPE_SUBTREE))
                        .setValueFormat(ValueFormat.VALUE_FORMAT_RAW)
                        .build(),
                new PathkeeperObserver(observers));
    }

    @Override
    public void onNext(ObserveResponse response) {
        switch (response.getFrameCase()) {
            case CREATED -> observers.stands();
            case EVENTS -> {
                for (Event event : response.getEvents().getEventsList()) {
                    observers.changed(event.getData().getRaw().toByteArray());
                }
            }
            case RESET ->
                observers.over(
                        "Pathkeeper told to begin anew: " + response.getReset().getCause());
            default -> {
                // progress, and what only comes with an initial state
            }
        }
    }

    @Override
    public void onError(Throwable error) {
        observers.over(error.toString());
    }

    @Override
    public void onCompleted() {
        observers.over("Pathkeeper ended the stream");
    }
}
