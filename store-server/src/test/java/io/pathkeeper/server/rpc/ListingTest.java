package io.pathkeeper.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.pathkeeper.v1.Child;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.DeleteRequest;
import io.pathkeeper.v1.ListChildrenRequest;
import io.pathkeeper.v1.ListChildrenResponse;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.ScanSubtreeRequest;
import io.pathkeeper.v1.ScanSubtreeResponse;
import io.pathkeeper.v1.StoreServiceGrpc;
import io.pathkeeper.v1.TransactOperation;
import io.pathkeeper.v1.TransactRequest;
import io.pathkeeper.v1.View;
import io.pathkeeper.v1.Znode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listings page by page and scans of subtrees. */
@Timeout(120)
class ListingTest {
    private static void createMany(WireFixture wire, String parent, int count) {
        wire.create(parent, "parent");
        for (int from = 0; from < count; from += 128) {
            TransactRequest.Builder transaction = TransactRequest.newBuilder();
            for (int i = from; i < Math.min(count, from + 128); i++) {
                transaction.addThen(TransactOperation.newBuilder()
                        .setCreate(CreateRequest.newBuilder()
                                .setPath(parent + String.format("/c%05d", i))
                                .setData(WireFixture.text("v" + i))));
            }
            wire.soon().transact(transaction.build());
        }
    }

    private static ListChildrenRequest.Builder list(String path) {
        return ListChildrenRequest.newBuilder().setPath(path);
    }

    private static List<String> names(ListChildrenResponse page) {
        return page.getChildrenList().stream().map(Child::getName).toList();
    }

    @Test
    void allPagesShowTheRevisionOfTheFirstWhileWritesGoOn() throws Exception {
        long seed = Long.getLong("pathkeeper.seed", System.nanoTime());
        Random random = new Random(seed);
        try (WireFixture wire = new WireFixture()) {
            createMany(wire, "/p", 700);
            AtomicBoolean stop = new AtomicBoolean();
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                Random own = new Random(seed);
                while (!stop.get()) {
                    String path = String.format("/p/c%05d", own.nextInt(700));
                    wire.soon().delete(DeleteRequest.newBuilder().setPath(path).build());
                    wire.create(path, "again");
                    wire.create("/p/new-" + own.nextInt(), "");
                }
            });
            for (int round = 0; round < 5; round++) {
                int size = 1 + random.nextInt(200);
                List<String> seen = new ArrayList<>();
                ListChildrenRequest.Builder request = list("/p").setPageSize(size);
                ListChildrenResponse page = wire.soon().listChildren(request.build());
                long revision = page.getRevision();
                long total = page.getParentStat().getChildCount();
                seen.addAll(names(page));
                while (!page.getNextPageToken().isEmpty()) {
                    assertThat(page.getChildrenCount()).isEqualTo(size);
                    page = wire.soon()
                            .listChildren(request.setPageToken(page.getNextPageToken())
                                    .build());
                    assertThat(page.getRevision()).as("seed %d", seed).isEqualTo(revision);
                    seen.addAll(names(page));
                }
                assertThat(seen)
                        .as("seed %d", seed)
                        .isSorted()
                        .doesNotHaveDuplicates()
                        .hasSize((int) total);
            }
            stop.set(true);
            writer.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void prefixAndStartAfterNarrowTheListing() throws IOException {
        try (WireFixture wire = new WireFixture()) {
            createMany(wire, "/p", 30);

            ListChildrenResponse prefix = wire.soon()
                    .listChildren(
                            list("/p").setNamePrefix("c0001").setPageSize(4).build());
            ListChildrenResponse rest = wire.soon()
                    .listChildren(list("/p")
                            .setNamePrefix("c0001")
                            .setPageToken(prefix.getNextPageToken())
                            .build());
            ListChildrenResponse after = wire.soon()
                    .listChildren(list("/p")
                            .setStartAfter("c00027")
                            .setView(View.VIEW_FULL)
                            .build());

            assertThat(names(prefix)).containsExactly("c00010", "c00011", "c00012", "c00013");
            assertThat(names(rest)).containsExactly("c00014", "c00015", "c00016", "c00017", "c00018", "c00019");
            assertThat(rest.getNextPageToken()).isEmpty();
            assertThat(names(after)).containsExactly("c00028", "c00029");
            assertThat(after.getChildren(1).getData().getValue().getStringValue())
                    .isEqualTo("v29");
            assertThat(prefix.getChildren(0).hasStat()).isFalse();
        }
    }

    @Test
    void pageEndsBeforeItIsLargerThanAMebibyte() throws IOException {
        try (WireFixture wire = new WireFixture()) {
            wire.create("/big", "");
            Payload half = Payload.newBuilder()
                    .setRaw(ByteString.copyFrom(new byte[500_000]))
                    .build();
            for (int i = 0; i < 5; i++) {
                wire.soon()
                        .create(CreateRequest.newBuilder()
                                .setPath("/big/" + i)
                                .setData(half)
                                .build());
            }
            ListChildrenRequest.Builder request = list("/big").setView(View.VIEW_FULL);
            List<Integer> counts = new ArrayList<>();
            ListChildrenResponse page = wire.soon().listChildren(request.build());
            counts.add(page.getChildrenCount());
            while (!page.getNextPageToken().isEmpty()) {
                assertThat(page.getSerializedSize()).isLessThan(1_100_000);
                page = wire.soon()
                        .listChildren(
                                request.setPageToken(page.getNextPageToken()).build());
                counts.add(page.getChildrenCount());
            }
            assertThat(counts).containsExactly(2, 2, 1);
        }
    }

