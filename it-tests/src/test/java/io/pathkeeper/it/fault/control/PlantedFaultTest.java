package io.pathkeeper.it.fault.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pathkeeper.it.fault.control.agent.PlantedFault;
import io.pathkeeper.it.fault.control.agent.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.pool.TypePool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlantedFaultTest {
    private static final TypePool SERVER = TypePool.Default.ofSystemLoader();

    @ParameterizedTest
    @EnumSource(PlantedFault.class)
    void allThatAFaultStandsOnIsInTheServer(PlantedFault fault) {
        assertThat(fault.missing(SERVER)).isEmpty();
        assertThat(fault.targets()).isNotEmpty();
        assertThat(PlantedFault.of(fault.label())).isSameAs(fault);
    }

    @ParameterizedTest
    @EnumSource(PlantedFault.class)
    void everyTargetIsMissedWhenItsClassIsNotThere(PlantedFault fault) {
        TypePool nothing = TypePool.Default.of(ClassFileLocator.NoOp.INSTANCE);

        assertThat(fault.missing(nothing)).isEqualTo(fault.targets());
    }

    @Test
    void aMemberWithAnotherNameOrOtherParametersIsMissing() {
        String type = "io.pathkeeper.server.state.ChangeHistory";

        assertThat(isThere(type, "read", "long", "int")).isTrue();
        assertThat(isThere(type, "readOn", "long", "int")).isFalse();
        assertThat(isThere(type, "read", "int", "int")).isFalse();
        assertThat(isThere(type, "read", "long", "int", "long")).isFalse();
        assertThat(isThere(type, ".oldest")).isTrue();
        assertThat(isThere(type, ".eldest")).isFalse();
    }

    @Test
    void anUnknownNameIsAnsweredWithAllNames() {
        assertThatThrownBy(() -> PlantedFault.of("reads"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'reads'")
                .hasMessageContaining("reads-unconfirmed")
                .hasMessageContaining("follower-expiry");
    }

    @Test
    void theJarHoldsTheAgentAndNothingOfTheProduct(@TempDir Path directory) throws IOException {
        AgentJar jar = AgentJar.write(directory);

        try (JarFile agent = new JarFile(jar.agent().toFile());
                JarFile boot = new JarFile(jar.boot().toFile())) {
            assertThat(agent.stream().map(Object::toString).filter(name -> name.endsWith(".class")))
                    .isNotEmpty()
                    .allMatch(name -> name.startsWith("io/pathkeeper/it/fault/control/agent/"));
            assertThat(boot.stream().map(Object::toString).filter(name -> name.endsWith(".class")))
                    .containsExactly("io/pathkeeper/it/fault/control/agent/ForcedLengths.class");
            assertThat(agent.getManifest().getMainAttributes().getValue("Class-Path"))
                    .contains("byte-buddy");
        }
    }

    @Test
    void aRecordInsideOfTheDataDirectoryIsRefused(@TempDir Path directory) {
        AgentJar jar = AgentJar.write(directory.resolve("agent"));
        Path data = directory.resolve("data");

        assertThatThrownBy(() -> jar.option(null, data, data.resolve("record")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void powerThatFailsTakesWhatWasNotForced(@TempDir Path directory) throws IOException {
        Path data = Files.createDirectory(directory.resolve("data"));
        Path forced = Files.write(data.resolve("forced"), new byte[] {1, 2, 3, 4});
        Path partly = Files.write(data.resolve("partly"), new byte[] {1, 2, 3, 4, 0, 0});
        Path never = Files.write(data.resolve("never"), new byte[] {1, 2, 3});
        Path reserved = Files.write(data.resolve("reserved"), new byte[] {1, 0, 0, 0});
        Path record = directory.resolve("record");
        Files.writeString(
                record, line(forced, 2) + line(forced, 4) + line(partly, 3) + line(partly, 2) + line(reserved, 1));

        PowerLoss loss = PowerLoss.of(data, record);

        assertThat(Files.readAllBytes(forced)).containsExactly(1, 2, 3, 4);
        assertThat(Files.readAllBytes(partly)).containsExactly(1, 2);
        assertThat(Files.readAllBytes(never)).isEmpty();
        assertThat(Files.readAllBytes(reserved)).containsExactly(1);
        assertThat(loss).isEqualTo(new PowerLoss(2, 5));
    }

    private static String line(Path file, long length) throws IOException {
        return Files.getAttribute(file, "unix:ino") + " " + length + " " + file + "\n";
    }

    private static boolean isThere(String type, String member, String... parameters) {
        return new Target(type, member, List.of(parameters)).existsIn(SERVER);
    }
}
