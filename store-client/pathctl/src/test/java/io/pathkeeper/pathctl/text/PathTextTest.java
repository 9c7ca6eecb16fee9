package io.pathkeeper.pathctl.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pathkeeper.pathctl.CommandFailure;
import org.junit.jupiter.api.Test;

class PathTextTest {
    @Test
    void resolvesRelativePaths() {
        assertThat(PathText.resolve("/a/b", "c")).isEqualTo("/a/b/c");
        assertThat(PathText.resolve("/a/b", "../c/./d")).isEqualTo("/a/c/d");
        assertThat(PathText.resolve("/a/b", "../..")).isEqualTo("/");
        assertThat(PathText.resolve("/", "x")).isEqualTo("/x");
        assertThat(PathText.resolve("/a", "/b/")).isEqualTo("/b");
        assertThat(PathText.resolve("/a", "/")).isEqualTo("/");
        assertThatThrownBy(() -> PathText.resolve("/a", "../..")).isInstanceOf(CommandFailure.class);
        assertThatThrownBy(() -> PathText.resolve("/a", "")).isInstanceOf(CommandFailure.class);
    }

    @Test
    void leavesBadAbsolutePathsToTheStore() {
        assertThat(PathText.resolve("/a", "/b//c/../d")).isEqualTo("/b//c/../d");
    }

    @Test
    void tellsWhyANameCannotStandInAPath() {
        assertThat(PathText.whyUnfit("plain name.txt", 255)).isNull();
        assertThat(PathText.whyUnfit("\uE000\uD83D\uDE00", 255)).isNull();
        assertThat(PathText.whyUnfit("a\nb", 255)).contains("U+000A");
        assertThat(PathText.whyUnfit("a\u0085", 255)).contains("U+0085");
        assertThat(PathText.whyUnfit("\uFFFD", 255)).contains("UTF-8");
        assertThat(PathText.whyUnfit("\uFFF5", 255)).contains("U+FFF5");
        assertThat(PathText.whyUnfit("é".repeat(128), 255)).contains("256 bytes");
        assertThat(PathText.whyUnfit("é".repeat(127), 255)).isNull();
    }

    @Test
    void takesPathsApart() {
        assertThat(PathText.parent("/a/b")).isEqualTo("/a");
        assertThat(PathText.parent("/a")).isEqualTo("/");
        assertThat(PathText.parent("/")).isEqualTo("/");
        assertThat(PathText.depth("/")).isZero();
        assertThat(PathText.depth("/a/b")).isEqualTo(2);
        assertThat(PathText.below("/a", "/a/b/c")).isEqualTo("b/c");
        assertThat(PathText.below("/", "/a")).isEqualTo("a");
        assertThat(PathText.below("/a", "/a")).isEmpty();
        assertThatThrownBy(() -> PathText.below("/a", "/ab")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void makesControlCharactersVisible() {
        assertThat(PathText.printable("a\u001B[31m\n")).isEqualTo("a\\u001B[31m\\u000A");
    }
}
