package io.pathkeeper.server.observe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Says whether what one observation was told is what it was promised, knowing everything that happened: ordered (W-1), unique
 * (W-2), reliable (W-3), atomic (W-4), resumable (W-5), bookmarkable (W-6), initial state (W-7), future revision (W-8), previous
 * value (W-10), filters (W-11), no silent loss (W-12).
 *
 * <p>Knows neither the server nor the wire: texts and numbers only. Record the frames in the order in which they came, then ask
 * for the {@link #violations}. Not thread-safe.
 */
public final class ObserveChecker {
    /** One change: what happened, and the value behind it and before it, as texts; null for none. */
    public record Change(
            long revision,
            String type,
            String path,
            String kind,
            @Nullable String value,
            @Nullable String previous) {}

    /** A znode as it is: its value as text and its kind. */
    public record Node(String value, String kind) {}

    /** Everything that happened. */
    public interface Reference {
        /** The changes of a revision in order, without regard to filters. */
        List<Change> changes(long revision);

        /** The tree at a revision. */
        Map<String, Node> tree(long revision);
    }

    /**
     * What was asked for.
     *
     * @param matches whether an event is wanted
     * @param contains whether a znode belongs to the initial state
     * @param startRevision as in the request
     * @param revisionAtOpen a revision that the store had before the request was sent
     * @param values whether events carry values
     * @param previous whether events carry the previous value
     * @param mirror whether the events are enough to keep the initial state up to date
     */
    public record Asked(
            Predicate<Change> matches,
            BiPredicate<String, Node> contains,
            long startRevision,
            long revisionAtOpen,
            boolean initialState,
            boolean resync,
            boolean coalesce,
            boolean once,
            boolean values,
            boolean previous,
            boolean mirror) {}

    private sealed interface Frame {
        record Created(long startRevision, long revisionNow) implements Frame {}

        record Events(long revision, List<Change> events, boolean more) implements Frame {}

        record Existing(long revision, Map<String, Node> znodes, int count) implements Frame {}

        record Synced(long revision) implements Frame {}

        record Progress(long revision) implements Frame {}

        record Reset(long revision) implements Frame {}

        record Ended(String reason) implements Frame {}
    }

    private static final Set<String> LOSSES = Set.of("REVISION_COMPACTED", "SLOW_CONSUMER");
    private static final Set<String> HONEST_ENDS = Set.of("OVERLOADED", "SHUTTING_DOWN", "CANCELLED", "UNAVAILABLE");

    private final Asked asked;
    private final List<Frame> frames = new ArrayList<>();
    private long resume;

    // the replay
    private final List<String> violations = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private final Map<String, Change> owed = new HashMap<>();
    private final List<Change> fragments = new ArrayList<>();
    private Map<String, Node> state = new TreeMap<>();
    private Reference reference = new ObserveReference();
    private int at;
    private long fragmented = -1;
    private long told;
    private long floor;
    private boolean created;
    private boolean collecting;
    private boolean complete;
    private boolean ended;
    private int eventRevisions;

    public ObserveChecker(Asked asked) {
        this.asked = asked;
    }

    /** The first frame came, when the store had at most this revision. */
    public void created(long startRevision, long revisionNow) {
        frames.add(new Frame.Created(startRevision, revisionNow));
        resume = startRevision;
    }

    public void events(long revision, List<Change> events, boolean more) {
        frames.add(new Frame.Events(revision, List.copyOf(events), more));
        resume = more ? resume : revision + 1;
    }

    public void existing(long revision, Map<String, Node> znodes, int count) {
        frames.add(new Frame.Existing(revision, Map.copyOf(znodes), count));
    }

    public void synced(long revision) {
        frames.add(new Frame.Synced(revision));
        resume = revision + 1;
    }

    public void progress(long revision) {
        frames.add(new Frame.Progress(revision));
        resume = revision + 1;
    }

    public void reset(long revision) {
        frames.add(new Frame.Reset(revision));
    }

    /** The stream ended: OK, or the reason of its status. */
    public void ended(String reason) {
        frames.add(new Frame.Ended(reason));
    }

    public int frameCount() {
        return frames.size();
    }

    /** Where a new observation resumes: one above the last frame that told everything up to it; 0 before the first frame. */
    public long resumeFrom() {
        return resume;
    }

    /**
     * What is wrong with the recorded frames; empty when nothing is.
     *
     * @param completeTo everything up to this revision must have been told unless the stream ended; -1: whatever was told
     */
    public List<String> violations(Reference everything, long completeTo) {
        reset();
        reference = everything;
        for (at = 0; at < frames.size(); at++) {
            Frame frame = frames.get(at);
            check(!ended, "W-12: a frame behind the end");
            check(fragmented < 0 || isContinuation(frame), "W-4: something between two fragments of " + fragmented);
            check(
                    created || frame instanceof Frame.Created || frame instanceof Frame.Ended,
                    "the first frame is not CREATED");
            replay(frame);
        }
        at = frames.size();
        if (completeTo >= 0 && !ended) {
            check(created, "W-12: no frame at all");
            check(!collecting, "W-7: the initial state was never completed");
            check(fragmented < 0, "W-4: the last fragment of " + fragmented + " never came");
            advance(completeTo, false);
            check(owed.isEmpty(), "W-3: never told of " + owed.values());
            if (complete && asked.mirror()) {
                check(state.equals(filtered(completeTo)), "W-12: the mirror differs from the tree at " + completeTo);
            }
        }
        return List.copyOf(violations);
    }

    private void reset() {
        violations.clear();
        seen.clear();
        owed.clear();
        fragments.clear();
        state = new TreeMap<>();
        fragmented = -1;
        told = 0;
        floor = 0;
        created = false;
        collecting = false;
        complete = false;
        ended = false;
        eventRevisions = 0;
    }

    private boolean isContinuation(Frame frame) {
        // A reset or an end throws away what was not complete.
        return frame instanceof Frame.Events events && events.revision() == fragmented
                || frame instanceof Frame.Reset
                || frame instanceof Frame.Ended;
    }

    private void replay(Frame frame) {
        if (frame instanceof Frame.Created one) {
            replayCreated(one.startRevision(), one.revisionNow());
        } else if (frame instanceof Frame.Existing one) {
            replayExisting(one);
        } else if (frame instanceof Frame.Synced one) {
            replaySynced(one.revision());
        } else if (frame instanceof Frame.Reset one) {
            replayReset(one.revision());
        } else if (frame instanceof Frame.Progress one) {
            check(!collecting, "W-7: PROGRESS inside the initial state");
            check(one.revision() >= told, "W-1: PROGRESS " + one.revision() + " below " + told);
            check(one.revision() >= floor, "W-8: PROGRESS " + one.revision() + " below " + floor);
            advance(one.revision(), false);
        } else if (frame instanceof Frame.Events one) {
            replayEvents(one);
        } else if (frame instanceof Frame.Ended one) {
            replayEnd(one.reason());
        }
    }

    private void replayCreated(long start, long revisionNow) {
        check(!created, "CREATED twice");
        created = true;
        if (asked.startRevision() > 0) {
            check(start == asked.startRevision(), "W-5: CREATED " + start + ", asked " + asked.startRevision());
        } else {
            check(start > asked.revisionAtOpen(), "W-5: CREATED " + start + ", open at " + asked.revisionAtOpen());
            check(start <= revisionNow + 1, "W-5: CREATED " + start + ", though the store has only " + revisionNow);
        }
        told = start - 1;
        floor = start - 1;
        if (asked.startRevision() == 0 && asked.initialState()) {
            collecting = true;
        }
    }

    private void replayReset(long revision) {
        check(asked.resync(), "W-5: RESET was not asked for");
        check(revision >= told, "W-1: RESET to " + revision + " below " + told);
        fragmented = -1;
        fragments.clear();
        owed.clear();
        state = new TreeMap<>();
        told = revision;
        collecting = true;
    }

    private void replayExisting(Frame.Existing frame) {
        check(collecting, "W-7: EXISTING outside an initial state");
        check(frame.revision() == told, "W-7: EXISTING at " + frame.revision() + ", the state is at " + told);
        check(frame.count() == frame.znodes().size(), "W-7: a znode twice in one EXISTING frame");
        for (Map.Entry<String, Node> one : frame.znodes().entrySet()) {
            check(state.put(one.getKey(), one.getValue()) == null, "W-7: " + one.getKey() + " twice");
        }
    }

    private void replaySynced(long revision) {
        check(collecting, "W-7: SYNCED outside an initial state");
        check(revision == told, "W-7: SYNCED " + revision + ", the state is at " + told);
        Map<String, Node> expected = filtered(revision);
        check(
                state.equals(expected),
                "W-7: the initial state differs from the tree at " + revision + ": " + state + " instead of "
                        + expected);
        collecting = false;
        complete = true;
        told = revision;
        floor = revision;
    }

    private Map<String, Node> filtered(long revision) {
        Map<String, Node> expected = new TreeMap<>();
        reference.tree(revision).forEach((path, node) -> {
            if (asked.contains().test(path, node)) {
                expected.put(path, asked.values() ? node : new Node("", node.kind()));
            }
        });
        return expected;
    }

    private void replayEvents(Frame.Events frame) {
        check(!collecting, "W-7: events inside the initial state");
        check(!frame.events().isEmpty(), "W-4: an empty frame of events");
        check(frame.revision() > told, "W-1/W-6: events of " + frame.revision() + ", told already up to " + told);
        for (Change event : frame.events()) {
            check(
                    event.revision() == frame.revision(),
                    "W-4: an event of " + event.revision() + " in a frame of " + frame.revision());
            check(seen.add(event.revision() + " " + event.type() + " " + event.path()), "W-2: twice " + event);
        }
        fragments.addAll(frame.events());
        fragmented = frame.more() ? frame.revision() : -1;
        if (frame.more()) {
            return;
        }
        advance(frame.revision() - 1, true);
        if (told < frame.revision()) {
            compare(frame.revision());
        }
        fragments.clear();
        told = Math.max(told, frame.revision());
        eventRevisions++;
        check(!asked.once() || eventRevisions == 1, "more than one revision, asked for one");
    }

    /** Compares all fragments of a revision with what happened in it. */
    private void compare(long revision) {
        List<Change> expected = new ArrayList<>();
        for (Change change : reference.changes(revision)) {
            if (asked.matches().test(change)) {
                expected.add(shown(change));
            }
        }
        if (!asked.coalesce()) {
            check(fragments.equals(expected), "W-3/W-4/W-10/W-11: told " + fragments + " instead of " + expected);
        } else {
            check(expected.containsAll(fragments), "W-10/W-11: told " + fragments + ", only " + expected + " happened");
            Set<Change> delivered = new HashSet<>(fragments);
            for (Change change : expected) {
                if (delivered.contains(change)) {
                    owed.remove(change.path());
                } else {
                    owed.put(change.path(), change);
                }
            }
        }
        for (Change change : fragments) {
            if (change.type().equals("DELETED")) {
                state.remove(change.path());
            } else {
                state.put(change.path(), new Node(Objects.requireNonNullElse(change.value(), ""), change.kind()));
            }
        }
    }

    private Change shown(Change change) {
        return new Change(
                change.revision(),
                change.type(),
                change.path(),
                change.kind(),
                asked.values() ? change.value() : null,
                asked.previous() ? change.previous() : null);
    }

    /** Everything up to a revision counts as told: nothing that matches may be left out on the way. */
    private void advance(long revision, boolean byEvents) {
        for (long r = told + 1; r <= revision; r++) {
            for (Change change : reference.changes(r)) {
                if (!asked.matches().test(change)) {
                    continue;
                }
                if (asked.coalesce()) {
                    owed.put(change.path(), shown(change));
                } else {
                    check(false, (byEvents ? "W-3: skipped " : "W-6: progress, but never told of ") + change);
                }
            }
        }
        told = Math.max(told, revision);
    }

    private void replayEnd(String reason) {
        ended = true;
        if (reason.equals("OK")) {
            check(asked.once() && eventRevisions == 1, "W-12: ended with OK behind " + eventRevisions + " revisions");
        } else if (LOSSES.contains(reason)) {
            check(
                    !asked.resync() || collecting || !created || asked.initialState(),
                    "W-5: " + reason + " instead of RESET");
        } else {
            check(HONEST_ENDS.contains(reason), "W-12: ended with " + reason);
        }
    }

    private void check(boolean right, String otherwise) {
        if (!right) {
            violations.add("frame " + at + ": " + otherwise);
        }
    }
}
