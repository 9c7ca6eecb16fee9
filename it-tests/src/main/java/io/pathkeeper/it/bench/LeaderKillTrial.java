package io.pathkeeper.it.bench;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The leader's process is killed under a load of writes through all servers, and started again when writes have gone on for a while, several times. The time without a write is the
 * longest one from the kill on in which no client anywhere had a write acknowledged.
 */
final class LeaderKillTrial implements Trial {
    static final Figure P50 = Figure.less("without a write p50, ms", 0).withChart();
    static final Figure MOST = Figure.less("without a write at most, ms", 0);
    static final Figure KILLS = Figure.plain("kills", 0);
    static final Figure ANSWERED = Figure.plain("writes acknowledged", 0);
    static final Figure FAILED = Figure.plain("writes that failed", 0);

    /** Connections of the load: all of them, so that every server has some. */
    private static final int OUTSTANDING = Connections.COUNT;

    private final int kills;
    private final int perSecond;
    private final Znodes znodes;
    private final Duration calm;
    private final Duration limit;

    /**
     * Describes it.
     *
     * @param kills how often
     * @param perSecond writes that are due in a second
     * @param znodes that the store is loaded with
     * @param calm how long writes go on before a kill, and before the killed server is started again
     * @param limit how long writes may be away at most
     */
    LeaderKillTrial(int kills, int perSecond, Znodes znodes, Duration calm, Duration limit) {
        this.kills = kills;
        this.perSecond = perSecond;
        this.znodes = znodes;
        this.calm = calm;
        this.limit = limit;
    }

    @Override
    public String workload() {
        return "leader-kill";
    }

    @Override
    public String variant() {
        return perSecond + " writes/s";
    }

    @Override
    public Map<Figure, Double> run(Store store, PrintStream progress) throws Exception {
        Acknowledgements acknowledgements = new Acknowledgements();
        List<Double> gaps = new ArrayList<>();
        List<Operation> writes = store.operations(Workload.SET, znodes, OUTSTANDING);
        SteadyLoad load = new SteadyLoad(writes, perSecond, acknowledgements);
        try (load) {
            for (int i = 0; i < kills; i++) {
                acknowledgements.begin(System.nanoTime());
                awaitCalm(store, acknowledgements, load);
                int leader = store.leader();
                acknowledgements.begin(System.nanoTime());
                store.kill(leader);
                awaitCalm(store, acknowledgements, load);
                gaps.add(acknowledgements.longestMillis());
                store.restart(leader);
            }
            acknowledgements.begin(System.nanoTime());
            awaitCalm(store, acknowledgements, load);
        }
        if (load.firstError() != null) {
            progress.println(store.name() + ": the first write that failed: " + load.firstError());
        }
        return figures(gaps, load.answeredCount(), load.failedCount());
    }

    private void awaitCalm(Store store, Acknowledgements acknowledgements, SteadyLoad load)
            throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!acknowledgements.isCalm(System.nanoTime(), calm.toNanos())) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("writes to " + store.name() + " did not go on for " + calm.toMillis()
                        + " ms within " + limit.toSeconds() + " s; the first failure: " + load.firstError());
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    static Map<Figure, Double> figures(List<Double> gapMillis, long answered, long failed) {
        Spread spread = Spread.of(gapMillis);
        Map<Figure, Double> figures = new LinkedHashMap<>();
        figures.put(P50, spread.median());
        figures.put(MOST, spread.most());
        figures.put(KILLS, (double) spread.count());
        figures.put(ANSWERED, (double) answered);
        figures.put(FAILED, (double) failed);
        return figures;
    }
}
