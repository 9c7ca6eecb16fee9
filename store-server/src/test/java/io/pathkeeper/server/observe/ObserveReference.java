package io.pathkeeper.server.observe;

import io.pathkeeper.server.observe.ObserveChecker.Change;
import io.pathkeeper.server.observe.ObserveChecker.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Everything that happened, from an empty store on, kept naively: all changes, and the tree every few revisions. */
public final class ObserveReference implements ObserveChecker.Reference {
    private static final int STRIDE = 64;

    private final List<List<Change>> byRevision = new ArrayList<>(List.of(List.of()));
    private final List<Map<String, Node>> trees = new ArrayList<>();

    /** Starts with a tree at revision 0. */
    public ObserveReference(Map<String, Node> treeAtStart) {
        trees.add(new TreeMap<>(treeAtStart));
    }

    ObserveReference() {
        this(Map.of());
    }

    /** Adds the changes of the next revision. */
    public void add(long revision, List<Change> changes) {
        if (revision != byRevision.size()) {
            throw new IllegalArgumentException("revision " + revision + " does not follow " + (byRevision.size() - 1));
        }
        byRevision.add(List.copyOf(changes));
        if (revision % STRIDE == 0) {
            trees.add(replay(trees.get(trees.size() - 1), revision - STRIDE + 1, revision));
        }
    }

    /** Newest revision. */
    public long newest() {
        return byRevision.size() - 1L;
    }

    @Override
    public List<Change> changes(long revision) {
        return byRevision.get((int) revision);
    }

    @Override
    public Map<String, Node> tree(long revision) {
        long base = revision / STRIDE * STRIDE;
        return replay(trees.get((int) (base / STRIDE)), base + 1, revision);
    }

    private Map<String, Node> replay(Map<String, Node> from, long first, long last) {
        Map<String, Node> tree = new TreeMap<>(from);
        for (long revision = first; revision <= last; revision++) {
            for (Change change : byRevision.get((int) revision)) {
                if (change.value() == null) {
                    tree.remove(change.path());
                } else {
                    tree.put(change.path(), new Node(change.value(), change.kind()));
                }
            }
        }
        return tree;
    }
}
