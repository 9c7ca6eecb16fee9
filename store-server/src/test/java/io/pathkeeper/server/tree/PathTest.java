package io.pathkeeper.server.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class PathTest {
    private static final String[] PARTS = {
        "a",
        "b",
        "-",
        ".",
        "..",
        "...",
        "é",
        "\uE000",
        "\uF8FF",
        "\uFFEF",
        "😀",
        " ",
        "_sys",
        "zookeeper",
        "0",
        "~",
        "!"
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/a",
                "/a/b",
                "/a b",
                "/.hidden",
                "/...",
                "/a.",
                "/é",
                "/\uE000\uF8FF",
                "/\uFFEF",
                "/😀",
                "/\u00A0",
                "/~"
            })
    void readsWhatKeepsTheRules(String text) {
        ZnodePath path = ZnodePath.parse(text);

        assertThat(path).hasToString(text);
        assertThat(path.utf8()).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        assertThat(ZnodePath.fromBytes(path.utf8())).isEqualTo(path).hasSameHashCodeAs(path);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|must not be empty",
                "a|must begin with",
                "a/b|must begin with",
                "//|empty name",
                "/a//b|empty name",
                "//a|empty name",
                "/a/|must not end with",
                "/.|\".\"",
                "/a/..|\"..\"",
                "/../a|\"..\"",
            })
    void refusesWhatIsNoPath(String text, String message) {
        assertThatThrownBy(() -> ZnodePath.parse(text))
                .isInstanceOf(InvalidPathException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 0x1f, 0x7f, 0x80, 0x9f, 0xfff0, 0xfffd, 0xffff})
    void refusesControlCharactersAndSpecials(int character) {
        assertThatThrownBy(() -> ZnodePath.parse("/a" + Character.toString(character)))
                .isInstanceOf(InvalidPathException.class)
                .hasMessageContaining(String.format("U+%04X", character))
                .hasMessageContaining("position 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/\uD800", "/\uDC00a", "/a\uD83D/b", "/\uDE00\uD83D"})
    void refusesHalfCharacters(String text) {
        assertThatThrownBy(() -> ZnodePath.parse(text))
                .isInstanceOf(InvalidPathException.class)
                .hasMessageContaining("Unicode");
    }

    @Test
    void siblingsHaveOneParent() {
        ZnodePath path = ZnodePath.parse("/a/b");
        assertThat(path.isSiblingOf(ZnodePath.parse("/a/c"))).isTrue();
        assertThat(ZnodePath.parse("/a").isSiblingOf(ZnodePath.parse("/b"))).isTrue();
        for (String other : new String[] {"/a", "/b", "/b/b", "/a/b/c", "/ab/c", "/"}) {
            assertThat(path.isSiblingOf(ZnodePath.parse(other))).as(other).isFalse();
        }
        assertThat(ZnodePath.ROOT.isSiblingOf(ZnodePath.parse("/a"))).isFalse();
        assertThat(ZnodePath.parse("/a").isSiblingOf(ZnodePath.ROOT)).isFalse();
    }

    @Test
    void countsBytesOfPathsAndNamesAndNames() {
        String name = "é".repeat(127) + "x";
        assertThat(ZnodePath.parse("/" + name).nameLength()).isEqualTo(ZnodePath.MAX_NAME_BYTES);
        refused("/" + name + "x", 255, 256);

        String path = ("/" + "a".repeat(255)).repeat(4);
        assertThat(ZnodePath.parse(path).length()).isEqualTo(ZnodePath.MAX_BYTES);
        refused(path.substring(0, path.length() - 1) + "/a", 1024, 1025);

        assertThat(ZnodePath.parse("/a".repeat(64)).depth()).isEqualTo(64);
        refused("/a".repeat(65), 64, 65);
    }

    private static void refused(String text, long limit, long actual) {
        assertThatThrownBy(() -> ZnodePath.parse(text)).isInstanceOfSatisfying(InvalidPathException.class, refusal -> {
            assertThat(refusal.limit()).isEqualTo(limit);
            assertThat(refusal.actual()).isEqualTo(actual);
            assertThat(refusal).hasMessageContaining(Long.toString(actual));
        });
    }

    @Test
    void readsPrefixesOfSequentialPaths() {
        assertThat(ZnodePath.parsePrefix("/queue/").withSequence(7)).hasToString("/queue/0000000007");
        assertThat(ZnodePath.parsePrefix("/queue/").parent()).hasToString("/queue");
        assertThat(ZnodePath.parsePrefix("/queue/").name()).isEmpty();
        assertThat(ZnodePath.parsePrefix("/").withSequence(0)).hasToString("/0000000000");
        assertThat(ZnodePath.parsePrefix("/").parent()).isEqualTo(ZnodePath.ROOT);
        assertThat(ZnodePath.parsePrefix("/a/x-").withSequence(Long.MAX_VALUE)).hasToString("/a/x-9223372036854775807");
        assertThat(ZnodePath.parsePrefix("/..").withSequence(12_345_678_901L)).hasToString("/..12345678901");
        assertThatThrownBy(() -> ZnodePath.parsePrefix("/a//")).isInstanceOf(InvalidPathException.class);
        assertThatThrownBy(() -> ZnodePath.parsePrefix("/../x")).isInstanceOf(InvalidPathException.class);
        assertThatThrownBy(() -> ZnodePath.parsePrefix("")).isInstanceOf(InvalidPathException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "/_sys,true",
        "/_sys/a,true",
        "/_sysx,false",
        "/a/_sys,false",
        "/zookeeper,true",
        "/zookeeper/quota,true",
        "/zookeepers,false",
        "/z,false",
        "/,false",
        "/_sy,false"
    })
    void knowsWhatIsReserved(String path, boolean reserved) {
        assertThat(ZnodePath.parse(path).isReserved()).isEqualTo(reserved);
    }

    @Test
    void agreesWithListsOfNames() {
        long seed = Long.getLong("model.seed", System.nanoTime());
        System.out.println("PathTest: -Dmodel.seed=" + seed);
        Random random = new Random(seed);
        List<List<String>> all = new ArrayList<>();
        List<ZnodePath> paths = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            List<String> names = names(random);
            all.add(names);
            paths.add(ZnodePath.parse("/" + String.join("/", names)));
            checkParts(names, paths.get(i));
        }
        for (int i = 0; i < 20_000; i++) {
            int a = random.nextInt(all.size());
            int b = random.nextInt(all.size());
            List<String> x = all.get(a);
            List<String> y = all.get(b);
            boolean within = x.size() >= y.size() && x.subList(0, y.size()).equals(y);
            assertThat(paths.get(a).isWithin(paths.get(b)))
                    .as("%s within %s", x, y)
                    .isEqualTo(within);
            assertThat(paths.get(a).equals(paths.get(b))).isEqualTo(x.equals(y));
            assertThat(Integer.signum(paths.get(a).compareTo(paths.get(b))))
                    .as("%s to %s", x, y)
                    .isEqualTo(Integer.signum(order(x, y)));
        }
        List<ZnodePath> sorted = new ArrayList<>(paths);
        Collections.sort(sorted);
        assertThat(sorted.get(0)).isEqualTo(ZnodePath.ROOT);
    }

    private static List<String> names(Random random) {
        List<String> names = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            String name;
            do {
                name = "";
                for (int j = 1 + random.nextInt(3); j > 0; j--) {
                    name += PARTS[random.nextInt(PARTS.length)];
                }
            } while (name.equals(".") || name.equals(".."));
            names.add(name);
        }
        return names;
    }

    private static void checkParts(List<String> names, ZnodePath path) {
        ZnodePath built = ZnodePath.ROOT;
        for (String name : names) {
            assertThat(built.child(name).parent()).isEqualTo(built);
            built = built.child(name);
        }
        assertThat(built).isEqualTo(path).hasSameHashCodeAs(path);
        assertThat(path.depth()).isEqualTo(names.size());
        assertThat(path.isRoot()).isEqualTo(names.isEmpty());
        String last = names.isEmpty() ? "" : names.get(names.size() - 1);
        assertThat(new String(path.name(), StandardCharsets.UTF_8)).isEqualTo(last);
        assertThat(path.nameLength()).isEqualTo(path.name().length);
    }

    private static int order(List<String> x, List<String> y) {
        for (int i = 0; i < Math.min(x.size(), y.size()); i++) {
            int order = Arrays.compareUnsigned(
                    x.get(i).getBytes(StandardCharsets.UTF_8), y.get(i).getBytes(StandardCharsets.UTF_8));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(x.size(), y.size());
    }
}
