package io.pathkeeper.pathctl.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.Run;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ShellTest {
    private final Run run = new Run();

    @Test
    void runsLinesWithAWorkingPath() {
        assertThat(script("""
                        # a comment
                        create /apps
                        cd /apps
                        create web --json '{"port": 8080, "text": "it''s"}'
                        cd web
                        create ../db --value "two words"
                        pwd
                        ls ..
                        get .
                        cd
                        pwd
                        """)).as(run.err).isZero();
        assertThat(run.out())
                .isEqualTo("/apps\n/apps/web\n/apps/db\n/apps/web\ndb\nweb\n{\"port\":8080,\"text\":\"its\"}\n/\n");
        assertThat(run.tree.node("/apps/db").value).isEqualTo(Value.of("two words"));
    }

    @Test
    void goesOnBehindAFailureAndEndsWithItsCode() {
        assertThat(script("get /missing\ncreate /a\ncd /nowhere\ngte\n")).isEqualTo(3);
        assertThat(run.out()).isEqualTo("/a\n");
        assertThat(run.err.lines()).hasSize(3).allMatch(line -> line.startsWith("pathctl: "));
    }

    @Test
    void endsAtExitAndTellsOfOpenQuotes() {
        assertThat(script("create /a --value 'open\nexit\ncreate /b\n")).isEqualTo(2);
        assertThat(run.tree.nodes).doesNotContainKeys("/a", "/b");
    }

    @Test
    void optionsOfOneLineEndWithIt() {
        assertThat(script("create /a --value x\nget /a -o json\nget /a\n")).isZero();
        assertThat(run.out().lines()).last().isEqualTo("x");
    }

    @Test
    void leavesItsInputToTheLines() {
        assertThat(script("create /a\nset /a\npwd\n")).isEqualTo(2);
        assertThat(run.out()).isEqualTo("/a\n/\n");
    }

    private int script(String lines) {
        run.inTerminal = false;
        run.input = lines.getBytes(StandardCharsets.UTF_8);
        return run.pathctl();
    }
}
