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
 * A run of the harness on servers with a planted fault, which must end red, and for the right reason: a certain load must say a certain kind of
 * sentence.
 */
enum FaultControl {
    /** A leader that goes on behind a pause has calls in its socket that were sent when another one led. */
    READS_UNCONFIRMED(PlantedFault.READS_UNCONFIRMED, "fresh-reads", "pause-leader", "stale: .*"),
    /** The same. */
    RATIS_READ_INDEX(PlantedFault.RATIS_READ_INDEX, "fresh-reads", "pause-leader", "stale: .*"),
    /** What a killed leader did not answer is sent again, and half of the rest. */
    EXACTLY_ONCE_OFF(PlantedFault.EXACTLY_ONCE_OFF, "repeats", "kill-leader", "doubled: .*"),
    /** All servers lose what they have acknowledged. */
    LOG_NOT_FORCED(PlantedFault.LOG_NOT_FORCED, "set", "power-loss", "lost: .*"),
    /** Observers that come from old revisions find a history that is much too short. */
    HISTORY_GAP(PlantedFault.HISTORY_GAP, "observers", "kill-one", "left out: .*"),
    /** No fault from outside is needed. */
    FOLLOWER_EXPIRY(PlantedFault.FOLLOWER_EXPIRY, "sessions-locks", "pause-one", "session \\d+ was over .*");

    /** Longer than an election and than the time limit of a read, so that later ones wait for the server when it goes on. */
    private static final Duration LONG_PAUSE = Duration.ofSeconds(5);

    private final PlantedFault fault;
    private final String workload;
    private final String nemesis;
    private final Pattern reason;

    FaultControl(PlantedFault fault, String workload, String nemesis, String reason) {
        this.fault = fault;
        this.workload = workload;
        this.nemesis = nemesis;
        this.reason = Pattern.compile(Pattern.quote(workload + ": ") + reason, Pattern.DOTALL);
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

    Nemesis nemesis() {
        Nemesis kind = Nemeses.named(List.of(nemesis)).get(0);
        return nemesis.startsWith("pause") ? new Held(kind, LONG_PAUSE) : kind;
    }

    /** What the servers need for the fault to show. */
    Map<String, String> settings() {
        return this == HISTORY_GAP
                ? Map.of("history.bytes", "1MiB", "history.revisions", "100", "history.age", "1s")
                : Map.of();
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
        names.forEach(PlantedFault::of);
        return Arrays.stream(values())
                .filter(control -> names.isEmpty() || names.contains(control.fault.label()))
                .toList();
    }
}
