package io.pathkeeper.server.raft;

import io.pathkeeper.server.state.Command;
import java.util.List;

/** Which commands are refused while disks run full. The order is that of severity, and travels between servers. */
enum SpaceRefusal {
    /** None. */
    NONE,
    /** Those that let the store grow. */
    GROWTH,
    /** All of clients but the end of a session: a majority could not store anything. */
    ALL;

    /** What a command does to the space that the store needs. */
    enum Effect {
        /** It may add znodes or bytes of values. */
        ADDS,
        /** It may need more, but not for the tree: sessions, locks, elections. */
        GROWS,
        /** It needs no more than its place in the log. */
        KEEPS,
        /** It comes from the servers themselves, or ends a session: without it what is there could not be given back. */
        OWN
    }

    /** The refusal with this number; a number that is not known counts as the mildest that refuses. */
    static SpaceRefusal of(long number) {
        return number >= 0 && number < values().length ? values()[(int) number] : GROWTH;
    }

    /** Whether commands with such an effect are refused. */
    boolean refuses(Effect effect) {
        return switch (this) {
            case NONE -> false;
            case GROWTH -> effect == Effect.ADDS || effect == Effect.GROWS;
            case ALL -> effect != Effect.OWN;
        };
    }

    /** What a command does. */
    static Effect effect(Command command) {
        if (command instanceof Command.Guarded guarded) {
            return effect(guarded.command());
        }
        if (command instanceof Command.Transact transact) {
            return adds(transact.then()) || adds(transact.otherwise()) ? Effect.ADDS : Effect.KEEPS;
        }
        if (command instanceof Command.Delete
                || command instanceof Command.Release
                || command instanceof Command.Read) {
            return Effect.KEEPS;
        }
        boolean own = command instanceof Command.Tick
                || command instanceof Command.CheckDigest
                || command instanceof Command.CloseSession
                || command instanceof Command.ExpireSession
                || command instanceof Command.Internal;
        if (own) {
            return Effect.OWN;
        }
        boolean tree =
                command instanceof Command.Create || command instanceof Command.Set || command instanceof Command.Patch;
        return tree ? Effect.ADDS : Effect.GROWS;
    }

    private static boolean adds(List<Command> commands) {
        return commands.stream().anyMatch(command -> effect(command) != Effect.KEEPS);
    }
}
