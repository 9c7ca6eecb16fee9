package io.pathkeeper.server.state;

import static io.pathkeeper.server.state.StateFixture.campaign;
import static io.pathkeeper.server.state.StateFixture.ephemeral;
import static io.pathkeeper.server.state.StateFixture.exclusive;
import static io.pathkeeper.server.state.StateFixture.key;
import static io.pathkeeper.server.state.StateFixture.release;
import static io.pathkeeper.server.state.StateFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which commands are a sign of life of a session: all that its client asks for, and nothing else. */
@Timeout(10)
class HeardSessionsTest {
    private static final String L = "/lock";

    private final StateFixture store = new StateFixture();
    private SessionKey a = key(0);
    private SessionKey b = key(0);

    @BeforeEach
    void openSessions() {
        a = store.open("a").key();
        b = store.open("b").key();
    }

    private long[] heard(Command command) {
        store.apply(command);
        return store.state.heardSessions();
    }

    private static Command.Set set(String path) {
        return new Command.Set(ZnodePath.parse(path), value(1), "", -1, -1, true, false, false);
    }

    private static Command guarded(SessionKey session) {
        return new Command.Guarded(List.of(new Guard.SessionOpen(session)), set("/x"));
    }

    @Test
    void everyCommandThatCarriesASessionIsASignOfItsLife() {
        assertThat(heard(guarded(a))).containsExactly(a.id());
        assertThat(heard(ephemeral("/e", a))).containsExactly(a.id());
        assertThat(heard(new Command.Transact(List.of(), List.of(ephemeral("/e2", a)), List.of())))
                .containsExactly(a.id());
        assertThat(heard(exclusive(L, a, "1"))).containsExactly(a.id());
        assertThat(heard(exclusive(L, a, "1"))).as("asked again").containsExactly(a.id());
        assertThat(heard(exclusive(L, b, "1"))).as("queued").containsExactly(b.id());
        assertThat(heard(exclusive(L, b, "1"))).as("queued, asked again").containsExactly(b.id());
        assertThat(heard(campaign("/election", a, "1", value(1)))).containsExactly(a.id());
        long term = store.state.view().revision();
        assertThat(heard(new Command.Proclaim(ZnodePath.parse("/election"), a, "1", term, value(2))))
                .containsExactly(a.id());
        assertThat(heard(release(L, b, "1", 0))).as("left the queue").containsExactly(b.id());
    }

    @Test
    void aTakeOverIsASignOfLifeOfTheNewOwnerOnly() {
        Session old = store.open("worker");
        Session successor = store.open("worker");
        store.done(ephemeral("/worker", old.key()));

        assertThat(heard(ephemeral("/worker", successor.key(), 2, true))).containsExactly(successor.id());
    }

    @Test
    void aRefusalDoesNotMakeTheClientLessAlive() {
        store.done(exclusive(L, a, "1"));

        assertThat(heard(release(L, b, "other", 0))).containsExactly(b.id());
        assertThat(heard(ephemeral("/lost/child", b))).containsExactly(b.id());
    }

    @Test
    void nobodyIsHeardByWhatOthersDo() {
        store.done(exclusive(L, a, "1"));
        store.done(exclusive(L, b, "1"));
        SessionKey stranger = new SessionKey(a.id(), new byte[Session.SECRET_BYTES]);

        assertThat(heard(set("/x"))).as("no session").isEmpty();
        assertThat(heard(guarded(stranger))).as("another secret").isEmpty();
        assertThat(heard(guarded(key(99)))).as("no such session").isEmpty();
        assertThat(heard(release(L, a, "1", 0))).as("b is granted the lock").containsExactly(a.id());
        assertThat(heard(new Command.Release(ZnodePath.parse(L), false, b, "1", 0, 5)))
                .as("a server takes back what a client left behind")
                .isEmpty();
        assertThat(heard(new Command.ExpireSession(b.id(), store.term))).isEmpty();
        assertThat(heard(new Command.Tick(10))).isEmpty();
    }

    @Test
    void anEntryOfManyCommandsTellsOfAllAndTheNextOneOfItsOwn() {
        store.state.beginEntry(store.term, store.wall, store.cluster);
        for (int i = 0; i < 100; i++) {
            store.state.apply(guarded(a), null);
            store.state.apply(guarded(b), new RequestId("c", i + 1, 0));
        }
        store.state.endEntry();
        assertThat(store.state.heardSessions()).hasSize(200).containsOnly(a.id(), b.id());

        assertThat(heard(guarded(b))).containsExactly(b.id());
    }
}
