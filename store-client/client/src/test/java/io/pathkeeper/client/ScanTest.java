package io.pathkeeper.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Status.Code;
import io.pathkeeper.client.error.NodeNotFoundException;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.UnavailableException;
import io.pathkeeper.client.model.Child;
import io.pathkeeper.client.model.ListOptions;
import io.pathkeeper.client.model.ScanOptions;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.client.wire.FakeErrors;
import io.pathkeeper.client.wire.FakeServer;
import io.pathkeeper.client.wire.FakeStore;
import io.pathkeeper.v1.ScanSubtreeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listings and scans: complete, at one revision, and never ahead of their reader. */
@Timeout(180)
class ScanTest {
    private final FakeStore tree = new FakeStore();
    private final FakeServer server = new FakeServer("a", tree);
    private PathkeeperClient client;

    @BeforeEach
    void makeClient() {
        client = PathkeeperClient.builder().servers(server.address()).build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private void createChildren(int count) {
        for (int i = 0; i < count; i++) {
            client.store().set(String.format("/p/%04d", i), Value.of(i));
        }
    }

    @Test
    void listsAllChildrenPageByPage() {
        createChildren(250);
        List<String> names = new ArrayList<>();
        int before = server.operations().size();
        for (Child child : client.store().allChildren("/p", ListOptions.defaults())) {
            names.add(child.name());
        }
        assertThat(names).hasSize(250).isSorted().doesNotHaveDuplicates();
        assertThat(server.operations().size() - before).isEqualTo(3);
    }

    @Test
    void publisherOfChildrenFetchesOnlyWhatIsWanted() {
        createChildren(30);
        int before = server.operations().size();
        List<String> names = new CopyOnWriteArrayList<>();
        Collector<Child> collector = new Collector<>(12, child -> names.add(child.name()));
        client.async().allChildren("/p", ListOptions.defaults().pageSize(10)).subscribe(collector);
        await().until(() -> names.size() == 12);
        assertThat(server.operations().size() - before).isEqualTo(2);
        collector.request(100);
        await().until(() -> collector.complete);
        assertThat(names).hasSize(30).isSorted();
    }

    @Test
    void publisherOfChildrenTellsWhatWentWrong() {
        server.refusal = operation -> FakeErrors.error(Code.NOT_FOUND, "NODE_NOT_FOUND", Map.of("path", "/p"));
        Collector<Child> collector = new Collector<>(1, child -> {});
        client.async().allChildren("/p", ListOptions.defaults()).subscribe(collector);
        await().until(() -> collector.error != null);
        assertThat(collector.error).isInstanceOf(NodeNotFoundException.class);
    }

    @Test
    void scansAWholeSubtree() {
        createChildren(5);
        List<String> paths = new ArrayList<>();
        try (SubtreeIterator scan = client.store().scanSubtree("/p")) {
            assertThat(scan.revision()).isEqualTo(5);
            scan.forEachRemaining((Znode znode) -> paths.add(znode.path()));
        }
        assertThat(paths).hasSize(5).isSorted();
    }

    @Test
    void readerThatStopsStopsTheServer() {
        client.store().set("/large", Value.of(new byte[64 << 10]));
        server.observe.scanLength = 1_000;
        try (SubtreeIterator scan = client.store().scanSubtree("/large")) {
            scan.next();
            await().during(java.time.Duration.ofMillis(500)).until(() -> server.observe.scanParts.get() < 200);
            int parts = 1;
            while (scan.hasNext()) {
                scan.next();
                parts++;
            }
            assertThat(parts).isEqualTo(1_000);
        }
    }

    @Test
    void scanThatBreaksBeforeItsFirstPartStartsAgain() {
        createChildren(1);
        server.observe.scansToRefuse.set(2);
        try (SubtreeIterator scan = client.store().scanSubtree("/p")) {
            assertThat(scan.next().path()).isEqualTo("/p/0000");
            assertThat(scan.hasNext()).isFalse();
        }
    }

    @Test
    void scanThatBreaksLaterFails() {
        createChildren(1);
        server.observe.scanLength = 10;
        server.observe.scanBreaksAt = 3;
        try (SubtreeIterator scan = client.store().scanSubtree("/p")) {
            scan.next();
            scan.next();
            assertThatThrownBy(scan::hasNext)
                    .isInstanceOfSatisfying(
                            UnavailableException.class,
                            e -> assertThat(e.isRetryable()).isTrue());
        }
    }

    @Test
    void localScanNeverGoesBackBehindWhatTheClientHasSeen() {
        tree.advanceTo(10);
        createChildren(1);
        try (SubtreeIterator scan = client.store().scanSubtree("/p", ScanOptions.local())) {
            scan.next();
        }
        ScanSubtreeRequest sent = Objects.requireNonNull(server.observe.lastScan);
        assertThat(sent.getOptions().getMinRevision()).isEqualTo(11);
    }

    private static final class Collector<T> implements Flow.Subscriber<T> {
        private final long first;
        private final java.util.function.Consumer<T> consumer;
        private volatile Flow.@Nullable Subscription subscription;
        private volatile boolean complete;
        private volatile @Nullable PathkeeperException error;

        Collector(long first, java.util.function.Consumer<T> consumer) {
            this.first = first;
            this.consumer = consumer;
        }

        void request(long count) {
            Objects.requireNonNull(subscription).request(count);
        }

        @Override
        public void onSubscribe(Flow.Subscription started) {
            subscription = started;
            started.request(first);
        }

        @Override
        public void onNext(T item) {
            consumer.accept(item);
        }

        @Override
        public void onError(Throwable cause) {
            error = (PathkeeperException) cause;
        }

        @Override
        public void onComplete() {
            complete = true;
        }
    }
}
