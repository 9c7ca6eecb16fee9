package io.pathkeeper.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names and labels are a promise to everybody who has a dashboard or an alert. */
@Timeout(30)
class MeterNamesContractTest {
    private static Set<String> exported(ServerMeters meters) {
        Set<String> names = new TreeSet<>();
        Matcher m = Pattern.compile("(?m)^# TYPE (pathkeeper_\\S+) (\\S+)$").matcher(meters.scrape());
        while (m.find()) {
            names.add(m.group(1) + " " + m.group(2));
        }
        return names;
    }

    /** Micrometer keeps what it asks weakly: a supplier that nobody else holds must not be lost. */
    @Test
    void countsOutliveACollectionOfGarbage() {
        try (ServerMeters meters = new ServerMeters("1.2.3", "none", Set.of())) {
            for (int i = 1; i <= 2; i++) {
                double value = i;
                meters.count("pathkeeper_counted", "for the test", "number", "n" + i, () -> value);
            }
            meters.count("pathkeeper_plain", "for the test", new java.util.concurrent.atomic.AtomicLong(7)::get);
            System.gc();

            assertThat(meters.scrape())
                    .contains("pathkeeper_counted_total{number=\"n2\"} 2.0", "pathkeeper_plain_total 7.0");
        }
    }

    @Test
    void namesAndTypesAreAsPublished() {
        try (ServerMeters meters = new ServerMeters("1.2.3", "none", Set.of("a/B"))) {
            meters.rpc().method("a/B").started();
            meters.rpc().method("a/B").finished("OK", 1_000_000);

            assertThat(exported(meters))
                    .containsExactly(
                            "pathkeeper_audit_lines_total counter",
                            "pathkeeper_audit_lost_lines_total counter",
                            "pathkeeper_auth_denied_total counter",
                            "pathkeeper_auth_failures_total counter",
                            "pathkeeper_backup_bytes_total counter",
                            "pathkeeper_backup_duration_seconds histogram",
                            "pathkeeper_backup_duration_seconds_max gauge",
                            "pathkeeper_backup_last_success_timestamp_seconds gauge",
                            "pathkeeper_backups_failed_total counter",
                            "pathkeeper_backups_total counter",
                            "pathkeeper_build_info gauge",
                            "pathkeeper_elections_total counter",
                            "pathkeeper_hash_mismatch_total counter",
                            "pathkeeper_jvm_pause_seconds histogram",
                            "pathkeeper_jvm_pause_seconds_max gauge",
                            "pathkeeper_keepalives_total counter",
                            "pathkeeper_lock_wait_seconds histogram",
                            "pathkeeper_lock_wait_seconds_max gauge",
                            "pathkeeper_memory_refused_total counter",
                            "pathkeeper_nospace_refused_total counter",
                            "pathkeeper_observe_delivery_lag_seconds histogram",
                            "pathkeeper_observe_delivery_lag_seconds_max gauge",
                            "pathkeeper_observe_events_sent_total counter",
                            "pathkeeper_observe_resets_total counter",
                            "pathkeeper_observe_slow_total counter",
                            "pathkeeper_observe_streams gauge",
                            "pathkeeper_observe_targets gauge",
                            "pathkeeper_pipeline_operations_total counter",
                            "pathkeeper_proposals_applied_total counter",
                            "pathkeeper_proposals_committed_total counter",
                            "pathkeeper_proposals_failed_total counter",
                            "pathkeeper_proposals_forwarded_total counter",
                            "pathkeeper_raft_leader_changes_total counter",
                            "pathkeeper_raft_prompt_elections_total counter",
                            "pathkeeper_rate_limited_total counter",
                            "pathkeeper_read_index_duration_seconds histogram",
                            "pathkeeper_read_index_duration_seconds_max gauge",
                            "pathkeeper_reads_total counter",
                            "pathkeeper_rpc_duration_seconds histogram",
                            "pathkeeper_rpc_duration_seconds_max gauge",
                            "pathkeeper_rpc_inflight gauge",
                            "pathkeeper_rpc_requests_total counter",
                            "pathkeeper_session_keepalive_lag_seconds histogram",
                            "pathkeeper_session_keepalive_lag_seconds_max gauge",
                            "pathkeeper_sessions_closed_total counter",
                            "pathkeeper_sessions_expired_total counter",
                            "pathkeeper_sessions_opened_total counter",
                            "pathkeeper_slow_requests_total counter",
                            "pathkeeper_snapshot_bytes gauge",
                            "pathkeeper_snapshot_install_duration_seconds histogram",
                            "pathkeeper_snapshot_install_duration_seconds_max gauge",
                            "pathkeeper_snapshot_last_revision gauge",
                            "pathkeeper_snapshot_save_duration_seconds histogram",
                            "pathkeeper_snapshot_save_duration_seconds_max gauge",
                            "pathkeeper_txn_conflicts_total counter",
                            "pathkeeper_wal_append_bytes_total counter",
                            "pathkeeper_wal_entries_total counter",
                            "pathkeeper_wal_fsync_duration_seconds histogram",
                            "pathkeeper_wal_fsync_duration_seconds_max gauge");
        }
    }

