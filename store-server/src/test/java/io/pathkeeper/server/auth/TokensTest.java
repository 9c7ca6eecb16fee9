package io.pathkeeper.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pathkeeper.server.auth.AuthFailure.Reason;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names, passwords and what a limit on failed sign-ins counts. */
@Timeout(30)
class TokensTest {
    @Test
    void aPasswordMatchesItsHashAndNoOther() {
        SecureRandom random = new SecureRandom();
        PasswordHash hash = PasswordHash.of("correct horse", 1_000, random);

        assertThat(hash.matches("correct horse")).isTrue();
        assertThat(hash.matches("correct hors")).isFalse();
        assertThat(hash.matches("")).isFalse();
        assertThat(PasswordHash.of("correct horse", 1_000, random).hash()).isNotEqualTo(hash.hash());
        assertThat(hash.toString()).doesNotContain("hash=");
    }

    @Test
    void namesArePartsOfPaths() {
        assertThat(AuthPaths.isName("alice")).isTrue();
        assertThat(AuthPaths.isName("CN=web-1,O=Example")).isTrue();
        assertThat(AuthPaths.isName("")).isFalse();
        assertThat(AuthPaths.isName("..")).isFalse();
        assertThat(AuthPaths.isName("a/b")).isFalse();
        assertThat(AuthPaths.isName("a\u0000b")).isFalse();
        assertThat(AuthPaths.isName("x".repeat(129))).isFalse();
    }

    @Test
    void failuresCountForAMinute() {
        SignInLimiter limiter = new SignInLimiter();
        long minute = 60_000_000_000L;
        for (int i = 0; i < 3; i++) {
            limiter.failed("a", 5);
        }

        assertThat(limiter.isOver("a", 3, 6)).isTrue();
        assertThat(limiter.isOver("a", 4, 6)).isFalse();
        assertThat(limiter.isOver("b", 3, 6)).isFalse();
        assertThat(limiter.isOver("a", 3, 5 + minute)).isFalse();
    }

    @Test
    void failuresKeepTheirReason() {
        AuthFailure failure = catchThrowableOfType(AuthFailure.class, () -> {
            throw new AuthFailure(Reason.TOKEN_EXPIRED, "late");
        });

        assertThat(failure.reason()).isEqualTo(Reason.TOKEN_EXPIRED);
        assertThat(failure.getStackTrace()).isEmpty();
    }
}
