package io.pathkeeper.pathctl.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.RandomValues;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExactJsonModelTest {
    private static final int COUNT = 20_000;

    @Test
    void everyValueComesBackAsItWas() {
        for (long seed = 0; seed < COUNT; seed++) {
            Value value = RandomValues.next(new Random(seed), 4);
            String json = ExactJson.write(value);
            assertThat(json).as("seed %d", seed).doesNotContain("\n");
            assertThat(JsonText.read("test", json))
                    .as("seed %d, %s", seed, json)
                    .isEqualTo(value);
        }
    }
}
