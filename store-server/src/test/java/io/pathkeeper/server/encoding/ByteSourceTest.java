package io.pathkeeper.server.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ByteSourceTest {
    @Test
    void readsBackEveryKindOfNumber() throws CorruptBytesException {
        Random random = new Random(7);
        long[] numbers = new long[2000];
        ByteSink sink = new ByteSink(0);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextLong() >> random.nextInt(64);
            sink.putVarint(numbers[i]);
            sink.putZigzag(numbers[i]);
            sink.putFixed64(numbers[i]);
            sink.putFixed32((int) numbers[i]);
        }
        ByteSource source = new ByteSource(sink.array(), 0, sink.size());
        for (long number : numbers) {
            assertThat(source.getVarint()).isEqualTo(number);
            assertThat(source.getZigzag()).isEqualTo(number);
            assertThat(source.getFixed64()).isEqualTo(number);
            assertThat(source.getFixed32()).isEqualTo((int) number);
        }
        source.requireEnd();
    }

    @Test
    void keepsSmallNumbersOfEitherSignShort() {
        ByteSink sink = new ByteSink(0);
        sink.putZigzag(-1);
        sink.putZigzag(63);
        sink.putVarint(127);
        assertThat(sink.size()).isEqualTo(3);
    }

    @Test
    void readsBackTextsOfEveryWidth() throws CorruptBytesException {
        String[] texts = {"", "plain", "größer", "\u2030 \u4e2d", "\uD83D\uDE00 mixed é", "a".repeat(300)};
        for (String text : texts) {
            ByteSink sink = new ByteSink(0);
            sink.putText(text);
            assertThat(new ByteSource(sink.toByteArray()).getText("text")).isEqualTo(text);
        }
    }

    @Test
    void refusesTextWithUnpairedSurrogateAndKeepsWhatWasThere() {
        ByteSink sink = new ByteSink(0);
        sink.putByte(1);
        assertThatThrownBy(() -> sink.putText("a\uD800b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unpaired surrogate at character 1");
        assertThat(sink.size()).isEqualTo(1);
    }

    @Test
    void refusesLengthBeyondTheInputWithoutAllocatingIt() {
        ByteSink sink = new ByteSink(0);
        sink.putByte(9);
        sink.putVarint(Integer.MAX_VALUE);
        sink.putByte(1);
        ByteSource source = new ByteSource(sink.toByteArray(), 1, sink.size() - 1);
        assertThatThrownBy(() -> source.getBytes("value")).isInstanceOfSatisfying(CorruptBytesException.class, e -> {
            assertThat(e.position()).isZero();
            assertThat(e).hasMessageContaining("2147483647").hasMessageContaining("1 bytes are left");
        });
    }

    @Test
    void refusesNumbersThatAreTooLongOrCutOff() {
        byte[] tooManyBits = {-1, -1, -1, -1, -1, -1, -1, -1, -1, 2};
        assertThatThrownBy(() -> new ByteSource(tooManyBits).getVarint()).hasMessageContaining("more than 64 bits");
        byte[] cutOff = {-1, -1};
        assertThatThrownBy(() -> new ByteSource(cutOff).getVarint()).hasMessageContaining("ends inside a number");
    }

    @Test
    void refusesTextThatIsNotUtf8() {
        byte[] overlong = {2, (byte) 0xc0, (byte) 0x80};
        assertThatThrownBy(() -> new ByteSource(overlong).getText("name"))
                .isInstanceOf(CorruptBytesException.class)
                .hasMessageContaining("name is not valid UTF-8");
    }
}
