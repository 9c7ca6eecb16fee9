package io.pathkeeper.server.state;

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
        state.beginEntry(1, wall, cluster);
        CommandResult result = state.apply(command, id);
        changes = state.endEntry();
        return result;
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
