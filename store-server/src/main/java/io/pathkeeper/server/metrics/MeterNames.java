package io.pathkeeper.server.metrics;

/** Names of all meters as they are exported; counters get {@code _total} behind their name. They are part of the public interface. */
public final class MeterNames {
    // gRPC
    public static final String RPC_REQUESTS = "pathkeeper_rpc_requests";
    public static final String RPC_DURATION = "pathkeeper_rpc_duration_seconds";
    public static final String RPC_INFLIGHT = "pathkeeper_rpc_inflight";
    public static final String PIPELINE_OPERATIONS = "pathkeeper_pipeline_operations";
    public static final String READS = "pathkeeper_reads";
    public static final String TXN_CONFLICTS = "pathkeeper_txn_conflicts";
    public static final String SLOW_REQUESTS = "pathkeeper_slow_requests";
    public static final String RATE_LIMITED = "pathkeeper_rate_limited";
    public static final String PINNED_VIEWS = "pathkeeper_pinned_views";

    // connections and TLS
    public static final String CONNECTIONS = "pathkeeper_connections";
    public static final String CONNECTIONS_REFUSED = "pathkeeper_connections_refused";
    public static final String CONNECTIONS_ENDED = "pathkeeper_connections_ended";
    public static final String CALLS_CUT = "pathkeeper_calls_cut";
    public static final String RAFT_CONNECTIONS = "pathkeeper_raft_connections";
    public static final String RAFT_CONNECTIONS_REFUSED = "pathkeeper_raft_connections_refused";
    public static final String HTTP_CONNECTIONS = "pathkeeper_http_connections";
    public static final String HTTP_CONNECTIONS_REFUSED = "pathkeeper_http_connections_refused";
    public static final String TRACE_SPANS = "pathkeeper_trace_spans";
    public static final String HTTP_REQUESTS = "pathkeeper_http_requests";
    public static final String TLS_EXPIRY = "pathkeeper_tls_cert_expiry_timestamp_seconds";
    public static final String TLS_RELOADS = "pathkeeper_tls_reloads";
    public static final String TLS_RELOAD_FAILURES = "pathkeeper_tls_reload_failures";
    public static final String ALARM = "pathkeeper_alarm";

    // proposals and the log
    public static final String PROPOSALS_APPENDED = "pathkeeper_proposals_committed";
    public static final String PROPOSALS_APPLIED = "pathkeeper_proposals_applied";
    public static final String PROPOSALS_FAILED = "pathkeeper_proposals_failed";
    public static final String PROPOSALS_FORWARDED = "pathkeeper_proposals_forwarded";
    public static final String NOSPACE_REFUSED = "pathkeeper_nospace_refused";
    public static final String MEMORY_REFUSED = "pathkeeper_memory_refused";
    public static final String PROPOSALS_PENDING = "pathkeeper_proposals_pending";
    public static final String WAL_ENTRIES = "pathkeeper_wal_entries";
    public static final String WAL_APPEND_BYTES = "pathkeeper_wal_append_bytes";
    public static final String WAL_FSYNC_DURATION = "pathkeeper_wal_fsync_duration_seconds";
    public static final String READ_INDEX_DURATION = "pathkeeper_read_index_duration_seconds";

    // Raft
    public static final String RAFT_IS_LEADER = "pathkeeper_raft_is_leader";
    public static final String RAFT_HAS_LEADER = "pathkeeper_raft_has_leader";
    public static final String RAFT_TERM = "pathkeeper_raft_term";
    public static final String RAFT_COMMIT_INDEX = "pathkeeper_raft_commit_index";
    public static final String RAFT_APPLIED_INDEX = "pathkeeper_raft_applied_index";
    public static final String RAFT_FOLLOWER_LAG = "pathkeeper_raft_follower_lag_entries";
    public static final String RAFT_PEER_RTT = "pathkeeper_raft_peer_rtt_seconds";
    public static final String RAFT_HEARTBEAT_FAILURES = "pathkeeper_raft_heartbeat_failures";
    public static final String RAFT_LEADER_CHANGES = "pathkeeper_raft_leader_changes";
    public static final String RAFT_PROMPT_ELECTIONS = "pathkeeper_raft_prompt_elections";
    public static final String HASH_MISMATCH = "pathkeeper_hash_mismatch";

