package io.pathkeeper.it.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The part of the command line that is about trials. Filled by the parser, then read. */
final class TrialOptions {
    /** Longer than a lull of a busy machine. */
    private static final Duration CALM = Duration.ofSeconds(3);

    private static final Duration WITHOUT_WRITES = Duration.ofMinutes(2);

    @Option(
            names = "--observers",
            paramLabel = "COUNT",
            split = ",",
            defaultValue = "1,100,1000",
            description = "observe: observers of one subtree; default ${DEFAULT-VALUE}.")
    private List<Integer> observers = List.of();

    @Option(
            names = "--write-rate",
            paramLabel = "COUNT",
            defaultValue = "100",
            description = "observe: writes due in a second to that subtree; default ${DEFAULT-VALUE}.")
    private int writeRate;

    @Option(
            names = "--observer-connections",
            paramLabel = "COUNT",
            defaultValue = "0",
            description =
                    "observe: connections that the observers of Pathkeeper and of etcd share; ZooKeeper's have one each."
                            + " 0: one each; default ${DEFAULT-VALUE}.")
    private int observerConnections;

    @Option(
            names = "--kills",
            paramLabel = "COUNT",
            defaultValue = "5",
            description = "leader-kill: how often the leader is killed in a measurement; default ${DEFAULT-VALUE}.")
    private int kills;

    @Option(
            names = "--kill-write-rate",
            paramLabel = "COUNT",
            defaultValue = "1000",
            description = "leader-kill: writes due in a second meanwhile; default ${DEFAULT-VALUE}.")
    private int killWriteRate;

    @Option(
            names = "--sessions",
            paramLabel = "COUNT",
            defaultValue = "10000",
            description = "sessions: how many; default ${DEFAULT-VALUE}.")
    private int sessions;

    @Option(
            names = "--session-timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "sessions: seconds after which a silent one is over, 4 to 40 as ZooKeeper wants it;"
                    + " each is renewed in every third of it; default ${DEFAULT-VALUE}.")
    private int sessionTimeout;

    @Option(
            names = "--session-connections",
            paramLabel = "COUNT",
            defaultValue = "12",
            description =
                    "sessions: connections that the sessions of Pathkeeper and the leases of etcd share; ZooKeeper's have"
                            + " one each; default ${DEFAULT-VALUE}.")
    private int sessionConnections;

    @Option(
            names = "--sessions-per-message",
            paramLabel = "COUNT",
            defaultValue = "1",
            description =
                    "sessions: how many of Pathkeeper's one message renews, up to 1,000; default ${DEFAULT-VALUE}.")
    private int sessionsPerMessage;

    /**
     * Makes the trials.
     *
     * @param kinds which
     * @param measured length of each measurement
     * @param znodes that the stores are loaded with
     * @throws WrongUseException when an option is out of range
     */
    List<Trial> trials(List<TrialKind> kinds, Duration measured, Znodes znodes) {
        List<Trial> trials = new ArrayList<>();
        for (TrialKind kind : kinds) {
            switch (kind) {
                case OBSERVE -> observeTrials(trials, measured, znodes);
                case LEADER_KILL ->
                    trials.add(new LeaderKillTrial(
                            BenchMain.positive("--kills", kills),
                            BenchMain.positive("--kill-write-rate", killWriteRate),
                            znodes,
                            CALM,
                            WITHOUT_WRITES));
                case SCALE -> {
                    // in stores of its own, behind all that share some
                }
                case SESSIONS -> trials.add(sessionsTrial(measured));
            }
        }
        return trials;
    }

    private SessionsTrial sessionsTrial(Duration measured) {
        if (sessionTimeout < 4 || sessionTimeout > 40) {
            throw new WrongUseException("--session-timeout is " + sessionTimeout + ": it must be 4 to 40 seconds");
        }
        if (sessionsPerMessage < 1 || sessionsPerMessage > 1_000) {
            throw new WrongUseException("--sessions-per-message is " + sessionsPerMessage + ": it must be 1 to 1,000");
        }
        return new SessionsTrial(
                BenchMain.positive("--sessions", sessions),
                Duration.ofSeconds(sessionTimeout),
                BenchMain.positive("--session-connections", sessionConnections),
                sessionsPerMessage,
                measured);
    }

    private void observeTrials(List<Trial> trials, Duration measured, Znodes znodes) {
        BenchMain.positive("--write-rate", writeRate);
        if (observerConnections < 0) {
            throw new WrongUseException("--observer-connections is " + observerConnections + ": it must be 0 or more");
        }
        for (int count : observers) {
            trials.add(new ObserveTrial(
                    BenchMain.positive("--observers", count),
                    observerConnections,
                    writeRate,
                    measured,
                    znodes,
                    Duration.ofSeconds(60)));
        }
    }
}
