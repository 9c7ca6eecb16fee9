package io.pathkeeper.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PageTokenTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static PageToken token() {
        return new PageToken(77, PageToken.query(bytes("/a"), bytes("p"), bytes("")), bytes("näme"), "s1");
    }

    @Test
    void comesBackAsItWas() {
        PageToken back = PageToken.decode(token().encode("c"), "c");

        assertThat(back).isNotNull();
        assertThat(back.revision()).isEqualTo(77);
        assertThat(back.query()).isEqualTo(token().query());
        assertThat(back.lastName()).isEqualTo(bytes("näme"));
        assertThat(back.memberId()).isEqualTo("s1");
    }

    @Test
    void tokenOfAnotherClusterIsRefused() {
        assertThat(PageToken.decode(token().encode("c"), "d")).isNull();
    }

    @Test
    void everyChangedBitIsNoticed() {
        byte[] good = Base64.getUrlDecoder().decode(token().encode("c"));
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bad);
            assertThat(PageToken.decode(text, "c")).as("bit %d", bit).isNull();
        }
    }

    @Test
    void rubbishIsRefused() {
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            byte[] rubbish = new byte[random.nextInt(60)];
            random.nextBytes(rubbish);
            assertThat(PageToken.decode(Base64.getUrlEncoder().encodeToString(rubbish), "c"))
                    .isNull();
            assertThat(PageToken.decode(new String(rubbish, StandardCharsets.ISO_8859_1), "c"))
                    .isNull();
        }
        assertThat(PageToken.decode("A".repeat(5_000_000), "c")).isNull();
    }

    @Test
    void partsOfTheQueryDoNotRunTogether() {
        assertThat(PageToken.query(bytes("/a"), bytes("b"), bytes("")))
                .isNotEqualTo(PageToken.query(bytes("/ab"), bytes(""), bytes("")))
                .isNotEqualTo(PageToken.query(bytes("/a"), bytes(""), bytes("b")));
    }
}
