package io.pathkeeper.server.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueHashTest {
    /** Known results of XXH64 with seed 0, from other implementations. */
    @ParameterizedTest
    @CsvSource({
        "'',ef46db3751d8e999",
        "a,d24ec4f1a98c6e5b",
        "abc,44bc2cf5ad770999",
        "Nobody inspects the spammish repetition,fbcea83c8a378bf1"
    })
    void isXxh64(String text, String hash) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);

        assertThat(Long.toHexString(ValueHash.hash64(bytes))).isEqualTo(hash);
    }

    @Test
    void hashesRangesLikeWholeArrays() {
        byte[] bytes = new byte[100];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31);
        }
        Set<Long> hashes = new HashSet<>();
        for (int length = 0; length <= 90; length++) {
            byte[] part = java.util.Arrays.copyOfRange(bytes, 7, 7 + length);
            assertThat(ValueHash.hash64(bytes, 7, length)).isEqualTo(ValueHash.hash64(part));
            hashes.add(ValueHash.hash64(part));
        }
        assertThat(hashes).hasSize(91);
    }
}
