package io.pathkeeper.pathctl.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.pathctl.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code pathctl quota} as people and scripts use it. */
@Timeout(60)
class QuotaCommandTest {
    private final Run run = new Run();

    @Test
    void quotasAreMadeShownChangedAndRemoved() {
        assertThat(run.pathctl("quota", "list")).isZero();
        assertThat(run.out()).isEqualTo("no quota is set\n");
        assertThat(run.pathctl("quota", "set", "apps", "/app", "--znodes", "10", "--children", "5"))
                .isZero();
        assertThat(run.out()).isEqualTo("made quota apps of /app\n");
        assertThat(run.pathctl("quota", "get", "apps")).isZero();
        assertThat(run.out().lines().map(String::strip))
                .containsExactly("NAME  PATH  ZNODES  BYTES  CHILDREN", "apps  /app  3/10    40     2/5");
        assertThat(run.pathctl("quota", "set", "apps", "/app", "--bytes", "100", "-o", "json"))
                .isZero();
        assertThat(run.out()).isEqualTo("{\"name\":\"apps\",\"path\":\"/app\",\"created\":false}\n");
        assertThat(run.pathctl("quota", "list", "-o", "json")).isZero();
        assertThat(run.out())
                .isEqualTo("{\"name\":\"apps\",\"path\":\"/app\",\"znodes\":{\"used\":3},"
                        + "\"bytes\":{\"used\":40,\"limit\":100},\"children\":{\"used\":2}}\n");
        assertThat(run.pathctl("quota", "rm", "apps")).isZero();
        assertThat(run.out()).isEqualTo("removed quota apps\n");
        assertThat(run.pathctl("quota", "rm", "apps")).isEqualTo(3);
        assertThat(run.err).contains("there is no quota of the name apps");
    }

    @Test
    void oneThatIsTooLowIsRefusedWithItsReason() {
        assertThat(run.pathctl("quota", "set", "apps", "/app", "--znodes", "2")).isEqualTo(6);
        assertThat(run.err).contains("it has 3 already");
        assertThat(run.pathctl("quota", "get", "apps")).isEqualTo(3);
    }

    @Test
    void whatIsMissingIsSaid() {
        assertThat(run.pathctl("quota")).isEqualTo(2);
        assertThat(run.err).contains("set, get, list or rm");
        assertThat(run.pathctl("quota", "set", "apps", "/app")).isEqualTo(2);
        assertThat(run.err).contains("--znodes, --bytes or --children");
        assertThat(run.pathctl("quota", "set", "apps", "/app", "--znodes", "many"))
                .isEqualTo(2);
        assertThat(run.pathctl("quota", "set", "apps")).isEqualTo(2);
    }
}
