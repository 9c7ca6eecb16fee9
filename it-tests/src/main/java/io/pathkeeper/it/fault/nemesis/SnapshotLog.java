package io.pathkeeper.it.fault.nemesis;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What the log of a server's process tells of snapshots. */
final class SnapshotLog {
    private static final Pattern FILE = Pattern.compile("snapshot\\.[0-9]+_[0-9]+");
    private static final String LOADED = "loaded a snapshot";

    private SnapshotLog() {}

    /** Names of the snapshots that it has loaded, at its start or because the leader sent one. */
    static List<String> loaded(String log) {
        return log.lines()
                .filter(line -> line.contains(LOADED))
                .flatMap(line -> FILE.matcher(line).results().limit(1))
                .map(MatchResult::group)
                .toList();
    }
}