    /** Who gives up a meter with a label, as of a member that left, sees it no more, be it a value or a count. */
    @Test
    void metersOfALabelCanBeTakenOut() {
        try (ServerMeters meters = new ServerMeters("1.2.3", "none", Set.of())) {
            meters.count("pathkeeper_counted", "for the test", "peer", "a", () -> 1);
            meters.count("pathkeeper_counted", "for the test", "peer", "b", () -> 2);
            meters.gauge("pathkeeper_valued", "for the test", "peer", "a", () -> 3);

            meters.remove("pathkeeper_counted", "peer", "a");
            meters.remove("pathkeeper_valued", "peer", "a");

            assertThat(meters.scrape())
                    .contains("pathkeeper_counted_total{peer=\"b\"} 2.0")
                    .doesNotContain("peer=\"a\"");
        }
    }

    /** docs/metrics.md is what operators read: it has every name, with the suffix that it is exported with. */
    @Test
    void everyNameStandsInTheDocumentation() throws Exception {
        String documented = Files.readString(Path.of("docs/metrics.md"));
        for (Field field : MeterNames.class.getFields()) {
            String name = String.valueOf(field.get(null));
            assertThat(documented).as(name).containsPattern("`" + name + "(_total)?[`{]");
        }
    }

    @Test
    void countsWhatIsReported() {
        try (ServerMeters meters = new ServerMeters("1.2.3", "none", Set.of("a/B"))) {
            meters.raft().appended(3, 100);
            meters.raft().snapshotSaved(1, 77, 9);
            meters.observe().opened(4);
            meters.observe().sent(5, 1_000);
            meters.observe().reset(ObserveMeters.ResetCause.HISTORY);
            meters.rpc().method("a/B").started();
            meters.rpc().reads(RpcMeters.ReadKind.LOCAL, 6);
            meters.gauge(MeterNames.STORE_REVISION, "Revision", () -> 42);
            meters.paused(Duration.ofSeconds(2));

            assertThat(meters.scrape())
                    .contains("pathkeeper_proposals_committed_total 3.0")
                    .contains("pathkeeper_wal_append_bytes_total 100.0")
                    .contains("pathkeeper_snapshot_bytes 77.0")
                    .contains("pathkeeper_snapshot_last_revision 9.0")
                    .contains("pathkeeper_observe_targets 4.0")
                    .contains("pathkeeper_observe_events_sent_total 5.0")
                    .contains("pathkeeper_observe_resets_total{cause=\"history\"} 1.0")
                    .contains("pathkeeper_rpc_inflight 1.0")
                    .contains("pathkeeper_reads_total{consistency=\"local\"} 6.0")
                    .contains("pathkeeper_store_revision 42.0")
                    .contains("pathkeeper_jvm_pause_seconds_sum 2.0")
                    .contains("jvm_memory_used_bytes")
                    .contains("pathkeeper_build_info{commit=\"none\",version=\"1.2.3\"} 1");
        }
    }

    @Test
    void methodsThatNobodyKnowsShareOneLabel() {
        try (ServerMeters meters = new ServerMeters("1.2.3", "none", Set.of("a/B"))) {
            meters.rpc().method("evil/one").finished("UNIMPLEMENTED", 1);
            meters.rpc().method("evil/two").finished("UNIMPLEMENTED", 1);

            assertThat(meters.scrape())
                    .contains("pathkeeper_rpc_requests_total{code=\"UNIMPLEMENTED\",method=\"unknown\"} 2.0")
                    .doesNotContain("evil");
        }
    }
}
