package io.pathkeeper.it.fault;

import io.pathkeeper.it.fault.control.agent.PlantedFault;
import io.pathkeeper.it.fault.nemesis.Nemeses;
import io.pathkeeper.it.fault.nemesis.Nemesis;
import io.pathkeeper.it.fault.workload.Workload;
import io.pathkeeper.it.fault.workload.Workloads;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A run of the harness on servers with a planted fault, which must end red, and for the right reason: a certain load, or nemesis, must say a certain
 * kind of sentence.
 */
enum FaultControl {
    /**
     * A leader that reaches nobody, or goes on behind a pause, answers before it knows that another one leads. A leader gives up by itself behind the longest election timeout, without a majority or
     * when it stood still so long, and then nothing is to be seen: here that is long, so that elections are over before it also on a busy machine.
     */
    READS_UNCONFIRMED(PlantedFault.READS_UNCONFIRMED, "fresh-reads", "stale: .*"),
    /** The same, of a leader that was stopped until another one led. */
    RATIS_READ_INDEX(PlantedFault.RATIS_READ_INDEX, "fresh-reads", "stale: .*"),
    /** What a killed leader did not answer is sent again, and half of the rest. */
    EXACTLY_ONCE_OFF(PlantedFault.EXACTLY_ONCE_OFF, "repeats", "doubled: .*"),
    /** All servers lose what they have acknowledged. */
    LOG_NOT_FORCED(PlantedFault.LOG_NOT_FORCED, "set", "lost: .*"),
    /** Observers that come from old revisions find a history that is much too short. */
    HISTORY_GAP(PlantedFault.HISTORY_GAP, "observers", "left out: .*"),
    /** No fault from outside is needed. */
    FOLLOWER_EXPIRY(PlantedFault.FOLLOWER_EXPIRY, "sessions-locks", "session \\d+ was over .*"),
    /** The log of a majority meets its full disk: the nemesis itself says so, whatever the load. */
    DISK_UNWATCHED(
            PlantedFault.DISK_UNWATCHED,
            "register",
            "full-disk-majority",
            "(s\\d has ended|not within .*: every server refuses what grows)");

    private static final Duration LONG_PAUSE = Duration.ofSeconds(5);

    /** The first of two followers stands for election early, most likely, and a leader gives up late. */
    private static final Map<String, String> LONG_ELECTIONS =
            Map.of("raft.election_timeout_min", "300ms", "raft.election_timeout_max", "5s");

    private final PlantedFault fault;
    private final String workload;
    private final Pattern reason;

    FaultControl(PlantedFault fault, String workload, String reason) {
        this(fault, workload, workload, reason);
    }

    FaultControl(PlantedFault fault, String workload, String finder, String reason) {
        this.fault = fault;
        this.workload = workload;
        this.reason = Pattern.compile(Pattern.quote(finder + ": ") + reason, Pattern.DOTALL);
    }

    PlantedFault fault() {
        return fault;
    }

    String workloadName() {
        return workload;
    }

    /** A new load. */
    Workload workload() {
        return Workloads.make(workload);
    }

    /** What is done to the servers. */
    List<Nemesis> nemeses() {
        return switch (this) {
            case READS_UNCONFIRMED -> Nemeses.named(List.of("depose-isolated", "depose-paused"));
            case RATIS_READ_INDEX -> Nemeses.named(List.of("depose-paused"));
            case EXACTLY_ONCE_OFF -> Nemeses.named(List.of("kill-leader"));
            case LOG_NOT_FORCED -> Nemeses.named(List.of("power-loss"));
            case HISTORY_GAP -> Nemeses.named(List.of("kill-one"));
            case DISK_UNWATCHED -> Nemeses.named(List.of("full-disk-majority"));
            case FOLLOWER_EXPIRY ->
                List.of(new Held(Nemeses.named(List.of("pause-one")).get(0), LONG_PAUSE));
        };
    }

    /** What the servers need for the fault to show. */
    Map<String, String> settings() {
        return switch (this) {
            case READS_UNCONFIRMED, RATIS_READ_INDEX -> LONG_ELECTIONS;
            case HISTORY_GAP -> Map.of("history.bytes", "1MiB", "history.revisions", "100", "history.age", "1s");
            default -> Map.of();
        };
    }

    /** The first of these violations that is what the fault must lead to. */
    Optional<String> rightReason(List<String> violations) {
        return violations.stream()
                .filter(violation -> reason.matcher(violation).matches())
                .findFirst();
    }

    /**
     * Those of such names; all for an empty list.
     *
     * @throws IllegalArgumentException for a name that there is not
     */
    static List<FaultControl> named(List<String> names) {
        List<String> all =
                Arrays.stream(values()).map(control -> control.fault.label()).toList();
        names.stream().filter(name -> !all.contains(name)).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("there is no control '" + name + "': " + String.join(", ", all));
        });
        return Arrays.stream(values())
                .filter(control -> names.isEmpty() || names.contains(control.fault.label()))
                .toList();
    }
}
