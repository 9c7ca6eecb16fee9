package io.pathkeeper.it.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The table of promises has a row for each, and names tests that there are. */
@Timeout(60)
class PromiseTableTest {
    private static final Pattern QUOTED = Pattern.compile("`([A-Z]\\w+(?:IT|Test))?\\.?([a-z]\\w+[A-Z]\\w+)?`");
    private static final List<String> SOURCES = List.of(
            "src/test/java",
            "../store-server/src/test/java",
            "../store-client/client/src/test/java",
            "../store-client/pathctl/src/test/java");

    @Test
    void everyPromiseHasARow() throws IOException {
        String table = Files.readString(Path.of("README.md"));
        List<String> promises = Map.of("S-", 11, "L-", 8, "W-", 15).entrySet().stream()
                .flatMap(kind -> IntStream.rangeClosed(1, kind.getValue()).mapToObj(i -> kind.getKey() + i))
                .toList();
        assertThat(promises).allSatisfy(promise -> assertThat(table).containsOnlyOnce("\n| " + promise + " | "));
    }

    @Test
    void everyTestThatIsNamedIsThere() throws IOException {
        assertThat(missing(Files.readString(Path.of("README.md")), sources())).isEmpty();
    }

    @Test
    void findsNamesOfTestsThatAreNotThere() {
        Map<String, String> sources = Map.of("SomeTest", "void somethingHolds() {");
        assertThat(missing("`SomeTest.somethingHolds` `SomeTest` (`somethingHolds`)", sources))
                .isEmpty();
        assertThat(missing("`SomeTest.somethingElseHolds` `OtherTest` `nothingHolds`", sources))
                .containsExactly("SomeTest.somethingElseHolds", "OtherTest", "nothingHolds");
    }

    /** Names in a text for which there is no class, or no test method in any class. */
    private static List<String> missing(String text, Map<String, String> sources) {
        List<String> missing = new ArrayList<>();
        for (Matcher name = QUOTED.matcher(text); name.find(); ) {
            String type = name.group(1);
            String method = name.group(2);
            boolean there = (type == null || sources.containsKey(type))
                    && (method == null
                            || sources.values().stream().anyMatch(source -> source.contains("void " + method + "(")));
            if (!there) {
                missing.add(name.group().replace("`", ""));
            }
        }
        return missing;
    }

    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        for (String root : SOURCES) {
            try (Stream<Path> files = Files.walk(Path.of(root))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .forEach(file -> sources.merge(
                                file.getFileName().toString().replace(".java", ""), read(file), String::concat));
            }
        }
        return sources;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