    // snapshots
    public static final String SNAPSHOT_SAVE_DURATION = "pathkeeper_snapshot_save_duration_seconds";
    public static final String SNAPSHOT_INSTALL_DURATION = "pathkeeper_snapshot_install_duration_seconds";
    public static final String SNAPSHOT_LAST_REVISION = "pathkeeper_snapshot_last_revision";
    public static final String SNAPSHOT_BYTES = "pathkeeper_snapshot_bytes";

    // backups
    public static final String BACKUPS = "pathkeeper_backups";
    public static final String BACKUPS_FAILED = "pathkeeper_backups_failed";
    public static final String BACKUP_BYTES = "pathkeeper_backup_bytes";
    public static final String BACKUP_DURATION = "pathkeeper_backup_duration_seconds";
    public static final String BACKUP_LAST = "pathkeeper_backup_last_success_timestamp_seconds";

    // the store
    public static final String STORE_NODES = "pathkeeper_store_nodes";
    public static final String STORE_TTL_NODES = "pathkeeper_store_ttl_nodes";
    public static final String STORE_DATA_BYTES = "pathkeeper_store_data_bytes";
    public static final String STORE_NODES_LIMIT = "pathkeeper_store_nodes_limit";
    public static final String STORE_DATA_BYTES_LIMIT = "pathkeeper_store_data_bytes_limit";
    public static final String STORE_REVISION = "pathkeeper_store_revision";
    public static final String STORE_COMPACT_REVISION = "pathkeeper_store_compact_revision";
    public static final String STORE_HISTORY_REVISIONS = "pathkeeper_store_history_revisions";
    public static final String STORE_HISTORY_EVENTS = "pathkeeper_store_history_events";
    public static final String STORE_HISTORY_BYTES = "pathkeeper_store_history_bytes";
    public static final String RATIS = "pathkeeper_ratis";
    public static final String QUOTA_USED = "pathkeeper_quota_used";
    public static final String QUOTA_LIMIT = "pathkeeper_quota_limit";
    public static final String DEDUP_HITS = "pathkeeper_dedup_hits";

    // sessions and locks
    public static final String SESSIONS = "pathkeeper_sessions";
    public static final String SESSIONS_OLDEST = "pathkeeper_sessions_oldest_seconds";
    /** Not {@code created}: Prometheus keeps that suffix for itself, and its library takes it away. */
    public static final String SESSIONS_OPENED = "pathkeeper_sessions_opened";

    public static final String SESSIONS_EXPIRED = "pathkeeper_sessions_expired";
    public static final String SESSIONS_CLOSED = "pathkeeper_sessions_closed";
    public static final String KEEPALIVES = "pathkeeper_keepalives";
    public static final String KEEPALIVE_LAG = "pathkeeper_session_keepalive_lag_seconds";
    public static final String EPHEMERALS = "pathkeeper_ephemerals";
    public static final String LOCKS = "pathkeeper_locks";
    public static final String LOCK_WAITERS = "pathkeeper_lock_waiters";
    public static final String LOCK_WAIT = "pathkeeper_lock_wait_seconds";
    public static final String ELECTIONS = "pathkeeper_elections";
    public static final String LOCK_CALLS = "pathkeeper_lock_calls";

    // observations
    public static final String OBSERVE_STREAMS = "pathkeeper_observe_streams";
    public static final String OBSERVE_TARGETS = "pathkeeper_observe_targets";
    public static final String OBSERVE_PENDING_EVENTS = "pathkeeper_observe_pending_events";
    public static final String OBSERVE_EVENTS_SENT = "pathkeeper_observe_events_sent";
    public static final String OBSERVE_SLOW = "pathkeeper_observe_slow";
    public static final String OBSERVE_RESETS = "pathkeeper_observe_resets";
    public static final String OBSERVE_DELIVERY_LAG = "pathkeeper_observe_delivery_lag_seconds";

    // who may do what
    public static final String AUTH_FAILURES = "pathkeeper_auth_failures";
    public static final String AUDIT_LINES = "pathkeeper_audit_lines";
    public static final String AUDIT_LOST = "pathkeeper_audit_lost_lines";
    public static final String AUTH_DENIED = "pathkeeper_auth_denied";

    // the process
    public static final String BUILD_INFO = "pathkeeper_build_info";
    public static final String DISK_FREE_BYTES = "pathkeeper_disk_free_bytes";
    public static final String DISK_SPACE_LEVEL = "pathkeeper_disk_space_level";
    public static final String DISK_RESERVE_BYTES = "pathkeeper_disk_reserve_bytes";
    public static final String JVM_PAUSE = "pathkeeper_jvm_pause_seconds";

    private MeterNames() {}
}
