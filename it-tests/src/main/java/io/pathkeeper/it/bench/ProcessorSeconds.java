package io.pathkeeper.it.bench;

import io.pathkeeper.it.process.ProcessorTime;
import java.util.List;

/** Processor time that the servers and the client have used since this was made. Immutable. */
final class ProcessorSeconds {
    private final List<Long> serverPids;
    private final long clientPid;
    private final double serversBefore;
    private final double clientBefore;

    ProcessorSeconds(List<Long> serverPids, long clientPid) {
        this.serverPids = serverPids;
        this.clientPid = clientPid;
        this.serversBefore = sum(serverPids);
        this.clientBefore = ProcessorTime.secondsOf(clientPid);
    }

    double servers() {
        return sum(serverPids) - serversBefore;
    }

    double client() {
        return ProcessorTime.secondsOf(clientPid) - clientBefore;
    }

    private static double sum(List<Long> pids) {
        return pids.stream().mapToDouble(ProcessorTime::secondsOf).sum();
    }
}
