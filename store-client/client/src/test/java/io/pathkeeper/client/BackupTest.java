package io.pathkeeper.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.pathkeeper.client.error.UnavailableException;
import io.pathkeeper.client.model.BackupSummary;
import io.pathkeeper.client.model.Consistency;
import io.pathkeeper.client.wire.FakeServer;
import io.pathkeeper.client.wire.FakeStore;
import io.pathkeeper.v1.BackupEnd;
import io.pathkeeper.v1.BackupInfo;
import io.pathkeeper.v1.BackupResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Backups arrive whole or not at all. */
@Timeout(60)
class BackupTest {
    private static final int CHUNK_BYTES = 100_000;

    private final FakeServer server = new FakeServer("a", new FakeStore());
    private PathkeeperClient client;

    @BeforeEach
    void makeClient() {
        client = PathkeeperClient.builder().servers(server.address()).build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private static byte[] file() {
        byte[] file = new byte[20 * CHUNK_BYTES];
        for (int i = 0; i < file.length; i++) {
            file[i] = (byte) (i * 31);
        }
        return file;
    }

    private static byte[] sha256(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    private static List<BackupResponse> answers(byte[] file, long fileBytes, byte[] sha256) {
        List<BackupResponse> answers = new ArrayList<>();
        for (int at = 0; at < file.length; at += CHUNK_BYTES) {
            BackupResponse.Builder answer =
                    BackupResponse.newBuilder().setChunk(ByteString.copyFrom(file, at, CHUNK_BYTES));
            if (at == 0) {
                answer.setInfo(BackupInfo.newBuilder()
                        .setFormatVersion(1)
                        .setClusterId("prod")
                        .setMemberId("s1")
                        .setServerVersion("1.2.3")
                        .setRevision(42)
                        .setZnodeCount(7)
                        .setCreatedAtMs(1_000));
            }
            answers.add(answer.build());
        }
        answers.add(BackupResponse.newBuilder()
                .setEnd(BackupEnd.newBuilder().setFileBytes(fileBytes).setSha256(ByteString.copyFrom(sha256)))
                .build());
        return answers;
    }

    @Test
    void writesTheFileAndTellsWhatItHolds() throws Exception {
        byte[] file = file();
        server.backup = answers(file, file.length, sha256(file));
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        BackupSummary summary = client.store().backup(Consistency.LOCAL, out);

        assertThat(out.toByteArray()).isEqualTo(file);
        assertThat(summary.info())
                .isEqualTo(new io.pathkeeper.client.model.BackupInfo(
                        1, "prod", "s1", "1.2.3", 42, 7, Instant.ofEpochSecond(1)));
        assertThat(summary.end().fileBytes()).isEqualTo(file.length);
        assertThat(summary.end().sha256()).isEqualTo(HexFormat.of().formatHex(sha256(file)));
        assertThat(server.backups)
                .singleElement()
                .satisfies(request -> assertThat(request.getOptions().getConsistency())
                        .isEqualTo(io.pathkeeper.v1.Consistency.CONSISTENCY_LOCAL));
    }

    @Test
    void refusesAFileThatIsNotWhatTheServerSent() throws Exception {
        byte[] file = file();
        byte[] sent = file.clone();
        sent[77] ^= 1;
        server.backup = answers(sent, file.length, sha256(file));
        assertThatThrownBy(() -> client.store().backup(Consistency.LINEARIZABLE, OutputStream.nullOutputStream()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("damaged on its way")
                .hasMessageContaining(HexFormat.of().formatHex(sha256(sent)));
        server.backup = answers(file, file.length + 1, sha256(file));
        assertThatThrownBy(() -> client.store().backup(Consistency.LINEARIZABLE, OutputStream.nullOutputStream()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2000001 bytes");
    }

    @Test
    void failsWhenItIsCutOffBeforeItsEnd() throws Exception {
        byte[] file = file();
        List<BackupResponse> all = answers(file, file.length, sha256(file));
        server.backup = all.subList(0, all.size() - 1);

        assertThatThrownBy(() -> client.store().backup(Consistency.LINEARIZABLE, OutputStream.nullOutputStream()))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("the backup was cut off before its last part");
    }

    @Test
    void givesUpWhenTheFileCannotBeWritten() throws Exception {
        byte[] file = file();
        server.backup = answers(file, file.length, sha256(file));
        OutputStream full = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("No space left on device");
            }
        };

        assertThatThrownBy(() -> client.store().backup(Consistency.LINEARIZABLE, full))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No space left");
    }
}
