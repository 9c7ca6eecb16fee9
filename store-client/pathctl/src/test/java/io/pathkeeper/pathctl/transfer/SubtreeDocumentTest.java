package io.pathkeeper.pathctl.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.ZnodeKind;
import io.pathkeeper.pathctl.FakeTree;
import io.pathkeeper.pathctl.RandomValues;
import io.pathkeeper.pathctl.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SubtreeDocumentTest {
    @TempDir
    Path temp;

    private final Run run = new Run();

    @Test
    void carriesEveryTypeAndKindExactly() {
        for (long seed = 0; seed < 200; seed++) {
            Run from = new Run();
            fill(from.tree, new Random(seed));
            Path file = temp.resolve("subtree" + seed + ".json");
            assertThat(from.pathctl("export", "--json", "/r", file.toString()))
                    .as(from.err)
                    .isZero();
            Run to = new Run();
            assertThat(to.pathctl("import", "--json", file.toString(), "/r"))
                    .as(to.err)
                    .isZero();
            assertThat(shown(to.tree)).as("seed %d", seed).isEqualTo(shown(from.tree));
        }
    }

    @Test
    void printsADocumentThatReadsBackFromStandardInputElsewhere() {
        put("/config", Value.map("host", "localhost", "port", 8080));
        put("/config/logo", Value.of(new byte[] {1, 2}));
        assertThat(run.pathctl("export", "--json", "/config")).isZero();
        assertThat(run.out()).isEqualTo("""
                        {"pathkeeper_subtree":1,"root":"/config","revision":3}
                        {"path":"","kind":"persistent","value":{"host":"localhost","port":8080}}
                        {"path":"logo","kind":"persistent","value":{"$bytes":"AQI="}}
                        {"end":true,"znodes":2}
                        """);
        run.input = run.outBytes;
        assertThat(run.pathctl("import", "--json", "-", "/new/place"))
                .as(run.err)
                .isZero();
        assertThat(run.tree.node("/new/place/logo").value).isEqualTo(Value.of(new byte[] {1, 2}));
        long before = run.tree.revision;
        assertThat(run.pathctl("import", "--json", "-", "/new/place")).isZero();
        assertThat(run.tree.revision).isEqualTo(before);
    }

    @Test
    void refusesACutOrForeignDocument() {
        assertThat(imported("{\"pathkeeper_subtree\":1}\n{\"path\":\"\",\"value\":1}\n"))
                .contains("is cut off")
                .contains("1 znodes");
        assertThat(imported("{\"pathkeeper_subtree\":2}\n")).contains("form 2");
        assertThat(imported("{\"a\":1}\n")).contains("is no subtree document");
        assertThat(imported("")).contains("is no subtree document");
        assertThat(imported("{\"pathkeeper_subtree\":1}\n{\"path\":\"a\"}")).contains("znode 1 needs");
        assertThat(imported("{\"pathkeeper_subtree\":1}\n{\"path\":\"/a\",\"value\":1}"))
                .contains("relative");
        assertThat(imported("{\"pathkeeper_subtree\":1}\n{\"path\":\"a\",\"value\":1,\"x\":1}"))
                .contains("unknown field \"x\"");
        assertThat(imported("{\"pathkeeper_subtree\":1}\n{\"path\":\"a\",\"value\":1,\"kind\":\"odd\"}"))
                .contains("kind \"odd\"");
        assertThat(imported("{\"pathkeeper_subtree\":1}\n{\"path\":\"\",\"value\":1}\n{\"end\":true,\"znodes\":2}"))
                .contains("tells of 2 znodes but has 1");
    }

    @Test
    void keepsTheOldFileWhenAnExportBreaks() throws IOException {
        put("/a", Value.of("x"));
        put("/a/b", Value.of("x"));
        Path file = temp.resolve("out.json");
        Files.writeString(file, "old");
        run.tree.scansToBreak = 1;
        assertThat(run.pathctl("export", "--json", "/a", file.toString())).isEqualTo(1);
        assertThat(file).hasContent("old");
        assertThat(temp).isDirectoryNotContaining("glob:**.partial");
    }

    @Test
    void leavesEphemeralZnodesOut() {
        run.tree.create("/e", Value.of("x"), CreateOptions.defaults().kind(ZnodeKind.EPHEMERAL));
        run.pathctl("export", "--json", "/e");
        run.input = run.outBytes;
        assertThat(run.pathctl("import", "--json", "-", "/copy")).isEqualTo(7);
        assertThat(run.err).contains("it is ephemeral");
    }

    private String imported(String document) {
        run.input = document.getBytes(StandardCharsets.UTF_8);
        assertThat(run.pathctl("import", "--json", "-", "/x")).isEqualTo(2);
        return run.err;
    }

    private void put(String path, Value value) {
        run.tree.create(path, value, CreateOptions.defaults());
    }

    private static void fill(FakeTree tree, Random random) {
        List<String> paths = new ArrayList<>(List.of("/r"));
        tree.create("/r", RandomValues.next(random, 4), CreateOptions.defaults());
        for (int i = random.nextInt(12); i > 0; i--) {
            String path = paths.get(random.nextInt(paths.size())) + "/n " + i + "é";
            CreateOptions options = switch (random.nextInt(4)) {
                case 0 -> CreateOptions.defaults().kind(ZnodeKind.CONTAINER);
                case 1 -> CreateOptions.defaults().ttl(Duration.ofMillis(1500 + random.nextInt(5000)));
                case 2 -> CreateOptions.defaults().contentType("text/x" + i);
                default -> CreateOptions.defaults();
            };
            tree.create(path, RandomValues.next(random, 4), options);
            paths.add(path);
        }
    }

    private static List<String> shown(FakeTree tree) {
        List<String> lines = new ArrayList<>();
        tree.nodes.forEach((path, node) ->
                lines.add(path + " " + node.kind + " " + node.ttl + " " + node.contentType + " " + node.value));
        return lines;
    }
}
