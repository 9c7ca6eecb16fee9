package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.pathkeeper.server.config.ConfigLoader;
import io.pathkeeper.v1.Alarm;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.DeleteRequest;
import io.pathkeeper.v1.ListAlarmsRequest;
import io.pathkeeper.v1.MaintenanceServiceGrpc;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.StoreServiceGrpc;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole server whose store may have a hundred znodes and 10,000 bytes of values. */
@Timeout(120)
class MemoryAlarmTest {
    private PathkeeperServer server;
    private ManagedChannel channel;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        server = PathkeeperServer.start(new ConfigLoader()
                .set("data.dir", directory.resolve("data").toString(), "test")
                .set("client.listen", "127.0.0.1:0", "test")
                .set("raft.listen", "127.0.0.1:0", "test")
                .set("http.listen", "127.0.0.1:0", "test")
                .set("raft.election_timeout_min", "50ms", "test")
                .set("raft.election_timeout_max", "100ms", "test")
                .set("disk.slow_fsync", "1m", "test")
                .set("limits.max_nodes", "100", "test")
                .set("limits.max_data_bytes", "10000", "test")
                .load());
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(server::isReady);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.clientPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
    }

    private StoreServiceGrpc.StoreServiceBlockingStub store() {
        return StoreServiceGrpc.newBlockingStub(channel);
    }

    private void create(String path, int bytes) {
        store().create(CreateRequest.newBuilder()
                .setPath(path)
                .setData(Payload.newBuilder().setRaw(ByteString.copyFrom(new byte[bytes])))
                .build());
    }

    private List<Alarm> alarms() {
        return MaintenanceServiceGrpc.newBlockingStub(channel)
                .listAlarms(ListAlarmsRequest.getDefaultInstance())
                .getAlarmsList();
    }

    private static void eventually(org.awaitility.core.ThrowingRunnable check) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(check);
    }

    @Test
    void manyZnodesRaiseTheAlarmThenWritesAreRefusedAndBothEndByThemselves() throws Exception {
        for (int i = 0; i < 86; i++) {
            create("/n" + i, 0);
        }
        eventually(() -> assertThat(alarms()).singleElement().satisfies(alarm -> {
            assertThat(alarm.getType()).isEqualTo("MEMORY");
            assertThat(alarm.getSubject()).isEqualTo("limits.max_nodes");
            assertThat(alarm.getMessage()).contains("is 100 znodes", "more than 85 % of it is used", "from 95 %");
        }));
        for (int i = 86; i < 95; i++) {
            create("/n" + i, 0);
        }
        StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class, () -> create("/n95", 0));
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        List<Any> details = StatusProto.fromThrowable(refused).getDetailsList();
        ErrorInfo info = details.get(0).unpack(ErrorInfo.class);
        assertThat(info.getReason()).isEqualTo("MEMORY");
        assertThat(info.getMetadataMap())
                .containsEntry("used", "96")
                .containsEntry("limit", "100")
                .containsEntry("kind", "znodes")
                .containsEntry("outcome", "NOT_APPLIED");
        assertThat(details.get(1).unpack(RetryInfo.class).getRetryDelay().getSeconds())
                .isOne();
        eventually(() -> assertThat(alarms())
                .singleElement()
                .satisfies(alarm -> assertThat(alarm.getMessage()).contains("writes that add are refused")));

        for (int i = 0; i < 20; i++) {
            store().delete(DeleteRequest.newBuilder().setPath("/n" + i).build());
        }
        eventually(() -> assertThat(alarms()).isEmpty());
        create("/n95", 0);
    }

    @Test
    void bytesOfValuesCountAsMuch() {
        create("/large", 9_000);
        eventually(() -> assertThat(alarms())
                .singleElement()
                .satisfies(alarm -> assertThat(alarm.getSubject()).isEqualTo("limits.max_data_bytes")));
        create("/more", 600);
        assertThat(catchThrowableOfType(StatusRuntimeException.class, () -> create("/late", 1))
                        .getStatus()
                        .getDescription())
                .contains("bytes of values", "limits.max_data_bytes is 10000");
        store().delete(DeleteRequest.newBuilder().setPath("/large").build());
        create("/late", 1);
        eventually(() -> assertThat(alarms()).isEmpty());
    }
}
