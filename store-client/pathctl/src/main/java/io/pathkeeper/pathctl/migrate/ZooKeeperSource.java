package io.pathkeeper.pathctl.migrate;

import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.PathText;
import io.pathkeeper.pathctl.transfer.TransferSummary.LeftOut;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * A tree of ZooKeeper, read depth first with many reads under way. Holds the names of the children of the znodes on the way down to where it
 * reads. The reads of one walk are not one moment: what changes meanwhile is found by the second walk.
 *
 * <p>A session that breaks is waited for; one that ended is made anew, because only reads are under way.
 */
final class ZooKeeperSource implements Source {
    private static final int UNDER_WAY = 100;
    private static final int SESSION_MILLIS = 30_000;
    /** Lists of children have no pages: one of a million names needs more than ZooKeeper's default of 1 MiB. */
    private static final int MAX_ANSWER_BYTES = 256 << 20;

    private static final String OWN = "/zookeeper";

    private final String servers;
    private final String root;
    private final String target;
    private final Duration patience;
    private final @Nullable String credential;
    private ZooKeeper connection;
    private final Object state = new Object();
    private boolean connected;

    /** A znode whose children are being read. */
    private static final class Level {
        final String path;
        final List<String> names;
        final Deque<String> inner = new ArrayDeque<>();
        int next;

        Level(String path, List<String> names) {
            this.path = path;
            this.names = names;
        }
    }

    /** What is known of a znode; null when it is gone or may not be read. */
    private record Read(byte @Nullable [] data, Stat stat, boolean open) {}

    /**
     * Connects.
     *
     * @param credential {@code scheme:credential}, or null
     * @throws CommandFailure when no server answers in time or there is nothing at {@code root}
     */
    ZooKeeperSource(String servers, String root, String target, Duration patience, @Nullable String credential)
            throws InterruptedException {
        this.servers = servers;
        this.root = root;
        this.target = target;
        this.patience = patience;
        this.credential = credential;
        this.connection = open();
        try {
            awaitConnection();
            if (read(root) == null) {
                throw new CommandFailure(
                        ExitCode.NOT_FOUND, title() + " does not exist, or may not be read (give --source-auth-file)");
            }
        } catch (RuntimeException | InterruptedException e) {
            close();
            throw e;
        }
    }

    @Override
    public String title() {
        return "zookeeper " + servers + root;
    }

    private ZooKeeper open() {
        ZKClientConfig configuration = new ZKClientConfig();
        configuration.setProperty(ZKClientConfig.JUTE_MAXBUFFER, Integer.toString(MAX_ANSWER_BYTES));
        try {
            ZooKeeper opened = new ZooKeeper(
                    servers,
                    SESSION_MILLIS,
                    event -> {
                        synchronized (state) {
                            connected = event.getState() == KeeperState.SyncConnected;
                            state.notifyAll();
                        }
                    },
                    configuration);
            if (credential != null) {
                String[] parts = credential.split(":", 2);
                opened.addAuthInfo(parts[0], parts[1].getBytes(StandardCharsets.UTF_8));
            }
            return opened;
        } catch (IOException | IllegalArgumentException e) {
            throw CommandFailure.usage(servers + " are no servers: " + e.getMessage());
        }
    }

