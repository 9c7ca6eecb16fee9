package io.pathkeeper.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReloadedFileTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static String read(String text) throws IOException {
        if (text.startsWith("bad")) {
            throw new IOException("it is bad");
        }
        return text;
    }

    @Test
    void aFileThatCannotBeUsedIsAProblemUntilItIsGoodAgainAndWhatItHeldCounts(@TempDir Path directory)
            throws IOException {
        Path file = Files.writeString(directory.resolve("keys"), "one");
        ReloadedFile<String> reloaded = new ReloadedFile<>(file, ReloadedFileTest::read);
        assertThat(reloaded.problem()).isEmpty();

        Files.writeString(file, "bad keys");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(reloaded.problem()).contains(file.toString(), "it is bad"));
        assertThat(reloaded.get()).isEqualTo("one");

        Files.delete(file);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(reloaded.problem()).contains("NoSuchFile"));
        assertThat(reloaded.get()).isEqualTo("one");

        Files.writeString(file, "another one");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(reloaded.problem()).isEmpty());
        assertThat(reloaded.get()).isEqualTo("another one");
    }
}
