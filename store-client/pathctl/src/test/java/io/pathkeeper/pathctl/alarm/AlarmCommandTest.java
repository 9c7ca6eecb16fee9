package io.pathkeeper.pathctl.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.model.Alarm;
import io.pathkeeper.pathctl.Run;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code pathctl alarm} as people and scripts use it. */
@Timeout(60)
class AlarmCommandTest {
    private final Run run = new Run();

    @Test
    void theExitCodeTellsWhetherAnAlarmStands() {
        assertThat(run.pathctl("alarm", "list")).isZero();
        assertThat(run.out()).isEqualTo("no alarm stands\n");
        assertThat(run.pathctl("alarm", "list", "-o", "json")).isZero();
        assertThat(run.out()).isEqualTo("{\"alarms\":[],\"unreached\":[]}\n");

        run.client.tree.unreached.add("s3");
        assertThat(run.pathctl("alarm", "list")).isEqualTo(1);
        assertThat(run.err).contains("the alarms of server s3 are not known: it was not reached by s1");

        Instant since = Instant.parse("2026-01-02T03:04:05Z");
        run.client.tree.alarms.add(new Alarm("NOSPACE", "s2", "data.dir", "the disk runs full: make room", since));
        assertThat(run.pathctl("alarm", "list")).isEqualTo(5);
        assertThat(run.out().lines().map(line -> line.split(" +")[0])).containsExactly("ALARM", "NOSPACE");
        assertThat(run.out()).contains("s2", "2026-01-02T03:04:05Z", "the disk runs full: make room");
        assertThat(run.pathctl("alarm", "list", "-o", "json")).isEqualTo(5);
        assertThat(run.out())
                .isEqualTo("{\"alarms\":[{\"type\":\"NOSPACE\",\"member_id\":\"s2\",\"subject\":\"data.dir\","
                        + "\"message\":\"the disk runs full: make room\",\"since\":\"2026-01-02T03:04:05Z\"}],"
                        + "\"unreached\":[\"s3\"]}\n");
    }

    @Test
    void withoutACommandItSaysWhichThereAre() {
        assertThat(run.pathctl("alarm")).isEqualTo(2);
        assertThat(run.err).contains("list");
    }
}