    private void awaitConnection() throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        synchronized (state) {
            while (!connected) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new CommandFailure(
                            ExitCode.UNAVAILABLE,
                            "no ZooKeeper server of " + servers + " answers within " + patience.toSeconds() + " s");
                }
                state.wait(left / 1_000_000 + 1);
            }
        }
    }

    @Override
    public void walk(Visitor visitor) throws InterruptedException {
        get(attempt(done -> connection.sync(root, (code, path, context) -> done.settle(code, true), null)));
        Read top = read(root);
        if (top == null) {
            visitor.note(Note.VANISHED, root);
            return;
        }
        Deque<Level> levels = new ArrayDeque<>();
        List<SourceEntry> batch = new ArrayList<>();
        if (take(root, top, visitor, batch)) {
            descend(root, levels, visitor);
        }
        visitor.entries(batch);
        for (Level level = levels.peek(); level != null; level = levels.peek()) {
            String inner = level.inner.poll();
            if (inner != null) {
                descend(inner, levels, visitor);
            } else if (level.next < level.names.size()) {
                readSome(level, visitor);
            } else {
                levels.pop();
            }
        }
    }

    private void descend(String path, Deque<Level> levels, Visitor visitor) throws InterruptedException {
        List<String> names = get(attempt(done -> connection.getChildren(
                path,
                false,
                (int code, String at, Object context, List<String> found) -> done.settle(code, found),
                null)));
        if (names == null) {
            visitor.note(Note.VANISHED, path);
        } else {
            levels.push(new Level(path, names));
        }
    }

    /** Reads the next children of a znode. */
    private void readSome(Level level, Visitor visitor) throws InterruptedException {
        List<String> paths = new ArrayList<>();
        while (paths.size() < UNDER_WAY && level.next < level.names.size()) {
            String path = PathText.child(level.path, level.names.get(level.next++));
            if (!path.equals(OWN) && visitor.accepts(path, toTarget(path))) {
                paths.add(path);
            }
        }
        List<Read> reads = read(paths);
        List<SourceEntry> batch = new ArrayList<>();
        for (int i = 0; i < reads.size(); i++) {
            Read read = reads.get(i);
            if (read == null) {
                notRead(paths.get(i), visitor);
            } else if (take(paths.get(i), read, visitor, batch)) {
                level.inner.add(paths.get(i));
            }
        }
        visitor.entries(batch);
    }

    private void notRead(String path, Visitor visitor) throws InterruptedException {
        if (exists(List.of(path)).get(0)) {
            visitor.leaveOut(LeftOut.UNREADABLE, path, "its access rules forbid it; what is below it is left out, too");
        } else {
            visitor.note(Note.VANISHED, path);
        }
    }

    /** Adds an entry unless it is left out; returns whether it is carried and has children. */
    private boolean take(String path, Read read, Visitor visitor, List<SourceEntry> batch) {
        Stat stat = read.stat();
        // containers and TTL znodes show no owner to clients, just as persistent ones
        if (stat.getEphemeralOwner() != 0) {
            visitor.leaveOut(LeftOut.EPHEMERAL, path, "it is ephemeral: its session stays at the source");
            return false;
        }
        if (!read.open()) {
            visitor.note(Note.ACL, path);
        }
        boolean parent = stat.getNumChildren() > 0;
        // ZooKeeper tells changes of the children, 2 x creations - children; the next number is the creations
        long counter = Math.max(0, ((long) stat.getCversion() + stat.getNumChildren()) / 2);
        batch.add(new SourceEntry(path, toTarget(path), read.data(), counter, parent, false));
        return parent;
    }

    private String toTarget(String path) {
        String below = PathText.below(root, path);
        return below.isEmpty() ? target : PathText.child(target, below);
    }

    @Override
    public List<Boolean> present(List<String> paths) throws InterruptedException {
        return exists(paths.stream()
                .map(path -> {
                    String below = PathText.below(target, path);
                    return below.isEmpty() ? root : PathText.child(root, below);
                })
                .toList());
    }

    private List<Boolean> exists(List<String> paths) throws InterruptedException {
        List<Attempt<Stat>> attempts = paths.stream()
                .map(path -> attempt((Settling<Stat> done) ->
                        connection.exists(path, false, (code, at, context, stat) -> done.settle(code, stat), null)))
                .toList();
        List<Boolean> found = new ArrayList<>();
        for (Attempt<Stat> each : attempts) {
            found.add(get(each) != null);
        }
        return found;
    }

    private @Nullable Read read(String path) throws InterruptedException {
        return read(List.of(path)).get(0);
    }

    private List<Read> read(List<String> paths) throws InterruptedException {
        List<Attempt<Read>> data = new ArrayList<>();
        List<Attempt<List<ACL>>> rules = new ArrayList<>();
        for (String path : paths) {
            data.add(attempt(done -> connection.getData(
                    path,
                    false,
                    (code, at, context, bytes, stat) ->
                            done.settle(code, code == 0 ? new Read(bytes, stat, true) : null),
                    null)));
            rules.add(attempt(done ->
                    connection.getACL(path, null, (code, at, context, list, stat) -> done.settle(code, list), null)));
        }
        List<Read> reads = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
            Read read = get(data.get(i));
            List<ACL> acl = get(rules.get(i));
            boolean open = ZooDefs.Ids.OPEN_ACL_UNSAFE.equals(acl);
            reads.add(read == null ? null : new Read(read.data(), read.stat(), open));
        }
        return reads;
    }

    // ---- one read, made again while the connection is broken
    // ---------------------------------------------------------------

    /** Where an answer goes. */
    @FunctionalInterface
    private interface Settling<T> {
        void settle(int code, @Nullable T answer);
    }

    /** A read that can be sent again. */
    private record Attempt<T>(Consumer<Settling<T>> call, CompletableFuture<@Nullable T> first) {}

    private static <T> CompletableFuture<@Nullable T> send(Consumer<Settling<T>> call) {
        CompletableFuture<@Nullable T> answer = new CompletableFuture<>();
        call.accept((code, value) -> {
            Code reason = Code.get(code);
            if (reason == Code.OK) {
                answer.complete(value);
            } else if (reason == Code.NONODE || reason == Code.NOAUTH) {
                answer.complete(null);
            } else {
                answer.completeExceptionally(KeeperException.create(reason));
            }
        });
        return answer;
    }

    private static <T> Attempt<T> attempt(Consumer<Settling<T>> call) {
        return new Attempt<>(call, send(call));
    }

    /** Waits for the answer; null when there is no such znode, or it may not be read. */
    private <T> @Nullable T get(Attempt<T> attempt) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        CompletableFuture<@Nullable T> answer = attempt.first();
        while (true) {
            try {
                return answer.get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof KeeperException problem)
                        || !isPassing(problem.code())
                        || System.nanoTime() - deadline >= 0) {
                    throw new CommandFailure(ExitCode.UNAVAILABLE, title() + ": " + why(e), e);
                }
                if (problem.code() == Code.SESSIONEXPIRED
                        && !connection.getState().isAlive()) {
                    synchronized (state) {
                        connected = false;
                    }
                    connection.close();
                    connection = open();
                }
                awaitConnection();
                answer = send(attempt.call());
            }
        }
    }

    private static String why(ExecutionException failed) {
        Throwable cause = failed.getCause();
        return String.valueOf((cause == null ? failed : cause).getMessage());
    }

    private static boolean isPassing(Code code) {
        return code == Code.CONNECTIONLOSS || code == Code.SESSIONEXPIRED || code == Code.OPERATIONTIMEOUT;
    }

    @Override
    public void close() {
        try {
            connection.close((int) TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
