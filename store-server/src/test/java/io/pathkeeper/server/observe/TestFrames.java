package io.pathkeeper.server.observe;

import io.pathkeeper.server.metrics.ObserveMeters.ResetCause;
import io.pathkeeper.server.observe.ObserveChecker.Change;
import io.pathkeeper.server.observe.ObserveChecker.Node;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Frames that tell an {@link ObserveChecker} what they say. */
final class TestFrames implements FrameEncoder {
    private final LongSupplier revisionNow;

    TestFrames(LongSupplier revisionNow) {
        this.revisionNow = revisionNow;
    }

    record Frame(Consumer<ObserveChecker> tell, int events, int sizeBytes) implements Encoded {}

    private record Event(Change change, int sizeBytes) implements Encoded {}

    private record Existing(String path, Node node, int sizeBytes) implements Encoded {}

    /** A change as the checker knows it. */
    static Change change(long revision, TreeChange change) {
        Znode after = change.after();
        Znode before = change.before();
        Znode shown = after != null ? after : Objects.requireNonNull(before);
        return new Change(
                revision,
                EventType.of(change).name(),
                change.path().toString(),
                shown.kind().name(),
                after == null ? null : text(after),
                before == null ? null : text(before));
    }

    static String text(Znode znode) {
        return HexFormat.of().formatHex(znode.value());
    }

    @Override
    public Encoded created(long startRevision) {
        return frame(checker -> checker.created(startRevision, revisionNow.getAsLong()));
    }

    @Override
    public Encoded event(long revision, TreeChange change, EventForm form) {
        Change all = change(revision, change);
        Change shown = new Change(
                revision,
                all.type(),
                all.path(),
                all.kind(),
                form.view() == EventForm.View.VALUE ? all.value() : null,
                form.previous() && form.view() == EventForm.View.VALUE ? all.previous() : null);
        return new Event(shown, 40 + shown.path().length() + length(shown.value()) + length(shown.previous()));
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    @Override
    public Encoded events(long revision, List<Encoded> events, boolean more) {
        List<Change> changes = new ArrayList<>();
        int bytes = 0;
        for (Encoded event : events) {
            changes.add(((Event) event).change());
            bytes += event.sizeBytes();
        }
        return new Frame(checker -> checker.events(revision, changes, more), changes.size(), bytes);
    }

    @Override
    public Encoded znode(ZnodePath path, Znode znode, EventForm form) {
        String value = form.view() == EventForm.View.VALUE ? text(znode) : "";
        return new Existing(path.toString(), new Node(value, znode.kind().name()), 40 + path.length() + value.length());
    }

    @Override
    public Encoded existing(long revision, List<Encoded> znodes) {
        Map<String, Node> nodes = new HashMap<>();
        for (Encoded one : znodes) {
            nodes.put(((Existing) one).path(), ((Existing) one).node());
        }
        int count = znodes.size();
        return frame(checker -> checker.existing(revision, nodes, count));
    }

    @Override
    public Encoded synced(long revision) {
        return frame(checker -> checker.synced(revision));
    }

    @Override
    public Encoded progress(long revision) {
        return frame(checker -> checker.progress(revision));
    }

    @Override
    public Encoded reset(long revision, ResetCause cause) {
        return frame(checker -> checker.reset(revision));
    }

    private static Frame frame(Consumer<ObserveChecker> tell) {
        return new Frame(tell, 0, 20);
    }
}
