package io.pathkeeper.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.server.coordination.LockMode;
import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.raft.SpaceRefusal.Effect;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.store.StoreUse;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which commands pass while disks run full. */
class SpaceRefusalTest {
    private static final ZnodePath PATH = TestCluster.path("/a");
    private static final SessionKey SESSION = new SessionKey(1, new byte[16]);
    private static final Refusal FULL = Refusal.of(new StoreUse.Full(StoreUse.Kind.ZNODES, 100), 96);
    private static final byte[] VALUE = {};
    private static final Command DELETE = new Command.Delete(PATH, true, Command.ANY, Command.ANY, false);
    private static final Command READ = new Command.Read(PATH);
    private static final Command SET = TestCluster.set("/a", "x");

    private static Command.Transact transact(List<Command> then, List<Command> otherwise) {
        return new Command.Transact(List.of(), then, otherwise);
    }

    private static Map<Command, Effect> all() {
        Map<Command, Effect> all = new LinkedHashMap<>();
        all.put(TestCluster.create("/a", "x"), Effect.ADDS);
        all.put(SET, Effect.ADDS);
        all.put(new Command.Patch(PATH, List.of(), Command.ANY, Command.ANY, false), Effect.ADDS);
        all.put(new Command.CreateSession(new byte[16], 1_000, "", new TreeMap<>(), ""), Effect.GROWS);
        all.put(
                new Command.Acquire(PATH, false, SESSION, "h", LockMode.EXCLUSIVE, 0, 0, 0, "", VALUE, true),
                Effect.GROWS);
        all.put(new Command.Proclaim(PATH, SESSION, "c", 1, VALUE), Effect.GROWS);
        all.put(DELETE, Effect.KEEPS);
        all.put(READ, Effect.KEEPS);
        all.put(new Command.Release(PATH, false, SESSION, "h", 1), Effect.KEEPS);
        all.put(new Command.CloseSession(SESSION), Effect.OWN);
        all.put(new Command.ExpireSession(1, 1), Effect.OWN);
        all.put(new Command.Tick(1), Effect.OWN);
        all.put(new Command.CheckDigest(1, 1), Effect.OWN);
        all.put(new Command.Internal(transact(List.of(SET), List.of())), Effect.OWN);
        all.put(transact(List.of(DELETE, READ), List.of(READ)), Effect.KEEPS);
        all.put(new Command.Guarded(List.of(), DELETE), Effect.KEEPS);
        return all;
    }

    @Test
    void everyCommandHasItsEffect() {
        all().forEach((command, effect) ->
                assertThat(SpaceRefusal.effect(command)).as("%s", command).isEqualTo(effect));
        assertThat(all().keySet().stream().map(Object::getClass).distinct())
                .as("all kinds of commands")
                .hasSameSizeAs(Command.class.getPermittedSubclasses());
    }

    @Test
    void whatIsInsideCounts() {
        assertThat(SpaceRefusal.effect(transact(List.of(DELETE), List.of(SET)))).isEqualTo(Effect.ADDS);
        assertThat(SpaceRefusal.effect(transact(List.of(DELETE, SET), List.of())))
                .isEqualTo(Effect.ADDS);
        assertThat(SpaceRefusal.effect(new Command.Guarded(List.of(), SET))).isEqualTo(Effect.ADDS);
    }

    @Test
    void severityDecides() {
        for (Effect effect : Effect.values()) {
            assertThat(SpaceRefusal.NONE.refuses(effect)).isFalse();
            assertThat(SpaceRefusal.GROWTH.refuses(effect)).isEqualTo(effect == Effect.ADDS || effect == Effect.GROWS);
            assertThat(FULL.refuses(effect)).isEqualTo(effect == Effect.ADDS);
            assertThat(SpaceRefusal.ALL.refuses(effect)).isEqualTo(effect != Effect.OWN);
        }
    }

    @Test
    void refusalsOfNewerServersCountAsTheMildestThatRefuses() {
        assertThat(SpaceRefusal.of(2)).isEqualTo(SpaceRefusal.ALL);
        assertThat(SpaceRefusal.of(3)).isEqualTo(SpaceRefusal.GROWTH);
    }
}
