package io.pathkeeper.server.raft;

import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.wire.TlsEndpoint;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientCalls;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelOption;

/** Asks the server at an address who it is, over a connection of its own. Blocks its caller for some seconds at most. */
final class PeerProbe {
    /** For a server that is said to be there. */
    static final int TIMEOUT_MILLIS = 5_000;

    /** What came of it. */
    sealed interface Answer {
        /**
         * It is one of this cluster's servers, or would like to be.
         *
         * @param memberId its identity
         * @param origin of its process
         * @param isMember whether it belongs to a cluster by its own log or configuration
         * @param lastTerm of the last entry of its log
         * @param lastIndex likewise, -1 for none
         */
        record Known(String memberId, long origin, boolean isMember, long lastTerm, long lastIndex) implements Answer {}

        /** It answers and wants no stream: another cluster, another version. */
        record Refused(String why) implements Answer {}

        /** Nobody answers. */
        record Silent(String why) implements Answer {}
    }

    private PeerProbe() {}

    static Answer ask(NodeSettings settings, String raftAddress, int timeoutMillis) {
        NettyChannelBuilder builder = NettyChannelBuilder.forTarget(raftAddress);
        TlsEndpoint tls = settings.tls();
        if (tls == null) {
            builder.usePlaintext();
        } else {
            builder.sslContext(RaftTls.forClient(tls));
        }
        ManagedChannel channel = builder.proxyDetector(target -> null)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                .build();
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        try {
            StreamObserver<byte[]> out = ClientCalls.asyncBidiStreamingCall(
                    channel.newCall(
                            PeerMethod.LINK,
                            CallOptions.DEFAULT.withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS)),
                    new Reply(answer));
            out.onNext(PeerFrames.hello(settings.clusterId(), settings.memberId()));
            out.onNext(PeerFrames.numbers(PeerFrames.WHO, 1));
            return answer.get(2L * timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return new Answer.Silent("no answer within " + timeoutMillis + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Silent("this server is stopping");
        } finally {
            channel.shutdownNow();
        }
    }

    private record Reply(CompletableFuture<Answer> answer) implements StreamObserver<byte[]> {
        @Override
        public void onNext(byte[] frame) {
            try {
                ByteSource source = new ByteSource(frame);
                if (source.getByte() == PeerFrames.IT_IS) {
                    source.getVarint();
                    answer.complete(PeerFrames.readWho(source));
                }
            } catch (CorruptBytesException e) {
                answer.complete(new Answer.Refused("its answer cannot be read: " + e.getMessage()));
            }
        }

        @Override
        public void onError(Throwable error) {
            Status status = Status.fromThrowable(error);
            String why = status.getDescription() == null ? status.getCode().name() : status.getDescription();
            Throwable cause = status.getCause();
            boolean refused = status.getCode() == Status.Code.FAILED_PRECONDITION;
            answer.complete(
                    refused
                            ? new Answer.Refused(why)
                            : new Answer.Silent(
                                    cause == null || cause.getMessage() == null
                                            ? why
                                            : why + ": " + cause.getMessage()));
        }

        @Override
        public void onCompleted() {
            answer.complete(new Answer.Silent("it ended the stream"));
        }
    }
}
