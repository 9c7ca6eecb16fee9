package io.pathkeeper.pathctl.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.pathctl.etcd.KVGrpc;
import io.pathkeeper.pathctl.etcd.KeyValue;
import io.pathkeeper.pathctl.etcd.RangeRequest;
import io.pathkeeper.pathctl.etcd.RangeResponse;
import io.pathkeeper.pathctl.etcd.ResponseHeader;
import io.pathkeeper.pathctl.transfer.TransferSummary.LeftOut;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever is written at the source meanwhile, a walk reads one revision of it. */
@Timeout(60)
class EtcdSourceTest {
    private static final long FIRST_REVISION = 40;
    private static final int KEYS = 250;

    /** Answers as etcd does, which tells its newest revision whichever one was asked for; each answer sees another one. */
    private static final class Writing extends KVGrpc.KVImplBase {
        final List<Long> asked = Collections.synchronizedList(new ArrayList<>());
        volatile long revision = FIRST_REVISION;
        volatile long compacted;

        @Override
        public void range(RangeRequest request, StreamObserver<RangeResponse> answer) {
            revision++;
            if (request.getRevision() != 0 && request.getRevision() < compacted) {
                answer.onError(Status.OUT_OF_RANGE
                        .withDescription("required revision has been compacted")
                        .asRuntimeException());
                return;
            }
            if (!request.getKeysOnly()) {
                asked.add(request.getRevision());
            }
            RangeResponse.Builder page = RangeResponse.newBuilder()
                    .setHeader(ResponseHeader.newBuilder().setRevision(revision));
            boolean one = request.getRangeEnd().isEmpty();
            for (int i = 0; i < KEYS && page.getKvsCount() < request.getLimit(); i++) {
                ByteString key = ByteString.copyFromUtf8(String.format("/app/%03d", i));
                boolean in = one
                        ? key.equals(request.getKey())
                        : ByteString.unsignedLexicographicalComparator().compare(key, request.getKey()) >= 0;
                if (in) {
                    page.addKvs(KeyValue.newBuilder().setKey(key)).setMore(i < KEYS - 1);
                }
            }
            answer.onNext(page.build());
            answer.onCompleted();
        }
    }

    private static final class Counting implements Source.Visitor {
        int entries;

        @Override
        public void entries(List<SourceEntry> batch) {
            entries += batch.size();
        }

        @Override
        public void leaveOut(LeftOut reason, String name, String why) {
            throw new IllegalStateException(name + ": " + why);
        }

        @Override
        public void note(Source.Note note, String name) {
            throw new IllegalStateException(name);
        }

        @Override
        public boolean accepts(String name, String path) {
            return true;
        }

        @Override
        public boolean takes(byte[] data) {
            return true;
        }
    }

    private final Writing etcd = new Writing();
    private final Counting found = new Counting();
    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(etcd)
                .build()
                .start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.shutdownNow().awaitTermination();
    }

    private EtcdSource source() throws InterruptedException {
        return new EtcdSource(
                "127.0.0.1:" + server.getPort(),
                InsecureChannelCredentials.create(),
                "/app",
                "/app",
                Duration.ofSeconds(20),
                null);
    }

    @Test
    void everyPageIsReadAtTheRevisionOfTheFirstOne() throws InterruptedException {
        try (EtcdSource source = source()) {
            long before = etcd.revision;
            source.walk(found);
            assertThat(found.entries).isEqualTo(KEYS + 1);
            // the key of the prefix itself, then three pages
            assertThat(etcd.asked).containsExactly(0L, before + 1, before + 1, before + 1);
        }
    }

    @Test
    void whatIsLeftBehindACompactionIsReadAtOneRevision() throws InterruptedException {
        try (EtcdSource source = source()) {
            long before = etcd.revision;
            etcd.compacted = before + 2;
            source.walk(found);
            assertThat(found.entries).isEqualTo(KEYS + 1);
            assertThat(etcd.asked).containsExactly(0L, 0L, before + 3, before + 3);
        }
    }
}
