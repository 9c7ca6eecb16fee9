package io.pathkeeper.it.bench;

import io.pathkeeper.it.process.ProcessorTime;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Many sessions are opened, kept alive and then left alone until the store has none of them. */
final class SessionsTrial implements Trial {
    static final Figure OPENED = Figure.more("opened/s", 0).withChart();
    static final Figure PER_OPENING = Figure.less("server CPU an opening, µs", 1);
    static final Figure IDLE = Figure.plain("server CPU before, ms/s", 1);
    static final Figure RENEWED = Figure.plain("renewals/s", 0);
    static final Figure PER_RENEWAL = Figure.less("server CPU a renewal, µs", 1).withChart();
    static final Figure LOST = Figure.plain("lost while kept alive", 0);
    static final Figure FIRST_OVER = Figure.plain("first one over behind the silence, s", 2);
    static final Figure ALL_OVER = Figure.plain("all over behind the silence, s", 2);

    private static final Duration IDLE_LENGTH = Duration.ofSeconds(2);
    /** Behind the timeout, for what is over to be noticed by the store and by us. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final int count;
    private final Duration timeout;
    private final int connections;
    private final int perMessage;
    private final Duration measured;

    /**
     * Describes it.
     *
     * @param count how many sessions
     * @param timeout of each; each is renewed in every third of it
     * @param connections that they share, where a store lets them
     * @param perMessage sessions that one message of Pathkeeper's renews
     * @param measured how long renewals are measured; a third of the timeout at least, so that each session has its turn
     */
    SessionsTrial(int count, Duration timeout, int connections, int perMessage, Duration measured) {
        this.count = count;
        this.timeout = timeout;
        this.connections = connections;
        this.perMessage = perMessage;
        Duration turn = timeout.dividedBy(3);
        this.measured = measured.compareTo(turn) < 0 ? turn : measured;
    }

    @Override
    public String workload() {
        return "sessions";
    }

    @Override
    public String variant() {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** As many sessions as are measured, from their opening to their end: with fewer a server's compilers took more time than the renewals. */
    @Override
    public void warmUp(Store store, Duration length) throws Exception {
        new SessionsTrial(count, timeout, connections, perMessage, length)
                .run(store, new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    }

    @Override
    public Map<Figure, Double> run(Store store, PrintStream progress) throws Exception {
        Map<Figure, Double> figures = new LinkedHashMap<>();
        double idle = seconds(store);
        TimeUnit.NANOSECONDS.sleep(IDLE_LENGTH.toNanos());
        figures.put(IDLE, 1e3 * (seconds(store) - idle) / IDLE_LENGTH.toSeconds());
        try (SessionCrowd crowd = store.sessions(timeout, connections, perMessage)) {
            double processor = seconds(store);
            long started = System.nanoTime();
            crowd.open(count);
            double length = secondsSince(started);
            figures.put(OPENED, count / length);
            figures.put(PER_OPENING, 1e6 * (seconds(store) - processor) / count);
            renew(store, crowd, figures);
            if (crowd.lostCount() > 0) {
                progress.println(
                        store.name() + " lost " + crowd.lostCount() + " sessions, first: " + crowd.firstLoss());
            }
            expire(store, crowd, figures);
        }
        return figures;
    }

    private void renew(Store store, SessionCrowd crowd, Map<Figure, Double> figures) throws Exception {
        double processor = seconds(store);
        long renewed = crowd.renewedCount();
        long started = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(measured.toNanos());
        double length = secondsSince(started);
        renewed = crowd.renewedCount() - renewed;
        processor = seconds(store) - processor;
        figures.put(RENEWED, renewed / length);
        figures.put(PER_RENEWAL, 1e6 * processor / Math.max(1, renewed));
        figures.put(LOST, (double) crowd.lostCount());
    }

    private void expire(Store store, SessionCrowd crowd, Map<Figure, Double> figures) throws Exception {
        int before = crowd.aliveCount();
        crowd.silence();
        long silent = System.nanoTime();
        long deadline = silent + timeout.plus(PATIENCE).toNanos();
        double first = Double.NaN;
        for (int alive = before; alive > 0; ) {
            TimeUnit.MILLISECONDS.sleep(50);
            alive = crowd.aliveCount();
            if (alive < before && Double.isNaN(first)) {
                first = secondsSince(silent);
            }
            if (alive > 0 && System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(alive + " of " + count + " sessions of " + store.name()
                        + " with a timeout of " + timeout.toSeconds() + " s are not over "
                        + timeout.plus(PATIENCE).toSeconds() + " s behind the last renewal");
            }
        }
        figures.put(FIRST_OVER, first);
        figures.put(ALL_OVER, secondsSince(silent));
    }

    private static double seconds(Store store) {
        List<Long> pids = store.serverPids();
        return pids.stream().mapToDouble(ProcessorTime::secondsOf).sum();
    }

    private static double secondsSince(long startedNanos) {
        return (System.nanoTime() - startedNanos) / 1e9;
    }
}
