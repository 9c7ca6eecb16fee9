package io.pathkeeper.pathctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.error.ErrorDetails;
import io.pathkeeper.client.error.InvalidRequestException;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is said about a wrong command line. */
@Timeout(60)
class UsageTextTest {
    private final Run run = new Run();

    @Test
    void suggestsOnlyWhatIsNear() {
        assertThat(UsageText.near("gte", List.of("get", "delete"))).containsExactly("get");
        assertThat(UsageText.near("--ouptut=json", List.of("--output", "--timeout")))
                .containsExactly("--output");
        assertThat(UsageText.near("obs", List.of("observe", "lock"))).containsExactly("observe");
        assertThat(UsageText.near("frobnicate", List.of("create", "locks", "set")))
                .isEmpty();
        assertThat(UsageText.near("x", List.of("ls", "export"))).isEmpty();
    }

    @Test
    void namesAreShownAsTheyAreTyped() {
        assertThat(run.pathctl("get", "/a", "--output", "xml")).isEqualTo(2);
        assertThat(run.err).contains("table, json").doesNotContain("TABLE").doesNotContain("case-insensitive");
        assertThat(UsageText.plain("expected one of [FIRST_ONE] but was 'X'"))
                .isEqualTo("expected one of first-one but was 'X'");
    }

    @Test
    void aWrongPathHasOneExitCode() {
        run.tree.create("/a", Value.of(1), CreateOptions.defaults());
        for (String command : List.of("get", "ls", "stat", "delete", "tree")) {
            assertThat(run.pathctl(command, "relative")).as(command).isEqualTo(2);
        }
    }

    @Test
    void aPathThatTheServersRefuseIsAWrongCommandLineToo() {
        ErrorDetails details =
                new ErrorDetails(Reason.PATH_INVALID, "/a\u0001 has U+0001", Map.of(), false, Outcome.NOT_APPLIED);
        assertThat(FailureReport.exitCode(new InvalidRequestException(details, null)))
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void theCompletionHasNoCommentsOfItsGenerator() {
        assertThat(run.pathctl("completion")).isZero();
        assertThat(run.out().lines().filter(line -> line.stripLeading().startsWith("#")))
                .containsExactly("# Completion of pathctl in bash; in zsh behind bashcompinit.");
        assertThat(run.out()).contains("complete ").doesNotContain("picocli.info");
    }
}