    @Test
    void tokensAreRefusedForOtherListingsAndWhenTheirRevisionIsGone() throws IOException {
        try (WireFixture wire = new WireFixture(Map.of("limits.pinned_views", "2"))) {
            createMany(wire, "/p", 10);
            createMany(wire, "/q", 10);
            String first =
                    wire.soon().listChildren(list("/p").setPageSize(3).build()).getNextPageToken();
            for (int i = 0; i < 3; i++) {
                wire.create("/other" + i, "");
                wire.soon().listChildren(list("/p").setPageSize(3).build());
            }

            assertThat(WireFixture.reasonOf(() -> wire.soon()
                            .listChildren(list("/p").setPageToken(first).build())))
                    .isEqualTo("PAGE_TOKEN_EXPIRED");
            assertThat(WireFixture.errorOf(() -> wire.soon()
                                    .listChildren(list("/p").setPageToken(first).build()))
                            .getStatus()
                            .getCode())
                    .isEqualTo(Status.Code.OUT_OF_RANGE);
            String token =
                    wire.soon().listChildren(list("/p").setPageSize(3).build()).getNextPageToken();
            assertThat(WireFixture.reasonOf(() -> wire.soon()
                            .listChildren(list("/q").setPageToken(token).build())))
                    .isEqualTo("PAGE_TOKEN_INVALID");
            assertThat(WireFixture.reasonOf(() -> wire.soon()
                            .listChildren(list("/p")
                                    .setNamePrefix("c")
                                    .setPageToken(token)
                                    .build())))
                    .isEqualTo("PAGE_TOKEN_INVALID");
            assertThat(WireFixture.reasonOf(() -> wire.soon()
                            .listChildren(list("/p").setPageToken("rubbish").build())))
                    .isEqualTo("PAGE_TOKEN_INVALID");
            assertThat(wire.store.pinnedViewCount()).isEqualTo(2);
        }
    }

    @Test
    void scanGivesTheWholeSubtreeParentsFirst() throws IOException {
        try (WireFixture wire = new WireFixture()) {
            createMany(wire, "/s/a", 8_000);
            wire.create("/s/b", "last");
            wire.create("/t", "outside");

            Iterator<ScanSubtreeResponse> chunks = wire.soon()
                    .scanSubtree(ScanSubtreeRequest.newBuilder().setPath("/s").build());
            List<String> paths = new ArrayList<>();
            List<Boolean> last = new ArrayList<>();
            chunks.forEachRemaining(chunk -> {
                chunk.getZnodesList().stream().map(Znode::getPath).forEach(paths::add);
                last.add(chunk.getLast());
            });

            assertThat(paths)
                    .hasSize(8_003)
                    .isSorted()
                    .startsWith("/s", "/s/a", "/s/a/c00000")
                    .endsWith("/s/b");
            assertThat(last).hasSizeGreaterThan(1).endsWith(true);
            assertThat(last.subList(0, last.size() - 1)).containsOnly(false);
            assertThat(WireFixture.reasonOf(() -> wire.soon()
                            .scanSubtree(ScanSubtreeRequest.newBuilder()
                                    .setPath("/none")
                                    .build())
                            .hasNext()))
                    .isEqualTo("NODE_NOT_FOUND");
        }
    }

    /** 64 MB are scanned by a reader that takes one chunk and no more: the server must not build the rest. */
    @Test
    void stalledReaderCostsAFewChunksAndIsServedOnWhenItReadsOn() throws Exception {
        try (WireFixture wire = new WireFixture(Map.of("limits.scans", "1"))) {
            wire.create("/s", "");
            Payload large = Payload.newBuilder()
                    .setRaw(ByteString.copyFrom(new byte[1_000_000]))
                    .build();
            for (int i = 0; i < 64; i++) {
                wire.soon()
                        .create(CreateRequest.newBuilder()
                                .setPath("/s/" + i)
                                .setData(large)
                                .build());
            }
            AtomicInteger taken = new AtomicInteger();
            CompletableFuture<Status> end = new CompletableFuture<>();
            ClientCall<ScanSubtreeRequest, ScanSubtreeResponse> call =
                    wire.channel.newCall(StoreServiceGrpc.getScanSubtreeMethod(), io.grpc.CallOptions.DEFAULT);
            call.start(
                    new ClientCall.Listener<>() {
                        @Override
                        public void onMessage(ScanSubtreeResponse message) {
                            taken.addAndGet(message.getZnodesCount());
                        }

                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            end.complete(status);
                        }
                    },
                    new Metadata());
            call.sendMessage(ScanSubtreeRequest.newBuilder().setPath("/s").build());
            call.halfClose();
            call.request(1);
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> taken.get() > 0);

            assertThat(WireFixture.reasonOf(() -> wire.soon()
                            .scanSubtree(ScanSubtreeRequest.newBuilder()
                                    .setPath("/s")
                                    .build())
                            .hasNext()))
                    .as("the one scan that is allowed is under way")
                    .isEqualTo("OVERLOADED");
            // what is not read stays unbuilt: new values written now cannot be in it, and the view stays that of the
            // start
            wire.create("/s/zz", "later");
            call.request(Integer.MAX_VALUE);

            assertThat(end.get(60, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.OK);
            assertThat(taken.get()).isEqualTo(65);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(wire.soon()
                                    .scanSubtree(ScanSubtreeRequest.newBuilder()
                                            .setPath("/s/zz")
                                            .build())
                                    .next()
                                    .getZnodesCount())
                            .isEqualTo(1));
        }
    }
}
