package io.pathkeeper.server.state;

import io.pathkeeper.server.coordination.CoordinationChange;
import io.pathkeeper.server.coordination.LockMode;
import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.Value;
import io.pathkeeper.server.value.ValueEncoding;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A state and short words for commands. One entry for each command unless a test begins its own. */
final class StateFixture {
    static final byte[] NOTHING = {};

    StoreState state;
    long wall = 1_000;
    long cluster = 10;
    long term = 1;
    List<RevisionChanges> changes = List.of();

    StateFixture() {
        this(StateLimits.DEFAULT);
    }

    StateFixture(StateLimits limits) {
        state = StoreState.create(limits);
    }

    StateFixture(StoreState state) {
        this.state = state;
        wall = state.wallMillis();
        cluster = state.clusterMillis();
    }

    CommandResult apply(Command command) {
        return apply(command, null);
    }

    CommandResult apply(Command command, @Nullable RequestId id) {
        state.beginEntry(term, wall, cluster);
        CommandResult result = state.apply(command, id);
        changes = state.endEntry();
        return result;
    }

    /** What the last command changed of sessions and locks, as texts; empty when it made no revision. */
    List<String> coordination() {
        return changes.stream()
                .flatMap(revision -> revision.coordination().stream())
                .map(StateFixture::text)
                .toList();
    }

    private static String text(CoordinationChange change) {
        if (change instanceof CoordinationChange.SessionOpened opened) {
            return "opened " + opened.session().id();
        } else if (change instanceof CoordinationChange.SessionEnded ended) {
            return (ended.expired() ? "expired " : "closed ") + ended.sessionId();
        }
        CoordinationChange.LockChanged lock = (CoordinationChange.LockChanged) change;
        return lock.kind() + " " + lock.path() + " " + lock.entry().sessionId() + "/"
                + lock.entry().holderId();
    }

    /** Applies what must not be refused. */
    CommandResult done(Command command) {
        CommandResult result = apply(command);
        if (result instanceof CommandResult.Rejected rejected) {
            throw new AssertionError(rejected.rejection().toString());
        }
        return result;
    }

    /** Applies what must be refused. */
    Rejection refused(Command command) {
        CommandResult result = apply(command);
        if (result instanceof CommandResult.Rejected rejected) {
            return rejected.rejection();
        }
        throw new AssertionError("not refused: " + result);
    }

    /** Acquires what must not be refused. */
    CommandResult.Acquired acquired(Command.Acquire acquire) {
        return (CommandResult.Acquired) done(acquire);
    }

    /** Opens a session of this identity. */
    Session open(String identity) {
        return ((CommandResult.SessionOpened) done(createSession(identity))).session();
    }

    @Nullable
    Znode find(String path) {
        return state.view().find(ZnodePath.parse(path));
    }

    Znode get(String path) {
        Znode znode = find(path);
        if (znode == null) {
            throw new AssertionError("no znode " + path);
        }
        return znode;
    }

    StateFixture restored() {
        return new StateFixture(StateCopy.of(state.pin(), state.limits()));
    }

    static byte[] value(long number) {
        return ValueEncoding.encode(new Value.Int(number));
    }

    /** A key of a session with the secret that all sessions of this fixture have. */
    static SessionKey key(long id) {
        return new SessionKey(id, secret());
    }

    private static byte[] secret() {
        byte[] secret = new byte[Session.SECRET_BYTES];
        Arrays.fill(secret, (byte) 7);
        return secret;
    }

    static Command.CreateSession createSession(String identity) {
        return new Command.CreateSession(secret(), 10_000, identity, new TreeMap<>(), "127.0.0.1:1");
    }

    static Command.Acquire exclusive(String path, SessionKey session, String holder) {
        return acquire(path, session, holder, LockMode.EXCLUSIVE, 0, 0);
    }

    static Command.Acquire shared(String path, SessionKey session, String holder) {
        return acquire(path, session, holder, LockMode.SHARED, 0, 0);
    }

    static Command.Acquire permits(String path, SessionKey session, String holder, long permits, long maxPermits) {
        return acquire(path, session, holder, LockMode.PERMITS, permits, maxPermits);
    }

    static Command.Acquire acquire(
            String path, SessionKey session, String holder, LockMode mode, long permits, long maxPermits) {
        return new Command.Acquire(
                ZnodePath.parse(path), false, session, holder, mode, permits, maxPermits, 0, "", new byte[0], true);
    }

    /** The same, to be granted at once or not at all. */
    static Command.Acquire tried(Command.Acquire a) {
        return new Command.Acquire(
                a.path(),
                a.election(),
                a.session(),
                a.holderId(),
                a.mode(),
                a.permits(),
                a.maxPermits(),
                a.lockDelayMillis(),
                a.note(),
                a.value(),
                false);
    }

    /** The same with a delay. */
    static Command.Acquire delayed(Command.Acquire a, long millis) {
        return new Command.Acquire(
                a.path(),
                a.election(),
                a.session(),
                a.holderId(),
                a.mode(),
                a.permits(),
                a.maxPermits(),
                millis,
                a.note(),
                a.value(),
                a.queue());
    }

    static Command.Acquire campaign(String path, SessionKey session, String candidate, byte[] value) {
        return new Command.Acquire(
                ZnodePath.parse(path), true, session, candidate, LockMode.EXCLUSIVE, 0, 0, 0, "", value, true);
    }

    static Command.Release release(String path, SessionKey session, String holder, long token) {
        return new Command.Release(ZnodePath.parse(path), false, session, holder, token);
    }

    static Command.Create ephemeral(String path, SessionKey session) {
        return ephemeral(path, session, 0, false);
    }

    static Command.Create ephemeral(String path, SessionKey session, long number, boolean takeOver) {
        return new Command.Create(
                ZnodePath.parse(path),
                ZnodeKind.EPHEMERAL,
                value(number),
                "",
                false,
                null,
                0,
                false,
                session,
                takeOver);
    }

    static Command.Create create(String path) {
        return create(path, ZnodeKind.PERSISTENT);
    }

    static Command.Create create(String path, ZnodeKind kind) {
        return new Command.Create(ZnodePath.parse(path), kind, value(0), "", false, null, 0, false, null, false);
    }

    static Command.Create withParents(String path, ZnodeKind parents) {
        return new Command.Create(
                ZnodePath.parse(path), ZnodeKind.PERSISTENT, value(0), "", false, parents, 0, false, null, false);
    }

    static Command.Create ttl(String path, long millis, boolean absolute) {
        return new Command.Create(
                ZnodePath.parse(path), ZnodeKind.TTL, value(0), "", false, null, millis, absolute, null, false);
    }

    static Command.Create sequential(String prefix) {
        return new Command.Create(
                ZnodePath.parsePrefix(prefix), ZnodeKind.PERSISTENT, value(0), "", true, null, 0, false, null, false);
    }

    static Command.Set set(String path, long number) {
        return new Command.Set(ZnodePath.parse(path), value(number), "", Command.ANY, Command.ANY, false, false, false);
    }

    static Command.Delete delete(String path) {
        return new Command.Delete(ZnodePath.parse(path), false, Command.ANY, Command.ANY, false);
    }

    static Command.Delete deleteAll(String path) {
        return new Command.Delete(ZnodePath.parse(path), true, Command.ANY, Command.ANY, false);
    }

    static Command.Transact transact(Command... then) {
        return new Command.Transact(List.of(), List.of(then), List.of());
    }
}
