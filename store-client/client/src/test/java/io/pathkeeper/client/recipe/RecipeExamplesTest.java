package io.pathkeeper.client.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.session.PathkeeperSession;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples in the Javadoc of the recipes compile and run. */
@Timeout(180)
class RecipeExamplesTest extends MemoryFixture {
    private static final List<String> WITHOUT_EXAMPLE =
            List.of("CacheListener", "ChangeSignal", "ServiceInstance", "TreeMirror", "Waits", "package-info");

    @TempDir
    Path directory;

    private static Map<String, String> examples() throws IOException {
        Map<String, String> examples = new TreeMap<>();
        try (Stream<Path> files = Files.list(Path.of("src/main/java/io/pathkeeper/client/recipe"))) {
            for (Path file : files.toList()) {
                String source = Files.readString(file);
                String name = file.getFileName().toString().replace(".java", "");
                int begin = source.indexOf("<pre>{@code");
                if (begin >= 0) {
                    String example = source.substring(begin + "<pre>{@code".length(), source.indexOf("}</pre>", begin));
                    examples.put(name, example.replaceAll("(?m)^ +\\* ?", ""));
                } else {
                    assertThat(WITHOUT_EXAMPLE).as("classes without an example").contains(name);
                }
            }
        }
        return examples;
    }

    @Test
    void everyExampleRuns() throws Exception {
        StringBuilder program = new StringBuilder("import io.pathkeeper.client.*;\n"
                + "import io.pathkeeper.client.coordination.*;\nimport io.pathkeeper.client.model.*;\n"
                + "import io.pathkeeper.client.recipe.*;\nimport io.pathkeeper.client.session.*;\n"
                + "import java.time.Duration;\nimport java.util.*;\npublic class Examples {\n");
        Map<String, String> examples = examples();
        examples.forEach((name, example) -> program.append("public static void run")
                .append(name)
                .append("(PathkeeperClient client, PathkeeperSession session) throws Exception {\n")
                .append(example)
                .append("\n}\n"));
        Path source = directory.resolve("Examples.java");
        Files.writeString(source, program.append("}\n"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options =
                    List.of("-proc:none", "-d", directory.toString(), "-cp", System.getProperty("java.class.path"));
            boolean compiled = compiler.getTask(messages, files, null, options, null, files.getJavaFileObjects(source))
                    .call();
            assertThat(compiled).as(messages.toString()).isTrue();
        }
        URL[] classes = {directory.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(classes, getClass().getClassLoader())) {
            Class<?> compiled = loader.loadClass("Examples");
            for (String name : examples.keySet()) {
                compiled.getMethod("run" + name, PathkeeperClient.class, PathkeeperSession.class)
                        .invoke(null, client, session);
            }
        }
        assertThat(examples).hasSizeGreaterThanOrEqualTo(15);
    }
}
