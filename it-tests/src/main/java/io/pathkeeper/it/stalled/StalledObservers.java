package io.pathkeeper.it.stalled;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveScope;
import io.pathkeeper.v1.ObserveTarget;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Command line of the stalled observers. Exit codes: 0 memory is bounded and everybody else was served, 1 not so, 2 wrong use.
 *
 * <p>Twice without stalled observers, then with them, so many changes are written that the history is replaced several times; each time a good observer follows, and how
 * late it is, the heap behind a full collection and the resident memory are measured. In the end the stalled ones take what there is: each must see everything or be told to
 * start again.
 */
@Command(
        name = "stalled",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Observers that take nothing, on one server with a small heap: memory stays bounded, others are served.")
public final class StalledObservers implements Callable<Integer> {
    private static final String PATH = "/watched";
    private static final int HISTORY_MEGABYTES = 16;
    private static final int VALUE_BYTES = 16 << 10;
    /** Flow-control window of a client: what a stalled one makes the server send before it stops. */
    private static final int WINDOW_BYTES = 65_535;
    /** Of the good observer: so large that it never has to be waited for. */
    private static final int GOOD_WINDOW_BYTES = 8 << 20;

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration END_LIMIT = Duration.ofSeconds(120);

    @Option(
            names = "--observers",
            defaultValue = "1000",
            description = "How many take nothing; default ${DEFAULT-VALUE}.")
    private int observers;

    @Option(
            names = "--megabytes",
            defaultValue = "64",
            description = "Changes that are written with and without them; default ${DEFAULT-VALUE}.")
    private int megabytes;

    @Option(names = "--heap", defaultValue = "192m", description = "Heap of the server; default ${DEFAULT-VALUE}.")
    private String heap = "192m";

    @Option(names = "--java-option", hidden = true)
    private List<String> javaOptions = List.of();

    @Option(names = "--server-jar", required = true, hidden = true)
    private Path serverJar = Path.of("");

    @Option(names = "--directory", required = true, hidden = true)
    private Path directory = Path.of("");

    private final List<String> broken = new ArrayList<>();

    /** Runs the command line and ends this JVM. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Runs the command line and returns the exit code. */
    static int run(String... arguments) {
        CommandLine line = new CommandLine(new StalledObservers());
        line.setExecutionExceptionHandler((error, command, parsed) -> {
            System.err.println("stalled: " + (error.getMessage() == null ? error.toString() : error.getMessage()));
            if (error instanceof IllegalArgumentException) {
                return 2;
            }
            error.printStackTrace();
            return 1;
        });
        return line.execute(arguments);
    }

    @Override
    public Integer call() throws Exception {
        if (observers < 1 || megabytes < 1) {
            throw new IllegalArgumentException(
                    "--observers is " + observers + " and --megabytes " + megabytes + ": both must be above 0");
        }
        // what the server keeps of its log in memory is full behind the first changes, and does not grow with the
        // second
        Map<String, String> settings = Map.of("history.bytes", HISTORY_MEGABYTES + "MiB", "raft.segment_bytes", "8MiB");
        EventLoopGroup loops = new NioEventLoopGroup(1);
        List<ManagedChannel> channels = new ArrayList<>();
        try (LoneServer server = new LoneServer(serverJar, directory, heap, javaOptions, settings)) {
            server.stubs()
                    .store(LIMIT)
                    .create(CreateRequest.newBuilder().setPath(PATH).build());
            StalledPhase first = write(server, channel(server, loops, channels, GOOD_WINDOW_BYTES));
            show("first, without stalled observers", first);
            StalledPhase before = write(server, channel(server, loops, channels, GOOD_WINDOW_BYTES))
                    .withMostMemoryOf(first);
            show("again, with the greater memory of both", before);
            List<StalledStream> stalled = new ArrayList<>();
            for (int i = 0; i < observers; i++) {
                stalled.add(new StalledStream(channel(server, loops, channels, WINDOW_BYTES), request()));
            }
            for (StalledStream stream : stalled) {
                stream.awaitStanding();
            }
            StalledPhase with = write(server, channel(server, loops, channels, GOOD_WINDOW_BYTES));
            show("with " + observers + " stalled observers", with);
            System.out.println(with.cost(before, observers));
            broken.addAll(with.tooMuch(before, observers));
            release(stalled, with.lastRevision());
            server.requireRunning();
        } finally {
            channels.forEach(ManagedChannel::shutdownNow);
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
        broken.forEach(what -> System.out.println("BROKEN: " + what));
        System.out.println("stalled: " + (broken.isEmpty() ? "1 passed, 0 failed" : "0 passed, 1 failed"));
        return broken.isEmpty() ? 0 : 1;
    }

    /** A connection of its own for each: on a shared one the stalled would hold up each other. */
    private static ManagedChannel channel(
            LoneServer server, EventLoopGroup loops, List<ManagedChannel> channels, int window) {
        ManagedChannel channel = NettyChannelBuilder.forTarget(server.stubs().address())
                .usePlaintext()
                .eventLoopGroup(loops)
                .channelType(NioSocketChannel.class)
                .flowControlWindow(window)
                .directExecutor()
                .build();
        channels.add(channel);
        return channel;
    }

    private static ObserveRequest request() {
        return ObserveRequest.newBuilder()
                .addTargets(ObserveTarget.newBuilder().setPath(PATH).setScope(ObserveScope.OBSERVE_SCOPE_SUBTREE))
                .build();
    }

    /** Writes, one after the other, while a good observer follows; waits for it, then measures. */
    private StalledPhase write(LoneServer server, ManagedChannel channel) throws Exception {
        Map<Long, Long> seenNanos = new ConcurrentHashMap<>();
        StalledStream good =
                new StalledStream(channel, request(), revision -> seenNanos.put(revision, System.nanoTime()));
        good.awaitStanding();
        good.takeAll(Long.MAX_VALUE); // of which revision it is the last is not known yet
        Histogram micros = new Histogram(TimeUnit.MINUTES.toMicros(10), 3);
        Map<Long, Long> sentNanos = new HashMap<>();
        SetRequest change = SetRequest.newBuilder()
                .setPath(PATH)
                .setData(Payload.newBuilder()
                        .setValue(Value.newBuilder().setBytesValue(ByteString.copyFrom(new byte[VALUE_BYTES]))))
                .build();
        ServerStubs stubs = server.stubs();
        long last = 0;
        int changes = (int) (((long) megabytes << 20) / VALUE_BYTES);
        for (int i = 0; i < changes; i++) {
            long began = System.nanoTime();
            last = stubs.store(LIMIT).set(change).getHeader().getRevision();
            micros.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - began));
            sentNanos.put(last, began);
        }
        good.takeAll(last);
        good.awaitEnd(END_LIMIT.toNanos());
        if (!good.isComplete()) {
            broken.add("the good observer did not see all changes up to revision " + last + ": " + good.state());
        }
        good.cancel();
        Histogram delays = new Histogram(TimeUnit.MINUTES.toMicros(10), 3);
        sentNanos.forEach((revision, sent) -> {
            Long seen = seenNanos.get(revision); // that it is there was looked at above
            if (seen != null) {
                delays.recordValue(Math.max(0, TimeUnit.NANOSECONDS.toMicros(seen - sent)));
            }
        });
        return new StalledPhase(last, micros, delays, server.heapBytes(), server.residentBytes());
    }

    private static void show(String when, StalledPhase phase) {
        System.out.printf(
                Locale.ROOT,
                "%s: heap behind a collection %.1f MiB, process %.1f MiB; %,d writes, %s; the good observer's delay behind the sending of the write, %s%n",
                when,
                phase.heapBytes() / 1048576.0,
                phase.residentBytes() / 1048576.0,
                phase.writes().getTotalCount(),
                times(phase.writes()),
                times(phase.delays()));
    }

    private static String times(Histogram micros) {
        return String.format(
                Locale.ROOT,
                "p50 %.2f ms, p99 %.2f ms, most %.1f ms",
                micros.getValueAtPercentile(50) / 1e3,
                micros.getValueAtPercentile(99) / 1e3,
                micros.getMaxValue() / 1e3);
    }

    /** Lets all take what there is: nothing may be missing without a word. */
    private void release(List<StalledStream> stalled, long last) throws InterruptedException {
        stalled.forEach(stream -> stream.takeAll(last));
        int complete = 0;
        int told = 0;
        long deadline = System.nanoTime() + END_LIMIT.toNanos();
        for (StalledStream stream : stalled) {
            stream.awaitEnd(Math.max(1, deadline - System.nanoTime()));
            if (stream.isComplete()) {
                complete++;
            } else if (stream.wasToldToStartAgain()) {
                told++;
            } else if (broken.size() < 20) {
                broken.add("an observer that was stalled neither saw everything nor was told: " + stream.state());
            }
        }
        System.out.println("when they went on, " + complete + " saw everything, " + told
                + " were told that they had been too slow");
    }
}
