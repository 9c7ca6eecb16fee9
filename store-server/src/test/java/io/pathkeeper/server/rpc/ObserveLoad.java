package io.pathkeeper.server.rpc;

import com.sun.management.OperatingSystemMXBean;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.ObserveServiceGrpc;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures what many observers of one subtree cost. A program, no test: {@code ObserveLoad [observers] [revisions a second]
 * [seconds] [value bytes] [connections]}. The observers run in a process of their own, so the processor time that it prints is the
 * server's alone: hub, encoding, gRPC, and the writes themselves, without Raft.
 */
public final class ObserveLoad {
    private ObserveLoad() {}

    /** Runs one measurement. */
    public static void main(String[] args) throws Exception {
        if (args.length > 0 && args[0].equals("observers")) {
            observers(Integer.parseInt(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
            return;
        }
        int observers = number(args, 0, 1_000);
        int rate = number(args, 1, 100);
        int seconds = number(args, 2, 10);
        String value = "x".repeat(number(args, 3, 128));
        int connections = number(args, 4, 10);
        try (ObserveFixture f = new ObserveFixture()) {
            for (int i = 0; i < 100; i++) {
                f.commit(ObserveFixture.create("/load/n" + i, value));
            }
            Process process = startObservers(f.port(), observers, connections);
            try {
                BufferedReader told =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                told.readLine();
                long warm = write(f, value, rate, Math.max(3, seconds / 2));
                awaitSent(f, warm * observers);
                long cpu = cpuNanos();
                long threads = threadNanos();
                long start = System.nanoTime();
                long revisions = write(f, value, rate, seconds);
                awaitSent(f, (warm + revisions) * observers);
                double wall = (System.nanoTime() - start) / 1e9;
                double micros = (cpuNanos() - cpu) / 1e3;
                double threadMicros = (threadNanos() - threads) / 1e3;
                long events = revisions * observers;
                System.out.printf(
                        "%d observers on %d connections, %d-byte values: %d revisions, %.0f events/s, %.2f us server CPU"
                                + " per event (%.2f without the JVM's compiler and collector), %.0f %% of one core%n",
                        observers,
                        connections,
                        value.length(),
                        revisions,
                        events / wall,
                        micros / events,
                        threadMicros / events,
                        micros / 1e4 / wall);
                f.meters
                        .scrape()
                        .lines()
                        .filter(line ->
                                line.matches("pathkeeper_observe_(slow|delivery_lag_seconds_(count|sum|max)).*"))
                        .forEach(System.out::println);
            } finally {
                process.destroy();
                process.waitFor();
            }
        }
    }

    private static int number(String[] args, int index, int otherwise) {
        return args.length > index ? Integer.parseInt(args[index]) : otherwise;
    }

    /** Time of the threads that run Java: a short run spends much beside it on compiling. */
    private static long threadNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long id : threads.getAllThreadIds()) {
            sum += Math.max(0, threads.getThreadCpuTime(id));
        }
        return sum;
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static void awaitSent(ObserveFixture f, long events) {
        long start = System.nanoTime();
        while (sent(f) < events) {
            if (System.nanoTime() - start > 60_000_000_000L) {
                throw new IllegalStateException("only " + sent(f) + " of " + events + " events were sent in a minute");
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    private static long sent(ObserveFixture f) {
        return f.meters
                .scrape()
                .lines()
                .filter(line -> line.startsWith("pathkeeper_observe_events_sent_total "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .findFirst()
                .orElse(0);
    }

    private static long write(ObserveFixture f, String value, int rate, int seconds) {
        long start = System.nanoTime();
        long period = 1_000_000_000L / rate;
        long count = (long) rate * seconds;
        for (long i = 0; i < count; i++) {
            long wait = start + i * period - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            }
            f.commit(ObserveFixture.set("/load/n" + i % 100, value));
        }
        return count;
    }

    private static Process startObservers(int port, int observers, int connections) throws Exception {
        return new ProcessBuilder(
                        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ObserveLoad.class.getName(),
                        "observers",
                        Integer.toString(port),
                        Integer.toString(observers),
                        Integer.toString(connections))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void observers(int port, int observers, int connections) throws Exception {
        LongAdder created = new LongAdder();
        LongAdder events = new LongAdder();
        List<ManagedChannel> channels = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            channels.add(NettyChannelBuilder.forAddress("127.0.0.1", port)
                    .usePlaintext()
                    .directExecutor()
                    .build());
        }
        ObserveRequest request = ObserveFixture.subtree("/load").build();
        for (int i = 0; i < observers; i++) {
            ObserveServiceGrpc.newStub(channels.get(i % connections)).observe(request, new Counter(created, events));
        }
        while (created.sum() < observers) {
            LockSupport.parkNanos(10_000_000);
        }
        System.out.println("ready");
        Thread.currentThread().join();
    }

    private record Counter(LongAdder created, LongAdder events) implements StreamObserver<ObserveResponse> {
        @Override
        public void onNext(ObserveResponse frame) {
            if (frame.hasCreated()) {
                created.increment();
            } else {
                events.add(frame.getEvents().getEventsCount());
            }
        }

        @Override
        public void onError(Throwable failure) {
            System.err.println("an observer ended: " + failure);
        }

        @Override
        public void onCompleted() {
            System.err.println("an observer ended well");
        }
    }
}
