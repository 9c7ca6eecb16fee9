package io.pathkeeper.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.server.metrics.ObserveMeters;
import io.pathkeeper.server.tree.ChangeCause;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodeBuilder;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MatchIndexTest {
    private final ObserveHub hub = new ObserveHub(ObserveLimits.DEFAULT, ObserveMeters.NONE, System::nanoTime);
    private final ObserveLoop loop = new ObserveLoop(
            hub, 0, new TestStore(TestStore.shortHistory(10)), new TestFrames(() -> 0), ObserveMeters.NONE);
    private final MatchIndex index = new MatchIndex();
    private long ids;

    private Subscription subscription(ObserveFilter filter) {
        EventForm form = new EventForm(EventForm.View.NAME, false, EventForm.ValueForm.VALUE);
        ObserveOptions options = new ObserveOptions(filter, 0, false, false, 1_000, false, false, false, form);
        return new Subscription(++ids, options, new TestObserver(new ObserveChecker(nothing())), loop);
    }

    private static ObserveChecker.Asked nothing() {
        return new ObserveChecker.Asked(
                change -> false, (path, node) -> false, 0, 0, false, false, false, false, false, false, false);
    }

    private Set<Subscription> match(TreeChange change) {
        Set<Subscription> found = new HashSet<>();
        index.match(change, found::add);
        return found;
    }

    private static String randomPath(Random random) {
        StringBuilder path = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            path.append('/').append((char) ('a' + random.nextInt(3)));
        }
        return path.isEmpty() ? "/" : path.toString();
    }

    private static TreeChange change(Random random, String path) {
        Znode znode = new ZnodeBuilder().build();
        ZnodePath where = ZnodePath.parse(path);
        return switch (random.nextInt(3)) {
            case 0 -> new TreeChange.Created(where, ChangeCause.CLIENT, znode);
            case 1 -> new TreeChange.Updated(where, ChangeCause.CLIENT, znode, znode);
            default -> new TreeChange.Deleted(where, ChangeCause.CLIENT, znode);
        };
    }

    @Test
    void findsWhatAskingEverySubscriptionFinds() {
        Random random = new Random(7);
        List<Subscription> all = new ArrayList<>();
        for (int round = 0; round < 3_000; round++) {
            if (all.isEmpty() || random.nextInt(3) > 0) {
                List<ObserveTarget> targets = new ArrayList<>();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    targets.add(new ObserveTarget(
                            ZnodePath.parse(randomPath(random)), ObserveScope.values()[random.nextInt(3)]));
                }
                Subscription made =
                        subscription(new ObserveFilter(targets, Set.of(), Set.of(), null, random.nextInt(3)));
                all.add(made);
                index.add(made);
            } else {
                index.remove(all.remove(random.nextInt(all.size())));
            }
            TreeChange change = change(random, randomPath(random));
            Set<Subscription> expected = new HashSet<>(all);
            expected.removeIf(one -> !one.options().filter().accepts(change));

            assertThat(match(change)).isEqualTo(expected);
        }
        all.forEach(index::remove);
        assertThat(index.isEmpty()).isTrue();
    }

    @Test
    void neverAsksSubscriptionsElsewhere() {
        for (int i = 0; i < 10_000; i++) {
            index.add(subscription(ObserveFilter.of("/elsewhere/n" + i, ObserveScope.SUBTREE)));
        }
        Subscription here = subscription(ObserveFilter.of("/here", ObserveScope.SUBTREE));
        index.add(here);
        List<Subscription> asked = new ArrayList<>();

        index.match(change(new Random(1), "/here/a/b/c"), asked::add);

        assertThat(asked).containsExactly(here);
    }
}
