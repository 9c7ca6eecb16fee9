package io.pathkeeper.it.stalled;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.it.fault.control.AgentJar;
import io.pathkeeper.it.fault.control.agent.Effect;
import io.pathkeeper.it.fault.control.agent.PlantedFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short form of {@code bin/stalled}: green on a server as it is, red on one that sends to observers whose connections take no more, and on one that waits for them. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StalledObserversProcessIT {
    @TempDir
    Path scratch;

    @Test
    void memoryStaysBoundedWithObserversThatTakeNothing() throws IOException {
        assertThat(stalled(List.of())).isZero();
        assertThat(logs()).doesNotContain(Effect.MARK);
    }

    @Test
    void aServerThatSendsWhatNobodyTakesIsFound() throws IOException {
        String fault = AgentJar.write(scratch.resolve("agent")).option(PlantedFault.OBSERVERS_UNBOUNDED);

        assertThat(stalled(List.of("--java-option", fault))).isEqualTo(1);
        assertThat(logs()).contains(Effect.MARK + PlantedFault.OBSERVERS_UNBOUNDED.label());
    }

    @Test
    void aServerThatWaitsForWhoTakesNothingIsFound() throws IOException {
        String fault = AgentJar.write(scratch.resolve("agent")).option(PlantedFault.OBSERVERS_WAITED_FOR);

        assertThat(stalled(List.of("--java-option", fault))).isEqualTo(1);
        assertThat(logs()).contains(Effect.MARK + PlantedFault.OBSERVERS_WAITED_FOR.label());
    }

    private int stalled(List<String> more) {
        List<String> arguments = new ArrayList<>(List.of("--observers", "40", "--megabytes", "40", "--server-jar"));
        arguments.add(Objects.requireNonNull(System.getProperty("pathkeeper.server.jar"), "pathkeeper.server.jar"));
        arguments.addAll(List.of("--directory", scratch.resolve("servers").toString()));
        arguments.addAll(more);
        return StalledObservers.run(arguments.toArray(String[]::new));
    }

    private String logs() throws IOException {
        StringBuilder logs = new StringBuilder();
        try (Stream<Path> files = Files.walk(scratch.resolve("servers"))) {
            for (Path log : files.filter(file -> file.endsWith("server.log")).toList()) {
                logs.append(Files.readString(log));
            }
        }
        return logs.toString();
    }
}
