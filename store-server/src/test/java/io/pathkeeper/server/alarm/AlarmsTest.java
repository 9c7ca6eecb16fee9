package io.pathkeeper.server.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AlarmsTest {
    private final AtomicLong now = new AtomicLong(1_000);
    private final Alarms alarms = new Alarms(now::get);

    @Test
    void alarmKeepsItsTimeUntilItIsCleared() {
        alarms.raise(AlarmType.CERT_EXPIRY, "raft.tls", "ends on Monday");
        now.set(2_000);
        alarms.raise(AlarmType.CERT_RELOAD_FAILED, "client.tls", "no such file");
        alarms.raise(AlarmType.CERT_EXPIRY, "raft.tls", "ends today");

        assertThat(alarms.list())
                .containsExactly(
                        new Alarm(AlarmType.CERT_EXPIRY, "raft.tls", "ends today", 1_000),
                        new Alarm(AlarmType.CERT_RELOAD_FAILED, "client.tls", "no such file", 2_000));
        assertThat(alarms.list().get(0).line()).isEqualTo("CERT_EXPIRY ends today");

        alarms.clear(AlarmType.CERT_EXPIRY, "client.tls");
        assertThat(alarms.count(AlarmType.CERT_EXPIRY)).isEqualTo(1);
        alarms.set(AlarmType.CERT_EXPIRY, "raft.tls", "");
        assertThat(alarms.count(AlarmType.CERT_EXPIRY)).isZero();
        now.set(3_000);
        alarms.set(AlarmType.CERT_EXPIRY, "raft.tls", "ends today");
        assertThat(alarms.list().get(1).sinceMillis()).isEqualTo(3_000);
    }
}
