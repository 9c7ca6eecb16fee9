package io.pathkeeper.server.observe;

import io.pathkeeper.server.coordination.LockTable;
import io.pathkeeper.server.metrics.ObserveMeters;
import io.pathkeeper.server.session.SessionTable;
import io.pathkeeper.server.state.ChangeHistory;
import io.pathkeeper.server.state.RevisionDigest;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.state.StoreState;
import io.pathkeeper.server.store.AppliedState;
import io.pathkeeper.server.tree.ChangeCause;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodeBuilder;
import io.pathkeeper.server.tree.ZnodePath;
import java.lang.reflect.Proxy;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Finds the observers of a change among 10,000 elsewhere: none, one, 1,000 of its subtree. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class MatchBenchmark {
    private static final int ELSEWHERE = 10_000;
    private static final int OF_ONE_SUBTREE = 1_000;

    private final ObserveLoop loop = new ObserveLoop(
            new ObserveHub(ObserveLimits.DEFAULT, ObserveMeters.NONE, System::nanoTime),
            0,
            new Empty(StoreState.create(StateLimits.DEFAULT)),
            unused(FrameEncoder.class),
            ObserveMeters.NONE);
    private final MatchIndex index = new MatchIndex();
    private final TreeChange nobodys = updated("/other/a/b");
    private final TreeChange ones = updated("/one/a/b");
    private final TreeChange thousands = updated("/many/a/b");
    private int ids;
    private int reached;

    /** Opens the observations. */
    public MatchBenchmark() {
        for (int i = 0; i < ELSEWHERE; i++) {
            add("/elsewhere/e" + i);
        }
        add("/one");
        for (int i = 0; i < OF_ONE_SUBTREE; i++) {
            add("/many");
        }
    }

    /** Nobody observes it. */
    @Benchmark
    public int nobody() {
        return match(nobodys, 0);
    }

    /** One observes it. */
    @Benchmark
    public int one() {
        return match(ones, 1);
    }

    /** A thousand observe it. */
    @Benchmark
    public int thousand() {
        return match(thousands, OF_ONE_SUBTREE);
    }

    private int match(TreeChange change, int expected) {
        reached = 0;
        index.match(change, subscription -> reached++);
        if (reached != expected) {
            throw new IllegalStateException("matched " + reached + " instead of " + expected);
        }
        return reached;
    }

    private void add(String path) {
        EventForm form = new EventForm(EventForm.View.VALUE, false, EventForm.ValueForm.VALUE);
        ObserveOptions options = new ObserveOptions(
                ObserveFilter.of(path, ObserveScope.SUBTREE), 0, false, false, 10_000, false, false, false, form);
        index.add(new Subscription(++ids, options, unused(ObserverTransport.class), loop));
    }

    private static TreeChange updated(String path) {
        Znode znode = new ZnodeBuilder().build();
        return new TreeChange.Updated(ZnodePath.parse(path), ChangeCause.CLIENT, znode, znode);
    }

    /** A part that matching does not call. */
    private static <T> T unused(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    throw new IllegalStateException("matching calls " + method.getName());
                }));
    }

    private record Empty(StoreState state) implements AppliedState {
        @Override
        public TreeView view() {
            return state.view();
        }

        @Override
        public RevisionDigest digest() {
            return state.digest();
        }

        @Override
        public ChangeHistory history() {
            return state.history();
        }

        @Override
        public SessionTable sessions() {
            return state.sessions();
        }

        @Override
        public LockTable locks() {
            return state.locks();
        }
    }
}
