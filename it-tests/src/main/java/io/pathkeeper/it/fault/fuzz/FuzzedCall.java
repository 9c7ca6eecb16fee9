package io.pathkeeper.it.fault.fuzz;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.pathkeeper.server.rpc.ErrorMapper;
import io.pathkeeper.server.state.RejectReason;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The transport's end of one call: takes the answers and judges them. Any thread. */
final class FuzzedCall<Q, R> extends ServerCall<Q, R> {
    /** What most transports allow for all headers together, gRPC's own among them. */
    private static final int MOST_TRAILER_BYTES = 8 << 10;

    private static final Attributes FROM = Attributes.newBuilder()
            .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, new InetSocketAddress("127.0.0.1", 4_711))
            .build();

    private final MethodDescriptor<Q, R> method;
    private final Message response;
    private final CountDownLatch answered = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean cancelled;
    private int messages;
    private boolean headersSent;
    private @Nullable Status status;
    private @Nullable String problem;

    /** A call whose answers are of this kind. */
    FuzzedCall(MethodDescriptor<Q, R> method, Message response) {
        this.method = method;
        this.response = response;
    }

    @Override
    public void request(int count) {}

    @Override
    public synchronized void sendHeaders(Metadata headers) {
        expect(!headersSent, "headers are sent twice");
        headersSent = true;
    }

    @Override
    public synchronized void sendMessage(R message) {
        expect(headersSent, "an answer is sent before the headers");
        expect(status == null, "an answer is sent behind the end");
        messages++;
        try (InputStream bytes = method.streamResponse(message)) {
            response.getParserForType().parseFrom(bytes);
        } catch (IOException | RuntimeException e) {
            expect(false, "an answer cannot be read by clients: " + e.getMessage());
        }
        answered.countDown();
    }

    @Override
    public synchronized void close(Status end, Metadata trailers) {
        expect(status == null, "a call is ended twice");
        status = end;
        if (end.isOk()) {
            expect(
                    messages == 1 || !method.getType().serverSendsOneMessage(),
                    "a call ends well with " + messages + " answers");
        } else {
            judge(end, trailers);
        }
        closed.countDown();
        answered.countDown();
    }

    private void judge(Status end, Metadata trailers) {
        String code = end.getCode() + (end.getDescription() == null ? "" : " \"" + end.getDescription() + "\"");
        com.google.rpc.Status told = StatusProto.fromThrowable(new StatusRuntimeException(end, trailers));
        ErrorInfo info = null;
        for (Any detail : told == null ? java.util.List.<Any>of() : told.getDetailsList()) {
            if (detail.is(ErrorInfo.class)) {
                try {
                    info = detail.unpack(ErrorInfo.class);
                } catch (InvalidProtocolBufferException e) {
                    expect(false, "the reason of a refusal cannot be read");
                }
            }
        }
        if (info == null || told == null) {
            expect(false, "a call ends without a reason, with " + end.getCode());
            return;
        }
        RejectReason reason = null;
        for (RejectReason known : RejectReason.values()) {
            reason = known.name().equals(info.getReason()) ? known : reason;
        }
        expect(
                reason != null && info.getDomain().equals(ErrorMapper.DOMAIN),
                "a reason that is none: " + info.getReason());
        expect(reason != RejectReason.INTERNAL, "the server has a defect");
        expect(
                reason == null || ErrorMapper.code(reason) == end.getCode(),
                "the reason " + info.getReason() + " comes with " + end.getCode());
        int bytes = told.getSerializedSize() * 4 / 3 + percentEncoded(code);
        expect(
                bytes <= MOST_TRAILER_BYTES,
                "a refusal with " + info.getReason() + " is more than the headers can hold");
    }

    /** Length of a message of a status in its header. */
    private static int percentEncoded(String text) {
        int bytes = 0;
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            bytes += each >= ' ' && each < 0x7f && each != '%' ? 1 : 3;
        }
        return bytes;
    }

    private void expect(boolean right, String otherwise) {
        if (!right && problem == null && !cancelled) {
            problem = otherwise;
        }
    }

    /** The client has gone. */
    void cancel() {
        cancelled = true;
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public MethodDescriptor<Q, R> getMethodDescriptor() {
        return method;
    }

    @Override
    public Attributes getAttributes() {
        return FROM;
    }

    /** Waits for the end; whether it came. */
    boolean awaitEnd(long millis) throws InterruptedException {
        return closed.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Waits for the first answer, or the end. */
    void awaitAnswer(long millis) throws InterruptedException {
        answered.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Throws what was wrong with the answers. */
    synchronized void require() throws BrokenPromiseException {
        if (problem != null) {
            throw new BrokenPromiseException(problem);
        }
    }

    /** Whether something was answered, and not refused. */
    synchronized boolean isAccepted() {
        return status == null ? messages > 0 : status.isOk();
    }
}
