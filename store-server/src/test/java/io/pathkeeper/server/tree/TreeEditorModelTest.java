package io.pathkeeper.server.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.server.value.Value;
import io.pathkeeper.server.value.ValueEncoding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many children below few znodes, where the ordered structure splits and joins, against sorted maps. */
@Timeout(300)
class TreeEditorModelTest {
    private static final byte[] NOTHING = {};
    private static final ZnodePath PARENT = ZnodePath.parse("/p");

    private final long seed = Long.getLong("model.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final TreeEditor editor = new TreeEditor(new ZnodeBuilder().build());
    private final List<TreeView> views = new ArrayList<>();
    private final List<NavigableMap<String, Long>> moments = new ArrayList<>();
    private NavigableMap<String, Long> expected = new TreeMap<>();
    private long revision;

    TreeEditorModelTest() {
        editor.insert(PARENT, znode(PARENT), 0);
        editor.insert(ZnodePath.parse("/other"), znode(ZnodePath.parse("/other")), 0);
    }

    enum Order {
        ASCENDING,
        DESCENDING,
        RANDOM
    }

    @ParameterizedTest
    @EnumSource
    void agreesWithASortedMapAndKeepsOldViews(Order order) {
        System.out.println("TreeEditorModelTest: -Dmodel.seed=" + seed);
        for (int i = 0; i < 3_000; i++) {
            insert(name(order, i));
            publishSometimes();
        }
        for (int i = 0; i < 6_000; i++) {
            change(order);
            publishSometimes();
        }
        while (!expected.isEmpty()) {
            remove(anyName());
            publishSometimes();
        }
        checkViews();
        assertThat(editor.znodeCount()).isEqualTo(3);
    }

    @Test
    void returnsToMarks() {
        for (int i = 0; i < 500; i++) {
            insert(name(Order.RANDOM, i));
        }
        for (int round = 0; round < 300; round++) {
            NavigableMap<String, Long> before = new TreeMap<>(expected);
            long digest = editor.digest();
            TreeEditor.Mark mark = editor.mark();
            for (int i = random.nextInt(40); i > 0; i--) {
                change(Order.RANDOM);
            }
            if (random.nextBoolean()) {
                editor.keep();
            } else {
                editor.returnTo(mark);
                expected = before;
                assertThat(editor.digest()).isEqualTo(digest);
            }
            publishSometimes();
        }
        checkViews();
    }

    private void change(Order order) {
        int dice = random.nextInt(10);
        if (dice < 3 || expected.isEmpty()) {
            String name = name(order, random.nextInt(10_000));
            if (!expected.containsKey(name)) {
                insert(name);
            }
        } else if (dice < 6) {
            remove(anyName());
        } else {
            String name = anyName();
            revision++;
            editor.setValue(PARENT.child(name), value(revision), "", revision);
            expected.put(name, revision);
        }
    }

    private static String name(Order order, int number) {
        return switch (order) {
            case ASCENDING -> "node-" + (100_000 + number);
            case DESCENDING -> "node-" + (900_000 - number);
            case RANDOM -> Integer.toString(Integer.reverse(number) >>> 8, 36);
        };
    }

    private String anyName() {
        String somewhere = expected.ceilingKey(name(Order.RANDOM, random.nextInt(10_000)));
        return somewhere == null ? expected.firstKey() : somewhere;
    }

    private void insert(String name) {
        revision++;
        ZnodePath path = PARENT.child(name);
        editor.insert(path, znode(path), 0);
        expected.put(name, revision);
    }

    private void remove(String name) {
        revision++;
        List<String> removed = new ArrayList<>();
        editor.remove(PARENT.child(name), revision, (path, before) -> removed.add(path.toString()));
        assertThat(removed).containsExactly("/p/" + name);
        expected.remove(name);
    }

    private Znode znode(ZnodePath path) {
        return new ZnodeBuilder()
                .name(path.name())
                .value(value(revision))
                .revisions(revision, revision)
                .build();
    }

    private static byte[] value(long number) {
        return ValueEncoding.encode(new Value.Int(number));
    }

    private void publishSometimes() {
        if (random.nextInt(300) == 0) {
            views.add(editor.publish(revision));
            moments.add(new TreeMap<>(expected));
        }
    }

    /** All views, the old ones too, after everything has happened. */
    private void checkViews() {
        for (int i = 0; i < views.size(); i++) {
            TreeView view = views.get(i);
            NavigableMap<String, Long> moment = moments.get(i);
            assertThat(TreeDigest.ofTree(view.root())).as("seed %d", seed).isEqualTo(view.digest());
            assertThat(view.znodeCount()).isEqualTo(moment.size() + 3);
            List<String> names = new ArrayList<>();
            for (Iterator<TreeView.Entry> scan = view.scan(PARENT); scan.hasNext(); ) {
                TreeView.Entry entry = scan.next();
                if (!entry.path().equals(PARENT)) {
                    names.add(text(entry.znode()));
                    boolean found = view.find(entry.path()) == entry.znode();
                    Long modified = moment.get(text(entry.znode()));
                    if (!found || modified == null || modified != entry.znode().modifiedRevision()) {
                        throw new AssertionError("seed " + seed + ": " + entry + ", expected revision " + modified);
                    }
                }
            }
            assertThat(names).as("seed %d", seed).isEqualTo(new ArrayList<>(moment.keySet()));
            assertThat(view.find(PARENT.child("nobody"))).isNull();
            checkPages(view, moment);
        }
    }

    private void checkPages(TreeView view, NavigableMap<String, Long> moment) {
        for (int i = 0; i < 10; i++) {
            String after =
                    random.nextInt(4) == 0 ? "" : name(Order.values()[random.nextInt(3)], random.nextInt(10_000));
            String whole = name(Order.values()[random.nextInt(3)], random.nextInt(10_000));
            String prefix = whole.substring(0, random.nextInt(whole.length()));
            int limit = random.nextInt(50);
            List<String> page = view.children(PARENT, bytes(after), bytes(prefix), limit).stream()
                    .map(TreeEditorModelTest::text)
                    .toList();
            assertThat(page)
                    .as("after %s, prefix %s, limit %d, seed %d", after, prefix, limit, seed)
                    .isEqualTo(moment.keySet().stream()
                            .filter(name -> name.startsWith(prefix) && (after.isEmpty() || name.compareTo(after) > 0))
                            .limit(limit)
                            .toList());
        }
        assertThat(view.children(ZnodePath.parse("/nothing"), NOTHING, NOTHING, 10))
                .isEmpty();
        assertThat(view.children(ZnodePath.parse("/other"), NOTHING, NOTHING, 10))
                .isEmpty();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Znode znode) {
        return new String(znode.name(), StandardCharsets.UTF_8);
    }
}
