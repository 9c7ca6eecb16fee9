package io.pathkeeper.server;

import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import io.pathkeeper.server.rpc.RpcServer;
import io.pathkeeper.v1.CampaignResponse;
import io.pathkeeper.v1.ElectionServiceGrpc;
import io.pathkeeper.v1.ObserveServiceGrpc;
import io.pathkeeper.v1.PipelineResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Calls any method with one message, as its descriptor says. */
final class AnyCall {
    /** Those that go on until the client ends them. */
    private static final Set<String> ENDLESS = Set.of(
            ObserveServiceGrpc.getObserveMethod().getFullMethodName(),
            ElectionServiceGrpc.getObserveMethod().getFullMethodName(),
            HealthGrpc.getWatchMethod().getFullMethodName());

    private AnyCall() {}

    /**
     * How a call ended.
     *
     * @param status of the call; for a pipeline with one operation that failed, that operation's
     * @param messages all answers; of a call that does not end by itself the first one
     */
    record Answer(com.google.rpc.Status status, List<Message> messages) {
        Status.Code code() {
            return Status.fromCodeValue(status.getCode()).getCode();
        }

        boolean isOk() {
            return status.getCode() == 0;
        }

        /** Reason of a refusal. */
        String reason() {
            return Reasons.of(status);
        }
    }

    /** All methods of all services, by full name. */
    static Map<String, MethodDescriptor<?, ?>> methods() {
        Map<String, MethodDescriptor<?, ?>> methods = new TreeMap<>();
        for (ServiceDescriptor service : RpcServer.serviceDescriptors()) {
            service.getMethods().forEach(method -> methods.put(method.getFullMethodName(), method));
        }
        return methods;
    }

    /** The empty request of a method. */
    static Message empty(MethodDescriptor<?, ?> method) {
        MethodDescriptor.PrototypeMarshaller<?> marshaller =
                (MethodDescriptor.PrototypeMarshaller<?>) method.getRequestMarshaller();
        return (Message) marshaller.getMessagePrototype();
    }

    /** Makes a call and waits for its end, or for its first message when it has none; a campaign that was won goes on with the channel. */
    @SuppressWarnings("unchecked") // the request is of the type of the method
    static Answer make(Channel channel, MethodDescriptor<?, ?> method, Message request) {
        CompletableFuture<com.google.rpc.Status> end = new CompletableFuture<>();
        List<Message> messages = new CopyOnWriteArrayList<>();
        // whoever ends it resigns
        boolean leads = method.getFullMethodName()
                .equals(ElectionServiceGrpc.getCampaignMethod().getFullMethodName());
        ClientCall<Object, Object> call = channel.newCall(
                (MethodDescriptor<Object, Object>) method,
                leads ? CallOptions.DEFAULT : CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS));
        boolean endless = ENDLESS.contains(method.getFullMethodName());
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(Object message) {
                        messages.add((Message) message);
                        if (message instanceof PipelineResponse pipeline
                                && pipeline.getResults(0).hasError()) {
                            end.complete(pipeline.getResults(0).getError());
                        } else if (endless || message instanceof CampaignResponse campaign && campaign.hasElected()) {
                            end.complete(com.google.rpc.Status.getDefaultInstance());
                        }
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        end.complete(
                                status.isOk()
                                        ? com.google.rpc.Status.getDefaultInstance()
                                        : StatusProto.fromThrowable(new StatusRuntimeException(status, trailers)));
                    }
                },
                new Metadata());
        call.request(Integer.MAX_VALUE);
        call.sendMessage(request);
        call.halfClose();
        com.google.rpc.Status status = end.join();
        if (endless) {
            call.cancel("seen", null);
        }
        return new Answer(status, messages);
    }
}
