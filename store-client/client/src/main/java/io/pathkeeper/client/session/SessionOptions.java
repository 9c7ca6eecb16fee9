package io.pathkeeper.client.session;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a session is opened. By default: a new one with a timeout of 10 s, without identity and labels.
 *
 * <p>Immutable: every setter returns a changed copy.
 */
public final class SessionOptions {
    private static final SessionOptions DEFAULTS = new SessionOptions(Duration.ofSeconds(10), "", Map.of(), null);

    private final Duration timeout;
    private final String identity;
    private final Map<String, String> labels;
    private final @Nullable SessionKey resume;

    private SessionOptions(Duration timeout, String identity, Map<String, String> labels, @Nullable SessionKey resume) {
        this.timeout = timeout;
        this.identity = identity;
        this.labels = labels;
        this.resume = resume;
    }

    /** Returns the defaults. */
    public static SessionOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Sets after how much time without a keep-alive the session ends: 1 s to 5 minutes, in whole milliseconds. A pause of the program (a
     * collection of garbage, a stopped process) or a broken network that lasts longer ends the session. Not looked at when a session is
     * resumed.
     *
     * @throws IllegalArgumentException when it is out of range
     */
    public SessionOptions timeout(Duration timeout) {
        if (timeout.compareTo(Duration.ofSeconds(1)) < 0 || timeout.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException("the timeout of a session must be 1 s to 5 minutes, not " + timeout);
        }
        return new SessionOptions(timeout, identity, labels, resume);
    }

    /**
     * Sets what the client calls itself: at most 128 bytes, shown to everybody. A session of the same identity, which must not be empty, can
     * take over the ephemeral znodes of this one, see {@link io.pathkeeper.client.session.PathkeeperSession}.
     */
    public SessionOptions identity(String identity) {
        return new SessionOptions(timeout, Objects.requireNonNull(identity, "identity"), labels, resume);
    }

    /** Sets what the client says about itself: at most 16 labels, keys of at most 64 bytes, values of at most 256. */
    public SessionOptions labels(Map<String, String> labels) {
        return new SessionOptions(timeout, identity, Map.copyOf(labels), resume);
    }

    /**
     * Resumes this session instead of opening a new one; opening fails with {@code SESSION_EXPIRED} when it is over. Its timeout, identity
     * and labels stay as they were.
     */
    public SessionOptions resume(SessionKey resume) {
        return new SessionOptions(timeout, identity, labels, Objects.requireNonNull(resume, "resume"));
    }

    /** Returns the timeout. */
    public Duration timeout() {
        return timeout;
    }

    /** Returns the identity; empty when there is none. */
    public String identity() {
        return identity;
    }

    /** Returns the labels, unmodifiable. */
    public Map<String, String> labels() {
        return labels;
    }

    /** Returns the key of the session to resume; null for a new session. */
    public @Nullable SessionKey resume() {
        return resume;
    }
}
