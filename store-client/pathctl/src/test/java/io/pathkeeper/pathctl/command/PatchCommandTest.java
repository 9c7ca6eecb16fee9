package io.pathkeeper.pathctl.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.model.Patch;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatchCommandTest {
    private final Run run = new Run();

    @Test
    void keepsTheOrderOfTheOptions() {
        run.pathctl("create", "/a");
        int code = run.pathctl(
                "patch",
                "--set",
                "/port=9090",
                "/a",
                "--increment",
                "/n=-2",
                "--set=/b={\"x\": [1, 2.5]}",
                "--append",
                "/list=\"i\"",
                "--increment",
                "/hits",
                "--remove",
                "/x",
                "--merge",
                "{\"y\": null}",
                "--merge",
                "/deep={}",
                "--test",
                "/v=null",
                "--insert",
                "/list@0=7",
                "--remove-item",
                "/list@1",
                "--remove-item",
                "/list=true",
                "--set-string",
                "/host=a=b",
                "--set-if-absent",
                "/z=1",
                "--op",
                "{\"set\": \"/a=b\", \"value\": 5}");
        assertThat(code).as(run.err).isZero();
        assertThat(run.tree.patches.get(0).changes())
                .isEqualTo(Patch.create()
                        .set("/port", 9090)
                        .increment("/n", -2)
                        .set("/b", Value.map("x", Value.list(1, 2.5)))
                        .append("/list", "i")
                        .increment("/hits", 1)
                        .remove("/x")
                        .merge("", Value.map("y", null))
                        .merge("/deep", Value.map())
                        .test("/v", null)
                        .insert("/list", 0, 7)
                        .removeAt("/list", 1)
                        .removeItem("/list", true)
                        .set("/host", "a=b")
                        .setIfAbsent("/z", 1)
                        .set("/a=b", 5)
                        .changes());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --set       | /port         | has no =
                    --set       | port=1        | no JSON Pointer
                    --set       | /host=web1    | quote strings
                    --set       | /a={          | no valid JSON
                    --increment | /n=1.5        | no 64-bit integer
                    --insert    | /l=1          | no @INDEX
                    --insert    | /l@-1=1       | counts from 0
                    --op        | {"get":"/a"}  | needs exactly one of
                    """)
    void refusesBadOperands(String option, String argument, String message) {
        assertThat(run.pathctl("patch", "/a", option, argument)).isEqualTo(2);
        assertThat(run.err).contains(message).hasLineCount(1);
    }

    @Test
    void refusesNothingToDo() {
        assertThat(run.pathctl("patch", "/a")).isEqualTo(2);
        assertThat(run.err).contains("nothing to do");
    }
}
