package io.pathkeeper.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.wire.FakeServer;
import io.pathkeeper.client.wire.FakeStore;
import io.pathkeeper.v1.PipelineOperation;
import io.pathkeeper.v1.PipelineOperation.OperationCase;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program on the front page of the Javadoc compiles and runs. */
@Timeout(180)
class FrontPageTest {
    @TempDir
    Path directory;

    private static String program() throws Exception {
        String page = Files.readString(Path.of("src/main/java/io/pathkeeper/client/package-info.java"));
        int begin = page.indexOf("{@code") + "{@code".length();
        return page.substring(begin, page.indexOf("}</pre>", begin)).replaceAll("(?m)^ \\* ?", "");
    }

    @Test
    void programOnTheFrontPageRuns() throws Exception {
        try (FakeServer server = new FakeServer("a", new FakeStore())) {
            String program = program();
            assertThat(program).contains("\"127.0.0.1:7420\"");
            Path source = directory.resolve("Example.java");
            Files.writeString(source, program.replace("127.0.0.1:7420", server.address()));
            JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
            StringWriter messages = new StringWriter();
            try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
                boolean compiled = compiler.getTask(
                                messages,
                                files,
                                null,
                                List.of(
                                        "-proc:none",
                                        "-d",
                                        directory.toString(),
                                        "-cp",
                                        System.getProperty("java.class.path")),
                                null,
                                files.getJavaFileObjects(source))
                        .call();
                assertThat(compiled).as(messages.toString()).isTrue();
            }
            URL[] classes = {directory.toUri().toURL()};
            try (URLClassLoader loader = new URLClassLoader(classes, getClass().getClassLoader())) {
                loader.loadClass("Example").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
            }
            assertThat(server.operations())
                    .extracting(PipelineOperation::getOperationCase)
                    .containsExactly(OperationCase.SET, OperationCase.PATCH, OperationCase.GET, OperationCase.GET);
        }
    }
}
