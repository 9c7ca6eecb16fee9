package io.pathkeeper.pathctl.transfer;

import io.pathkeeper.client.AsyncStore;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.SetOptions;
import io.pathkeeper.client.model.SetResult;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.FailureReport;
import io.pathkeeper.pathctl.text.PathText;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes many znodes with many writes under way. The client carries them out in the order of the calls, so parents that are
 * written first are there when their children come. A write without a clear answer is made again; one that the store refuses is
 * left out and named; a failure of the environment that lasts ends the transfer at the next call.
 *
 * <p>The thread of the transfer calls the methods; answers come on the client's callback thread.
 */
public final class TransferWriter {
    private static final int MAX_OPERATIONS = 1_024;
    private static final long MAX_BYTES = 16L << 20;

    private static final Executor AFTER_A_WHILE = CompletableFuture.delayedExecutor(250, TimeUnit.MILLISECONDS);

    /** A write and what is counted when it is done. */
    private record Entry(
            Supplier<CompletableFuture<SetResult>> write,
            boolean leaf,
            String source,
            long bytes,
            AtomicLong carried,
            long giveUpNanos) {}

    private final AsyncStore store;
    private final long patienceNanos;
    private volatile boolean repeated;
    private final TransferSummary summary;
    private final Progress progress;
    private final TransferWindow window;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Queue<String> withChildren = new ConcurrentLinkedQueue<>();

    /**
     * Makes a writer.
     *
     * @param patience how long a write without a clear answer is made again
     */
    public TransferWriter(AsyncStore store, TransferSummary summary, Progress progress, Duration patience) {
        this.patienceNanos = patience.toNanos();
        this.store = store;
        this.summary = summary;
        this.progress = progress;
        this.window = new TransferWindow(MAX_OPERATIONS, MAX_BYTES, progress::draw);
    }

    /** Waits until there is room for a write of so many bytes; {@link #put} or {@link #forgo} must follow. */
    public void reserve(long bytes) throws InterruptedException {
        throwFailure();
        progress.draw();
        window.open(bytes);
    }

    /** Gives the room back without a write. */
    void forgo(long bytes) {
        window.close(bytes);
    }

    /**
     * Creates or sets a persistent znode; an equal value is left alone.
     *
     * @param source what it comes from, for messages
     * @param bytes as reserved
     * @param carried counter that is advanced when it is done
     */
    void put(String path, Value value, String contentType, String source, long bytes, AtomicLong carried) {
        SetOptions options =
                SetOptions.defaults().allowMissing(true).ifChanged(true).contentType(contentType);
        finish(() -> store.set(path, value, options), !value.isNull(), source, bytes, carried);
    }

    /** Creates a znode of a kind of its own, or sets its value when it exists. Otherwise as {@link #put}. */
    void create(String path, Value value, CreateOptions options, String source, long bytes, AtomicLong carried) {
        SetOptions ifThere = SetOptions.defaults().ifChanged(true).contentType(options.contentType());
        Supplier<CompletableFuture<SetResult>> write = () -> store.create(path, value, options)
                .thenApply(r -> new SetResult(r.path(), r.stat(), true, true, r.revision(), null))
                .exceptionallyCompose(error -> FailureReport.exitCode(error) == ExitCode.EXISTS
                        ? store.set(path, value, ifThere)
                        : CompletableFuture.failedFuture(error));
        finish(write, false, source, bytes, carried);
    }

    /**
     * Sets a znode as {@code options} say; what they refuse is left out and named. A set that is made again must do no harm.
     *
     * @param source what it comes from, for messages
     * @param bytes as reserved
     */
    public void set(String path, Value value, SetOptions options, String source, long bytes) {
        finish(() -> store.set(path, value, options), false, source, bytes, summary.znodes);
    }

    /** Names an entry that is left out. */
    public void leaveOut(TransferSummary.LeftOut reason, String source, String why) {
        summary.leaveOut(reason);
        progress.say("pathctl: left out " + PathText.printable(source) + ": " + PathText.printable(why));
        progress.advance(0);
    }

    /** Waits until everything that was written has its answer. */
    public void drain() throws InterruptedException {
        window.drain();
        throwFailure();
    }

    /** Returns the path of a file or symlink that has children in the store, and forgets it; null when there is none left. */
    @Nullable
    String pollWithChildren() {
        return withChildren.poll();
    }

    private void finish(
            Supplier<CompletableFuture<SetResult>> write, boolean leaf, String source, long bytes, AtomicLong carried) {
        attempt(new Entry(write, leaf, source, bytes, carried, System.nanoTime() + patienceNanos));
    }

    private void attempt(Entry entry) {
        CompletableFuture<SetResult> answer;
        try {
            answer = entry.write().get();
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        answer.whenComplete((result, error) -> {
            if (error != null && isWorthRepeating(error, entry)) {
                AFTER_A_WHILE.execute(() -> attempt(entry));
                return;
            }
            try {
                if (error != null) {
                    failed(entry.source(), error);
                } else {
                    succeeded(result, entry.leaf());
                    entry.carried().incrementAndGet();
                    progress.advance(entry.bytes());
                }
            } finally {
                window.close(entry.bytes());
            }
        });
    }

    /**
     * Whether a write may be made again: its outcome is not known, or it came before its parent because that one is being made
     * again. Writing the same value twice does no harm.
     */
    private boolean isWorthRepeating(Throwable error, Entry entry) {
        if (failure.get() != null || System.nanoTime() - entry.giveUpNanos() >= 0) {
            return false;
        }
        if (FailureReport.exitCode(error) == ExitCode.UNAVAILABLE) {
            repeated = true;
            return true;
        }
        return repeated
                && FailureReport.unwrap(error) instanceof PathkeeperException refusal
                && refusal.reason().equals(Reason.PARENT_NOT_FOUND);
    }

    private void succeeded(SetResult result, boolean leaf) {
        (result.created() ? summary.created : result.changed() ? summary.updated : summary.unchanged).incrementAndGet();
        if (leaf && result.stat().childCount() > 0) {
            withChildren.add(result.path());
        }
    }

    private void failed(String source, Throwable error) {
        Throwable cause = FailureReport.unwrap(error);
        ExitCode code = FailureReport.exitCode(cause);
        if (!(cause instanceof PathkeeperException refusal) || code == ExitCode.UNAVAILABLE) {
            failure.compareAndSet(null, cause);
            return;
        }
        TransferSummary.LeftOut reason = switch (refusal.reason()) {
            case Reason.VALUE_TOO_LARGE, Reason.REQUEST_TOO_LARGE -> TransferSummary.LeftOut.SIZE;
            case Reason.PATH_INVALID -> TransferSummary.LeftOut.NAME;
            default -> TransferSummary.LeftOut.REFUSED;
        };
        leaveOut(reason, source, String.valueOf(refusal.getMessage()));
    }

    private void throwFailure() {
        Throwable cause = failure.get();
        if (cause instanceof RuntimeException error) {
            throw error;
        }
        if (cause != null) {
            throw new CommandFailure(ExitCode.UNAVAILABLE, String.valueOf(cause.getMessage()), cause);
        }
    }
}
