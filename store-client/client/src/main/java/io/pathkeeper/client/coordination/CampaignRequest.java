package io.pathkeeper.client.coordination;

import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.session.PathkeeperSession;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;

/**
 * How a candidate stands for election. An election is named by an absolute path, which needs no znode. By default: with a random candidate id,
 * the null value, no lock delay.
 *
 * <p>Immutable: every setter returns a changed copy.
 */
public final class CampaignRequest {
    private final String path;
    private final PathkeeperSession session;
    private final String candidateId;
    private final Value value;
    private final Duration lockDelay;

    private CampaignRequest(
            String path, PathkeeperSession session, String candidateId, Value value, Duration lockDelay) {
        this.path = path;
        this.session = session;
        this.candidateId = candidateId;
        this.value = value;
        this.lockDelay = lockDelay;
    }

    /** Stands for the election at a path. */
    public static CampaignRequest of(String path, PathkeeperSession session) {
        return new CampaignRequest(
                Objects.requireNonNull(path, "path"),
                Objects.requireNonNull(session, "session"),
                UUID.randomUUID().toString(),
                Value.NULL,
                Duration.ZERO);
    }

    /**
     * Tells several candidates of one session apart: 1 to 100 characters. The same session and candidate standing again keep their
     * leadership.
     *
     * @throws IllegalArgumentException when it is empty or too long
     */
    public CampaignRequest candidateId(String candidateId) {
        if (candidateId.isEmpty() || candidateId.length() > 100) {
            throw new IllegalArgumentException(
                    "candidateId must have 1 to 100 characters, not " + candidateId.length());
        }
        return new CampaignRequest(path, session, candidateId, value, lockDelay);
    }

    /** Sets what is published when the candidate is elected: at most 64 KiB. */
    public CampaignRequest value(Value value) {
        return new CampaignRequest(path, session, candidateId, Objects.requireNonNull(value, "value"), lockDelay);
    }

    /**
     * When the session of the leader expires, the next election waits so long: 0 to 60 s.
     *
     * @throws IllegalArgumentException when it is out of range
     */
    public CampaignRequest lockDelay(Duration lockDelay) {
        if (lockDelay.isNegative() || lockDelay.compareTo(Duration.ofSeconds(60)) > 0) {
            throw new IllegalArgumentException("lockDelay must be 0 to 60 s, not " + lockDelay);
        }
        return new CampaignRequest(path, session, candidateId, value, lockDelay);
    }

    /** Returns the path of the election. */
    public String path() {
        return path;
    }

    /** Returns the candidate's session. */
    public PathkeeperSession session() {
        return session;
    }

    /** Returns the candidate id. */
    public String candidateId() {
        return candidateId;
    }

    /** Returns what is published. */
    public Value value() {
        return value;
    }

    /** Returns how long the next election waits behind an expiry. */
    public Duration lockDelay() {
        return lockDelay;
    }
}
