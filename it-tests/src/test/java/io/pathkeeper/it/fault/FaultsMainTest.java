package io.pathkeeper.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.it.fault.nemesis.Nemeses;
import io.pathkeeper.it.fault.workload.Workloads;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FaultsMainTest {
    @Test
    void helpNamesEveryNemesisAndEveryWorkload() {
        String help = captured("--help");

        assertThat(Nemeses.all()).hasSizeGreaterThan(20);
        assertThat(Nemeses.all()).allMatch(nemesis -> help.contains("  " + nemesis.name() + ": "));
        assertThat(Workloads.names()).allMatch(help::contains);
    }

    @Test
    void wrongUseEndsWithTwo() {
        assertThat(FaultsMain.run("--nemesis", "earthquake", "--server-jar", "none"))
                .isEqualTo(2);
        assertThat(FaultsMain.run("--workload", "juggling", "--server-jar", "none"))
                .isEqualTo(2);
        assertThat(FaultsMain.run("--server-jar", "none")).isEqualTo(2);
        assertThat(FaultsMain.run("--minutes", "soon")).isEqualTo(2);
    }

    private static String captured(String... arguments) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
            assertThat(FaultsMain.run(arguments)).isZero();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
