package io.pathkeeper.server.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class NameGlobTest {
    private static boolean matches(String pattern, String name) {
        return NameGlob.parse(pattern).matches(name.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "*, '', true",
        "*, anything, true",
        "a*c, abc, true",
        "a*c, ac, true",
        "a*c, abcd, false",
        "a*b*c, aXbYbZc, true",
        "?, é, true",
        "?, 😀, true",
        "?, '', false",
        "??, a, false",
        "lock-*, lock-0000000001, true",
        "lock-*, Lock-1, false",
        "'\\*', '*', true",
        "'\\*', x, false",
        "'\\\\', '\\', true",
        "'', '', true",
        "'', x, false",
        "**a, bba, true",
        "a, aa, false"
    })
    void matchesTextOneCharacterAndEscapes(String pattern, String name, boolean expected) {
        assertThat(matches(pattern, name)).isEqualTo(expected);
    }

    @Test
    void hostilePatternTakesFewSteps() {
        String pattern = "*a".repeat(120) + "b";

        assertThat(matches(pattern, "a".repeat(255))).isFalse();
    }

    @Test
    void refusesALoneEscapeAndTooLongAPattern() {
        assertThatThrownBy(() -> NameGlob.parse("abc\\")).hasMessageContaining("single \\");
        assertThatThrownBy(() -> NameGlob.parse("x".repeat(513)))
                .hasMessageContaining("513")
                .hasMessageContaining("512");
    }
}
