package io.pathkeeper.server.rpc;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.wire.Cuts;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads requests so that bad bytes become a refusal with a reason: gRPC itself would end such a call with UNKNOWN and log a stack
 * trace. What cannot be read becomes a {@link MalformedMessage}, which {@link CallGuard} answers.
 *
 * @param <T> the request
 */
final class CheckedMarshaller<T> implements MethodDescriptor.Marshaller<T> {
    private final MethodDescriptor.Marshaller<T> plain;
    private final int maxBytes;
    private final Cuts cuts;

    private CheckedMarshaller(MethodDescriptor.Marshaller<T> plain, int maxBytes, Cuts cuts) {
        this.plain = plain;
        this.maxBytes = maxBytes;
        this.cuts = cuts;
    }

    /** The same service with checked requests; those that are too large are counted. */
    static ServerServiceDefinition check(ServerServiceDefinition service, int maxBytes, Cuts cuts) {
        ServiceDescriptor old = service.getServiceDescriptor();
        ServiceDescriptor.Builder descriptor =
                ServiceDescriptor.newBuilder(old.getName()).setSchemaDescriptor(old.getSchemaDescriptor());
        var methods = service.getMethods().stream()
                .map(method -> method(method, maxBytes, cuts))
                .toList();
        methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder checked = ServerServiceDefinition.builder(descriptor.build());
        methods.forEach(checked::addMethod);
        return checked.build();
    }

    private static <Q, R> ServerMethodDefinition<Q, R> method(
            ServerMethodDefinition<Q, R> method, int maxBytes, Cuts cuts) {
        MethodDescriptor<Q, R> old = method.getMethodDescriptor();
        MethodDescriptor<Q, R> checked = old.toBuilder(
                        new CheckedMarshaller<>(old.getRequestMarshaller(), maxBytes, cuts),
                        old.getResponseMarshaller())
                .build();
        return ServerMethodDefinition.create(checked, method.getServerCallHandler());
    }

    @Override
    public InputStream stream(T value) {
        return plain.stream(value);
    }

    @Override
    public T parse(InputStream stream) {
        try {
            int size = stream instanceof KnownLength ? stream.available() : 0;
            if (size > maxBytes) {
                cuts.call(Cuts.Call.MESSAGE_BYTES);
                return malformed(Rejection.of(
                        RejectReason.REQUEST_TOO_LARGE,
                        "the request has " + size + " bytes, the limit is " + maxBytes,
                        "actual",
                        Integer.toString(size),
                        "limit",
                        Integer.toString(maxBytes)));
            }
            return plain.parse(stream);
        } catch (StatusRuntimeException | IOException e) {
            if (Status.fromThrowable(e).getCode() == Status.Code.RESOURCE_EXHAUSTED) {
                cuts.call(Cuts.Call.MESSAGE_BYTES);
                return malformed(Rejection.of(
                        RejectReason.REQUEST_TOO_LARGE,
                        "the request has more bytes when it is unpacked than the limit, which is " + maxBytes,
                        "limit",
                        Integer.toString(maxBytes)));
            }
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return malformed(Rejection.of(
                    RejectReason.ARGUMENT_INVALID,
                    "the bytes of the request are no valid message: " + cause.getMessage(),
                    "field",
                    "request"));
        }
    }

    /** Safe by erasure: {@link CallGuard} takes it out before anything casts it. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private T malformed(Rejection rejection) {
        return (T) new MalformedMessage(rejection);
    }
}
