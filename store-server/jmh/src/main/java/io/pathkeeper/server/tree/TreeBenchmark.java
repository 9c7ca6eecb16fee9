package io.pathkeeper.server.tree;

import io.pathkeeper.server.value.ValueEncoding;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The copy-on-write tree alone, with 100,000 znodes: 100 changes between two published views, and reads of a view. Figures are of one change, one read. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class TreeBenchmark {
    private static final int ZNODES = 100_000;
    private static final int PER_PARENT = 1_000;
    private static final int CHANGES = 100;
    private static final byte[] VALUE = ValueEncoding.ofBytes(new byte[128]);

    private final TreeEditor editor = new TreeEditor(new ZnodeBuilder().build());
    private final ZnodePath[] random = new ZnodePath[1 << 14];
    private TreeView view;
    private long revision = 1;
    private int next;

    /** Fills the tree. */
    public TreeBenchmark() {
        for (int i = 0; i < ZNODES; i++) {
            if (i % PER_PARENT == 0) {
                editor.insert(path(i).parent(), znode(path(i).parent()), 0);
            }
            editor.insert(path(i), znode(path(i)), 0);
        }
        view = editor.publish(revision);
        SplittableRandom numbers = new SplittableRandom(1);
        for (int i = 0; i < random.length; i++) {
            random[i] = path(numbers.nextInt(ZNODES));
        }
    }

    /** Changes values and publishes a view. */
    @Benchmark
    @OperationsPerInvocation(CHANGES)
    public TreeView changeAndPublish() {
        revision++;
        for (int i = 0; i < CHANGES; i++) {
            editor.setValue(random[next++ & random.length - 1], VALUE, "", revision);
        }
        view = editor.publish(revision);
        return view;
    }

    /** Finds a znode. */
    @Benchmark
    public Znode find() {
        Znode found = view.find(random[next++ & random.length - 1]);
        if (found == null) {
            throw new IllegalStateException("a znode is missing");
        }
        return found;
    }

    private static ZnodePath path(int number) {
        return ZnodePath.ROOT.child("p" + number / PER_PARENT).child("n" + number);
    }

    private static Znode znode(ZnodePath path) {
        String text = path.toString();
        return new ZnodeBuilder()
                .name(text.substring(text.lastIndexOf('/') + 1).getBytes(StandardCharsets.UTF_8))
                .value(VALUE)
                .revisions(1, 1)
                .build();
    }
}
