package io.pathkeeper.pathctl.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.pathctl.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code pathctl log} as people and scripts use it. */
@Timeout(60)
class LogCommandTest {
    private static final String RAFT = "io.pathkeeper.server.raft";

    private final Run run = new Run();

    @Test
    void levelsAreSetOnAllServersOrOneAndListedAndReset() {
        assertThat(run.pathctl("log", "list")).isZero();
        assertThat(run.out()).isEqualTo("no level is set\n");

        assertThat(run.pathctl("log", "set", RAFT, "debug")).isZero();
        assertThat(run.out().lines().map(line -> line.split(" +")[0]))
                .startsWith("MEMBER")
                .hasSizeGreaterThan(2);
        assertThat(run.out()).contains(RAFT, "DEBUG", "2026-01-02T03:10:00Z");

        assertThat(run.pathctl("log", "set", "ROOT", "WARN", "--for", "2h", "--member", "s2"))
                .isZero();
        assertThat(run.pathctl("log", "reset", RAFT)).isZero();
        assertThat(run.pathctl("log", "list", "-o", "json")).isZero();
        assertThat(run.out())
                .isEqualTo(
                        "{\"member_id\":\"s2\",\"logger\":\"ROOT\",\"level\":\"WARN\",\"until\":\"2026-01-02T05:00:00Z\"}\n");
    }

    @Test
    void serverThatDoesNotAnswerIsNamed() {
        run.client.logs.down = run.client.store().listMembers().get(1).clientAddress();
        assertThat(run.pathctl("log", "set", RAFT, "trace")).isEqualTo(1);
        assertThat(run.err).contains("server s2 was not reached");
        assertThat(run.out()).contains("s1").doesNotContain("s2");
    }

    @Test
    void wrongUseIsRefused() {
        assertThat(run.pathctl("log")).isEqualTo(2);
        assertThat(run.err).contains("list, set or reset");
        assertThat(run.pathctl("log", "set", RAFT, "loud")).isEqualTo(2);
        assertThat(run.err).contains("'loud'").contains("debug");
        assertThat(run.pathctl("log", "set", RAFT, "debug", "--for", "0s")).isEqualTo(2);
        assertThat(run.pathctl("log", "list", "--member", "s9")).isEqualTo(2);
        assertThat(run.err).contains("there is no server 's9'");
    }
}
