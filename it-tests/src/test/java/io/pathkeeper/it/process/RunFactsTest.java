package io.pathkeeper.it.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunFactsTest {
    @Test
    void factsAreOfTheMachineAndTheCommandAsItWasGiven() throws Exception {
        List<String> arguments = List.of(
                "--server-jar",
                "/a.jar",
                "--directory",
                "/d",
                "--repository",
                "/r",
                "--commit",
                "c1",
                "--against",
                "etcd",
                "--directory",
                "mine");

        Map<String, String> facts = RunFacts.gather("bench", "c1", arguments);

        assertThat(facts.get("machine"))
                .contains(Runtime.getRuntime().availableProcessors() + " cores", "kB of memory");
        assertThat(facts).containsEntry("commit", "c1");
        assertThat(facts).containsEntry("command", "`it-tests/bin/bench --against etcd --directory mine`");
        assertThat(RunFacts.gather("bench", "", arguments)).containsEntry("commit", "unknown");
        assertThat(RunFacts.field("a: 1\nmodel name\t: fast one\n", "model name", "none"))
                .isEqualTo("fast one");
        assertThat(RunFacts.field("", "model name", "none")).isEqualTo("none");
    }
}
