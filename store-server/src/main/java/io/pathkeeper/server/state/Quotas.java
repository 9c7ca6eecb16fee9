package io.pathkeeper.server.state;

import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All quotas of a store, as its tree has them. Immutable. */
public final class Quotas {
    /** Parent of the records; the name of one is that of its quota. */
    public static final ZnodePath TOP = ZnodePath.SYSTEM.child("quotas");
    /** Most quotas of a store: each is a label of metrics. */
    public static final int MOST = 256;

    /** None at all. */
    static final Quotas NONE = new Quotas(new TreeMap<>());

    private final NavigableMap<String, Quota> byName;
    private final Map<ZnodePath, List<Quota>> byPath = new HashMap<>();

    private Quotas(NavigableMap<String, Quota> byName) {
        this.byName = byName;
        byName.values()
                .forEach(quota -> byPath.computeIfAbsent(quota.path(), path -> new ArrayList<>(1))
                        .add(quota));
    }

    /** Those of a tree. Any thread. */
    public static Quotas of(TreeView view) {
        NavigableMap<String, Quota> all = new TreeMap<>();
        for (Znode record : view.children(TOP, new byte[0], new byte[0], MOST)) {
            Quota quota = Quota.read(record.name(), record.value());
            if (quota == null) {
                throw new InvalidStateException(
                        "the record of a quota at " + TOP.child(record.name()) + " cannot be read");
            }
            all.put(quota.name(), quota);
        }
        return all.isEmpty() ? NONE : new Quotas(all);
    }

    /** The same and one more, or one that is replaced. */
    Quotas with(Quota quota) {
        NavigableMap<String, Quota> all = new TreeMap<>(byName);
        all.put(quota.name(), quota);
        return new Quotas(all);
    }

    /** The same without one. */
    Quotas without(String name) {
        NavigableMap<String, Quota> all = new TreeMap<>(byName);
        all.remove(name);
        return new Quotas(all);
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return byName.isEmpty();
    }

    /** Number of quotas. */
    public int count() {
        return byName.size();
    }

    /** All, in the order of their names. */
    public Collection<Quota> all() {
        return byName.values();
    }

    /** Those behind a name, in the order of their names. */
    public Collection<Quota> after(String name) {
        return byName.tailMap(name, false).values();
    }

    /** The one with a name, or null. */
    public @Nullable Quota find(String name) {
        return byName.get(name);
    }

    /** Those whose subtree begins at a path. */
    List<Quota> at(ZnodePath path) {
        return byPath.getOrDefault(path, List.of());
    }
}
