package io.pathkeeper.it.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.session.PathkeeperSession;
import io.pathkeeper.it.cluster.Cluster;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.cluster.InProcessCluster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every block of Java in the README compiles and does on a real cluster what stands behind it. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadmeProgramsIT {
    private static final Pattern BLOCK = Pattern.compile("^```java\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    /** What the pieces of the section about recipes are put into. */
    private static final String RECIPES_HEAD = String.join(
            "\n",
            "import io.grpc.ManagedChannel;",
            "import io.grpc.ManagedChannelBuilder;",
            "import io.pathkeeper.client.*;",
            "import io.pathkeeper.client.coordination.*;",
            "import io.pathkeeper.client.model.*;",
            "import io.pathkeeper.client.recipe.*;",
            "import io.pathkeeper.client.session.*;",
            "import java.time.Duration;",
            "import java.util.*;",
            "import java.util.concurrent.CompletableFuture;",
            "public class Recipes {",
            "");

    private static Cluster cluster;
    private static String readme;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() throws IOException {
        readme = Files.readString(Path.of("../README.md"));
        cluster = InProcessCluster.started("Readme", ClusterOptions.three());
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void theProgramForBeginnersPrintsWhatItSays() throws Exception {
        String program = blocks(section("## Java", "### Recipes")).get(0);
        assertThat(program).contains("\"127.0.0.1:7420\"");
        Class<?> compiled = compile("Example", program.replace("127.0.0.1:7420", cluster.clientAddress("s1")));
        String printed =
                printedBy(() -> compiled.getMethod("main", String[].class).invoke(null, (Object) new String[0]));
        assertThat(printed).contains("8081").contains("\"port\":8081");
    }

    @Test
    void everyRecipeIsShownAndRuns() throws Exception {
        List<String> recipes = blocks(section("### Recipes", "## Command line"));
        StringBuilder program = new StringBuilder(RECIPES_HEAD);
        for (int i = 0; i < recipes.size(); i++) {
            String given = recipes.get(i).contains("PathkeeperSession session") ? "" : ", PathkeeperSession session";
            program.append("public static void run%d(PathkeeperClient client%s) throws Exception {\n%s}\n"
                    .formatted(i, given, recipes.get(i)));
        }
        Class<?> compiled = compile("Recipes", program.append("}\n").toString());
        StringBuilder printed = new StringBuilder();
        try (PathkeeperClient client = cluster.client();
                PathkeeperSession session = client.sessions().open()) {
            for (int i = 0; i < recipes.size(); i++) {
                String name = "run" + i;
                if (recipes.get(i).contains("PathkeeperSession session")) {
                    printed.append(printedBy(() ->
                            compiled.getMethod(name, PathkeeperClient.class).invoke(null, client)));
                } else {
                    printed.append(
                            printedBy(() -> compiled.getMethod(name, PathkeeperClient.class, PathkeeperSession.class)
                                    .invoke(null, client, session)));
                }
            }
        }
        assertThat(printed)
                .contains("open: true", "all are there: true", "all are done: true", "a@example.org")
                .contains("[node-1]", "db1", "[db]", "[/settings, /settings/db, /settings/db/host]", "search-1");
        assertThat(recipesWithoutExample(String.join("\n", recipes))).isEmpty();
    }

    /** The recipes are the classes of the package that a program makes or starts. */
    private static List<String> recipesWithoutExample(String examples) throws IOException {
        Path sources = Path.of("../store-client/client/src/main/java/io/pathkeeper/client/recipe");
        try (Stream<Path> files = Files.list(sources)) {
            return files.filter(file -> read(file).contains("<pre>{@code"))
                    .map(file -> file.getFileName().toString().replace(".java", ""))
                    .filter(name -> !examples.contains(name))
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String section(String from, String to) {
        int begin = readme.indexOf("\n" + from + "\n");
        int end = readme.indexOf("\n" + to + "\n", begin);
        assertThat(begin).as(from).isNotNegative();
        assertThat(end).as(to).isGreaterThan(begin);
        return readme.substring(begin, end);
    }

    private static List<String> blocks(String section) {
        List<String> blocks = new ArrayList<>();
        for (Matcher block = BLOCK.matcher(section); block.find(); ) {
            blocks.add(block.group(1));
        }
        assertThat(blocks).isNotEmpty();
        return blocks;
    }

    private Class<?> compile(String name, String program) throws Exception {
        Path source = directory.resolve(name + ".java");
        Files.writeString(source, program);
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
        return new URLClassLoader(classes, getClass().getClassLoader()).loadClass(name);
    }

    private interface Run {
        void run() throws Exception;
    }

    private static String printedBy(Run program) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            program.run();
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
