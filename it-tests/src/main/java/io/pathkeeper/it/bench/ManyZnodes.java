package io.pathkeeper.it.bench;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.SubtreeIterator;
import io.pathkeeper.client.model.ListOptions;
import io.pathkeeper.client.model.MemberStatus;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.it.process.HeapSize;
import io.pathkeeper.it.process.ProcessorTime;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Loads many znodes, lists and scans them, waits for snapshots, kills all servers and starts them again; tells times and memory. */
final class ManyZnodes {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int PAGE_SIZE = 1_000;

    private final PathkeeperStore store;
    private final Znodes znodes;
    private final PrintStream progress;
    private final List<String> lines = new ArrayList<>();

    ManyZnodes(PathkeeperStore store, Znodes znodes, PrintStream progress) {
        this.store = store;
        this.znodes = znodes;
        this.progress = progress;
    }

    /** Returns a Markdown table. */
    String run() throws Exception {
        store.start();
        List<HeapSize> empty = heaps();
        long started = System.nanoTime();
        store.load(znodes);
        double seconds = secondsSince(started);
        tell("load", "%.1f s, %,.0f znodes/s", seconds, znodes.count() / seconds);
        tellHeap("loaded", empty);
        try (PathkeeperClient client = store.client(LIMIT)) {
            list(client);
            scan(client);
            snapshot(client);
        }
        store.kill();
        started = System.nanoTime();
        store.start();
        tell("kill -9 of all, until all are ready again", "%.1f s", secondsSince(started));
        try (PathkeeperClient client = store.client(LIMIT)) {
            client.store().set(Znodes.path(0), Value.of("after"));
            tell("kill -9 of all, until the first write", "%.1f s", secondsSince(started));
            scan(client);
        }
        tellHeap("restarted", empty);
        return "| what | figure |\n|---|---|\n" + String.join("", lines);
    }

    private void list(PathkeeperClient client) {
        long started = System.nanoTime();
        long count = 0;
        for (int i = 0; i < znodes.parentCount(); i++) {
            for (var child : client.store()
                    .allChildren(Znodes.parent(i), ListOptions.defaults().pageSize(PAGE_SIZE))) {
                count += child.name().isEmpty() ? 0 : 1;
            }
        }
        check(count == znodes.count(), "listed " + count + " znodes instead of " + znodes.count());
        tell("list all names, 1,000 a page", "%.1f s", secondsSince(started));
    }

    private void scan(PathkeeperClient client) {
        long started = System.nanoTime();
        long count = 0;
        try (SubtreeIterator scan = client.store().scanSubtree(Znodes.ROOT)) {
            while (scan.hasNext()) {
                scan.next();
                count++;
            }
        }
        long expected = 1L + znodes.parentCount() + znodes.count();
        check(count == expected, "scanned " + count + " znodes instead of " + expected);
        tell("scan with values", "%.1f s", secondsSince(started));
    }

    /** Writes a little until every server has a snapshot with all znodes in it. */
    private void snapshot(PathkeeperClient client) throws Exception {
        long loadedIndex = status(client, store.addresses().get(0)).appliedIndex();
        long started = System.nanoTime();
        long deadline = started + LIMIT.toNanos();
        for (String address : store.addresses()) {
            while (status(client, address).snapshotIndex() < loadedIndex) {
                check(System.nanoTime() < deadline, "no snapshot at " + address + " within " + LIMIT);
                for (int i = 0; i < 100; i++) {
                    client.store().set(Znodes.path(i), Value.of(znodes.value()));
                }
            }
        }
        tell("until all have a snapshot of it, while writing", "%.1f s", secondsSince(started));
        tell(
                "snapshot file of the first server",
                "%,d bytes",
                largestSnapshot(store.dataDirectories().get(0)));
    }

    private static MemberStatus status(PathkeeperClient client, String address) throws Exception {
        return client.async().memberStatus(address).get(30, TimeUnit.SECONDS);
    }

    private void tellHeap(String when, List<HeapSize> empty) throws IOException, InterruptedException {
        List<HeapSize> now = heaps();
        List<String> perZnode = new ArrayList<>();
        for (int i = 0; i < now.size(); i++) {
            perZnode.add(String.format(
                    Locale.ROOT, "%.0f", (now.get(i).bytes() - empty.get(i).bytes()) / (double) znodes.count()));
        }
        tell("heap bytes per znode, value included, " + when, "%s on the three servers", String.join(" / ", perZnode));
        tell(
                "resident memory, " + when,
                "%s MiB",
                String.join(
                        " / ",
                        store.serverPids().stream()
                                .map(pid -> Long.toString(ProcessorTime.residentBytesOf(pid) >> 20))
                                .toList()));
        progress.println("largest classes, " + when + ":");
        now.get(0).largest().forEach(line -> progress.println("    " + line));
    }

    private List<HeapSize> heaps() throws IOException, InterruptedException {
        List<HeapSize> sizes = new ArrayList<>();
        for (long pid : store.serverPids()) {
            sizes.add(HeapSize.of(pid));
        }
        return sizes;
    }

    private static long largestSnapshot(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().contains("snapshot"))
                    .mapToLong(file -> file.toFile().length())
                    .max()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void tell(String what, String format, Object... figures) {
        String figure = String.format(Locale.ROOT, format, figures);
        progress.println(what + ": " + figure);
        lines.add("| " + what + " | " + figure + " |\n");
    }

    private static void check(boolean right, String otherwise) {
        if (!right) {
            throw new IllegalStateException(otherwise);
        }
    }

    private static double secondsSince(long startedNanos) {
        return (System.nanoTime() - startedNanos) / 1e9;
    }
}
