package io.pathkeeper.it.fault.control.agent;

import java.util.Arrays;
import java.util.List;
import net.bytebuddy.pool.TypePool;

/**
 * A fault that a run of the harness must find. Each names all that it changes or reads of the product, the JDK or Ratis; the first of these is what its
 * code is copied into.
 */
public enum PlantedFault {
    /** The leader answers linearizable reads without asking anybody whether it still leads. */
    READS_UNCONFIRMED(
            "reads-unconfirmed",
            "linearizable reads without the confirmation of the leadership",
            UnconfirmedReadsAdvice.class,
            Target.method(Names.ROUNDS, "confirm", "java.util.function.LongConsumer", "java.lang.Runnable"),
            Target.field(Names.ROUNDS, "local"),
            Target.method(Names.ROUTES, "readyTerm"),
            Target.method(Names.ROUTES, "commitIndex")),
    /** The leader asks Ratis for a read index in place of its own round. */
    RATIS_READ_INDEX(
            "ratis-read-index",
            "linearizable reads by Ratis's own read index",
            RatisReadIndexAdvice.class,
            Target.method(Names.ROUNDS, "confirm", "java.util.function.LongConsumer", "java.lang.Runnable"),
            Target.field(Names.ROUNDS, "local"),
            Target.method(Names.ROUTES, "readyTerm"),
            Target.field(Names.ROUTES, "division"),
            Target.field(Names.ROUTES, "machine"),
            Target.method("io.pathkeeper.server.raft.RatisStateMachine", "appliedIndex")),
    /** A repeated request is applied again. */
    EXACTLY_ONCE_OFF(
            "exactly-once-off",
            "repeated requests are applied again",
            ForgetfulLedgerAdvice.class,
            Target.method(Names.LEDGER, "answer", "io.pathkeeper.server.id.RequestId", "long"),
            Target.method(
                    Names.LEDGER,
                    "keep",
                    "io.pathkeeper.server.id.RequestId",
                    "io.pathkeeper.server.state.CommandResult",
                    "long")),
    /** The log is acknowledged without being forced to disk; takes a loss of power to be seen. */
    LOG_NOT_FORCED(
            "log-not-forced",
            "entries of the log are acknowledged before they are on disk",
            ForceAdvice.class,
            Target.method(Names.CHANNEL, "force", "boolean"),
            Target.field(Names.CHANNEL, "path")),
    /** Observers behind the history go on with its oldest revision as if nothing had been between. */
    HISTORY_GAP(
            "history-gap",
            "the history of changes is trimmed without telling observers",
            TrimmedHistoryAdvice.class,
            Target.method(Names.HISTORY, "read", "long", "int"),
            Target.field(Names.HISTORY, "oldest"),
            Target.method(Names.LOOP, "oldestRevision")),
    /** A server that does not lead ends sessions by its own time. */
    FOLLOWER_EXPIRY(
            "follower-expiry",
            "followers end sessions of whose renewals they know nothing",
            FollowerExpiryAdvice.class,
            Target.method(Names.KEEPER, "tick", "long"),
            Target.field(Names.KEEPER, "readyTerm"),
            Target.field(Names.KEEPER, "parts"),
            Target.method(Names.KEEPER + "$Parts", "state"),
            Target.method(Names.KEEPER + "$Parts", "proposer"),
            Target.method(Names.KEEPER + "$Parts", "leadership")),
    /** A server sends to observers that take nothing; for {@code bin/stalled}. */
    OBSERVERS_UNBOUNDED(
            "observers-unbounded",
            "changes are sent to observers whose connections take no more",
            AlwaysReadyAdvice.class,
            Target.method("io.pathkeeper.server.rpc.ObserveEndpoint$CallTransport", "isReady")),
    /** A server waits for observers that take nothing before it serves others; for {@code bin/stalled}. */
    OBSERVERS_WAITED_FOR(
            "observers-waited-for",
            "observers whose connections take no more hold up the others",
            WaitForStalledAdvice.class,
            Target.method("io.pathkeeper.server.rpc.ObserveEndpoint$CallTransport", "isReady")),
    /** A server believes that its disk has plenty of space, whatever it has. */
    DISK_UNWATCHED(
            "disk-unwatched",
            "servers do not see their disks run full",
            PlentifulDiskAdvice.class,
            Target.method("io.pathkeeper.server.disk.ReserveFile", "freeBytes"));

    /** Where the faults are planted. */
    private static final class Names {
        static final String ROUNDS = "io.pathkeeper.server.raft.LeadershipRounds";
        static final String ROUTES = "io.pathkeeper.server.raft.RatisRoutes";
        static final String LEDGER = "io.pathkeeper.server.state.RequestLedger";
        static final String HISTORY = "io.pathkeeper.server.state.ChangeHistory";
        static final String LOOP = "io.pathkeeper.server.observe.ObserveLoop";
        static final String KEEPER = "io.pathkeeper.server.expiry.SessionKeeper";
        static final String CHANNEL = "sun.nio.ch.FileChannelImpl";
    }

    /** What the record of forced lengths stands on; needed by {@link #LOG_NOT_FORCED}, too. */
    static final List<Target> RECORD = List.of(
            Target.method(Names.CHANNEL, "force", "boolean"),
            Target.method(Names.CHANNEL, "truncate", "long"),
            Target.method(Names.CHANNEL, "open", "java.io.FileDescriptor", "java.lang.String", "boolean", "boolean"),
            Target.field(Names.CHANNEL, "path"));

    private final String label;
    private final String sentence;
    private final Class<?> advice;
    private final List<Target> targets;

    PlantedFault(String label, String sentence, Class<?> advice, Target... targets) {
        this.label = label;
        this.sentence = sentence;
        this.advice = advice;
        this.targets = List.of(targets);
    }

    /** Its name on command lines and in reports. */
    public String label() {
        return label;
    }

    /** What a server with it does. */
    public String sentence() {
        return sentence;
    }

    Class<?> advice() {
        return advice;
    }

    /** All that it stands on. */
    public List<Target> targets() {
        return targets;
    }

    /** Those of its targets that are not there; empty when it can be planted. */
    public List<Target> missing(TypePool pool) {
        return missing(targets, pool);
    }

    static List<Target> missing(List<Target> targets, TypePool pool) {
        return targets.stream().filter(target -> !target.existsIn(pool)).toList();
    }

    /**
     * The fault of a name.
     *
     * @throws IllegalArgumentException with all names, when there is none
     */
    public static PlantedFault of(String label) {
        return Arrays.stream(values())
                .filter(each -> each.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no planted fault '" + label + "', there are "
                        + Arrays.stream(values()).map(PlantedFault::label).toList()));
    }
}
