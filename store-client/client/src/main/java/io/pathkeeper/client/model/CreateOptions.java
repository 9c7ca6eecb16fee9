package io.pathkeeper.client.model;

import io.pathkeeper.client.session.PathkeeperSession;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a znode is created. By default: persistent, not sequential, its parent must exist.
 *
 * <p>Immutable: every setter returns a changed copy.
 */
public final class CreateOptions implements Cloneable {
    private static final CreateOptions DEFAULTS = new CreateOptions();

    private ZnodeKind kind = ZnodeKind.PERSISTENT;
    private boolean sequential = false;
    private boolean createParents = false;
    private ZnodeKind parentKind = ZnodeKind.PERSISTENT;
    private Duration ttl = Duration.ZERO;
    private boolean ttlAbsolute = false;
    private @Nullable PathkeeperSession session;
    private boolean takeOver = false;
    private Guards guards = Guards.none();
    private String contentType = "";
    private @Nullable Duration timeout;

    private CreateOptions() {}

    /** Returns the defaults. */
    public static CreateOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Sets what ends the life of the znode.
     */
    public CreateOptions kind(ZnodeKind kind) {
        CreateOptions copy = copy();
        copy.kind = kind;
        return copy;
    }

    /**
     * Appends the parent's next number to the name, ten digits or more; the path may then end with a slash.
     */
    public CreateOptions sequential(boolean sequential) {
        CreateOptions copy = copy();
        copy.sequential = sequential;
        return copy;
    }

    /**
     * Creates missing parents in the same revision.
     */
    public CreateOptions createParents(boolean createParents) {
        CreateOptions copy = copy();
        copy.createParents = createParents;
        return copy;
    }

    /**
     * Sets the kind of the parents that are created: persistent or container.
     */
    public CreateOptions parentKind(ZnodeKind parentKind) {
        CreateOptions copy = copy();
        copy.parentKind = parentKind;
        return copy;
    }

    /**
     * Sets the time to live of a znode of kind {@link ZnodeKind#TTL}: 1 s to 10 years, in whole milliseconds. Sets the kind, too, when it is
     * persistent.
     */
    public CreateOptions ttl(Duration ttl) {
        CreateOptions copy = copy();
        copy.ttl = ttl;
        if (copy.kind == ZnodeKind.PERSISTENT) {
            copy.kind = ZnodeKind.TTL;
        }
        return copy;
    }

    /**
     * Lets the time to live count from the creation: changes of the value do not start it anew.
     */
    public CreateOptions ttlAbsolute(boolean ttlAbsolute) {
        CreateOptions copy = copy();
        copy.ttlAbsolute = ttlAbsolute;
        return copy;
    }

    /**
     * Makes the znode ephemeral: it lives as long as this session, and cannot have children. Sets the kind, too. The call fails with {@code
     * SESSION_EXPIRED} when the session has ended, also when only this client knows that.
     */
    public CreateOptions ephemeral(PathkeeperSession session) {
        CreateOptions copy = copy();
        copy.kind = ZnodeKind.EPHEMERAL;
        copy.session = Objects.requireNonNull(session, "session");
        return copy;
    }

    /**
     * For an ephemeral znode: when it exists and belongs to a session of the same client identity, which must not be empty, it is handed over
     * to this session with the new value, in one revision. So a program that was started anew has its znode again at once.
     */
    public CreateOptions takeOver(boolean takeOver) {
        CreateOptions copy = copy();
        copy.takeOver = takeOver;
        return copy;
    }

    /**
     * Sets what must hold when the znode is created, or nothing is done.
     */
    public CreateOptions guards(Guards guards) {
        CreateOptions copy = copy();
        copy.guards = Objects.requireNonNull(guards, "guards");
        return copy;
    }

    /**
     * Sets a description of the content that is stored beside the value: at most 127 bytes, none by default.
     */
    public CreateOptions contentType(String contentType) {
        CreateOptions copy = copy();
        copy.contentType = contentType;
        return copy;
    }

    /**
     * Sets how long the call may take, retries included: 1 ms to 5 minutes. Without it the request timeout of the client counts.
     *
     * @throws IllegalArgumentException when it is out of range
     */
    public CreateOptions timeout(Duration timeout) {
        Checks.timeout(timeout);
        CreateOptions copy = copy();
        copy.timeout = timeout;
        return copy;
    }

    /** Returns what ends the life of the znode. */
    public ZnodeKind kind() {
        return kind;
    }

    /** Returns whether a number is appended to the name. */
    public boolean sequential() {
        return sequential;
    }

    /** Returns whether missing parents are created. */
    public boolean createParents() {
        return createParents;
    }

    /** Returns the kind of the parents that are created. */
    public ZnodeKind parentKind() {
        return parentKind;
    }

    /** Returns the time to live; zero when there is none. */
    public Duration ttl() {
        return ttl;
    }

    /** Returns whether the time to live counts from the creation. */
    public boolean ttlAbsolute() {
        return ttlAbsolute;
    }

    /** Returns the session that owns an ephemeral znode; null when there is none. */
    public @Nullable PathkeeperSession session() {
        return session;
    }

    /** Returns whether an ephemeral znode of a session of the same identity is taken over. */
    public boolean takeOver() {
        return takeOver;
    }

    /** Returns what must hold. */
    public Guards guards() {
        return guards;
    }

    /** Returns the description of the content; empty when there is none. */
    public String contentType() {
        return contentType;
    }

    /** Returns the time limit of the call; null for the one of the client. */
    public @Nullable Duration timeout() {
        return timeout;
    }

    private CreateOptions copy() {
        try {
            return (CreateOptions) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}
