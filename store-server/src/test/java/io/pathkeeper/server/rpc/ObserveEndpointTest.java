package io.pathkeeper.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.pathkeeper.server.observe.ObserveLimits;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.value.ValueEncoding;
import io.pathkeeper.v1.Event;
import io.pathkeeper.v1.EventCause;
import io.pathkeeper.v1.EventType;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.ObserveScope;
import io.pathkeeper.v1.ObserveServiceGrpc;
import io.pathkeeper.v1.ObserveTarget;
import io.pathkeeper.v1.ObserveView;
import io.pathkeeper.v1.ValueFormat;
import io.pathkeeper.v1.Znode;
import io.pathkeeper.v1.ZnodeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** ObserveService on the wire: every field of the request, every frame, every way to end. */
@Timeout(60)
class ObserveEndpointTest {
    private static final ObserveLimits SMALL =
            new ObserveLimits(3, 1_000, 4L << 20, 1 << 20, 64 << 10, 32, 10_000, 60_000, 2);

    private static ObserveRequest.Builder subtree(String path) {
        return ObserveFixture.subtree(path);
    }

    private static List<String> paths(ObserveResponse frame) {
        return frame.getEvents().getEventsList().stream().map(Event::getPath).toList();
    }

    @Test
    void tellsOfAChangeWithEverythingAboutIt() throws Exception {
        try (ObserveFixture f = new ObserveFixture()) {
            long before = f.commit(ObserveFixture.create("/config/db", "old"));
            ObserveFixture.Stream stream = f.observe(subtree("/config").setIncludePrevious(true));

            assertThat(stream.next().getCreated().getStartRevision()).isEqualTo(before + 1);
            long revision = f.commit(ObserveFixture.set("/config/db", "new"));
            ObserveResponse frame = stream.next();

            assertThat(frame.getHeader().getClusterId()).isEqualTo(DirectStore.CLUSTER);
            assertThat(frame.getHeader().getRevision()).isEqualTo(revision);
            assertThat(frame.getEvents().getRevision()).isEqualTo(revision);
            assertThat(frame.getEvents().getMore()).isFalse();
            Event event = frame.getEvents().getEvents(0);
            assertThat(event.getType()).isEqualTo(EventType.EVENT_TYPE_UPDATED);
            assertThat(event.getCause()).isEqualTo(EventCause.EVENT_CAUSE_CLIENT);
            assertThat(event.getPath()).isEqualTo("/config/db");
            assertThat(event.getRevision()).isEqualTo(revision);
            assertThat(event.getStat().getVersion()).isEqualTo(2);
            assertThat(event.getData().getValue().getStringValue()).isEqualTo("new");
            assertThat(event.getPrevious().getData().getValue().getStringValue())
                    .isEqualTo("old");
            assertThat(event.getPrevious().getStat().getVersion()).isEqualTo(1);
        }
    }

    @Test
    void initialStateJoinsTheChangesWithoutAGap() throws Exception {
        try (ObserveFixture f = new ObserveFixture()) {
            f.commit(ObserveFixture.create("/a/b", "1"));
            long at = f.commit(ObserveFixture.create("/a/c", "2"));
            ObserveFixture.Stream stream = f.observe(subtree("/a").setInitialState(true));

            assertThat(stream.next().getCreated().getStartRevision()).isEqualTo(at + 1);
            ObserveResponse existing = stream.next();
            assertThat(existing.getExisting().getRevision()).isEqualTo(at);
            assertThat(existing.getExisting().getZnodesList().stream().map(Znode::getPath))
                    .containsExactly("/a", "/a/b", "/a/c");
            assertThat(existing.getExisting().getZnodes(2).getData().getValue().getStringValue())
                    .isEqualTo("2");
            assertThat(stream.next().getSynced().getRevision()).isEqualTo(at);
            f.commit(ObserveFixture.set("/a/c", "3"));
            assertThat(stream.next().getEvents().getRevision()).isEqualTo(at + 1);
        }
    }

    @Test
    void largeInitialStateComesInSmallFrames() throws Exception {
        try (ObserveFixture f = new ObserveFixture()) {
            for (int i = 0; i < 300; i++) {
                f.commit(ObserveFixture.set("/n" + i, "x".repeat(4_000)));
            }
            ObserveFixture.Stream stream = f.observe(subtree("/").setInitialState(true));
            stream.next();
            int znodes = 0;
            int frames = 0;
            ObserveResponse frame = stream.next();
            for (; frame.hasExisting(); frame = stream.next()) {
                assertThat(frame.getSerializedSize()).isLessThan(256 << 10);
                znodes += frame.getExisting().getZnodesCount();
                frames++;
            }

            assertThat(frame.hasSynced()).isTrue();
            assertThat(znodes).isEqualTo(301);
            assertThat(frames).isGreaterThan(4);
        }
    }

    @Test
    void startsInThePastAndInTheFuture() throws Exception {
        try (ObserveFixture f = new ObserveFixture()) {
            f.commit(ObserveFixture.create("/a", "1"));
            long second = f.commit(ObserveFixture.set("/a", "2"));
            ObserveFixture.Stream past = f.observe(subtree("/").setStartRevision(second));
            ObserveFixture.Stream future = f.observe(subtree("/").setStartRevision(second + 3));

            assertThat(past.next().getCreated().getStartRevision()).isEqualTo(second);
            assertThat(past.next().getEvents().getRevision()).isEqualTo(second);
            assertThat(future.next().getCreated().getStartRevision()).isEqualTo(second + 3);
            for (int i = 0; i < 3; i++) {
                f.commit(ObserveFixture.set("/a", "later " + i));
            }
            assertThat(future.next().getEvents().getRevision()).isEqualTo(second + 3);
        }
    }

    @Test
    void waitsForMinRevision() throws Exception {
        try (ObserveFixture f = new ObserveFixture()) {
            long now = f.commit(ObserveFixture.create("/a", "1"));
            ObserveFixture.Stream waiting =
                    f.observe(subtree("/").setMinRevision(now + 1).setInitialState(true));
            ObserveFixture.Stream never = new ObserveFixture.Stream(10);
            ObserveServiceGrpc.newStub(f.channel)
                    .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                    .observe(subtree("/").setMinRevision(now + 100).build(), never);

            assertThat(never.error().getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            assertThat(waiting.waiting()).isZero();
            f.commit(ObserveFixture.set("/a", "2"));
            assertThat(waiting.next().getCreated().getStartRevision()).isEqualTo(now + 2);
        }
    }

    @Test
    void historyThatIsGoneEndsOrResets() throws Exception {
        try (ObserveFixture f = new ObserveFixture(ObserveLimits.DEFAULT, ObserveFixture.shortHistory(10))) {
            for (int i = 0; i < 200; i++) {
                f.commit(ObserveFixture.set("/a", "v" + i));
            }
            long newest = f.view().revision();
            StatusRuntimeException gone =
                    f.observe(subtree("/").setStartRevision(5)).error();
            ObserveFixture.Stream resync =
                    f.observe(subtree("/").setStartRevision(5).setResync(true));

            assertThat(gone.getStatus().getCode()).isEqualTo(Status.Code.OUT_OF_RANGE);
            ErrorInfo info = WireFixture.infoOf(gone);
            assertThat(info.getReason()).isEqualTo("REVISION_COMPACTED");
            assertThat(info.getMetadataMap())
                    .containsEntry("oldest_revision", Long.toString(f.history().oldestRevision()));
            assertThat(resync.next().getCreated().getStartRevision()).isEqualTo(5);
            ObserveResponse reset = resync.next();
            assertThat(reset.getReset().getRevision()).isEqualTo(newest);
            assertThat(reset.getReset().getCause()).isEqualTo("history");
            assertThat(resync.next().getExisting().getZnodesCount()).isEqualTo(2);
            assertThat(resync.next().getSynced().getRevision()).isEqualTo(newest);
        }
    }

    @Test
    void aLargeRevisionComesInFragments() throws Exception {
        try (ObserveFixture f = new ObserveFixture()) {
            for (int i = 0; i < 400; i++) {
                f.commit(ObserveFixture.create("/big/n" + i, "x".repeat(8_000)));
            }
            ObserveFixture.Stream stream = f.observe(subtree("/").setIncludePrevious(true));
            stream.next();
            long revision = f.commit(ObserveFixture.delete("/big"));
            List<String> deleted = new ArrayList<>();
            int frames = 0;
            ObserveResponse frame;
            do {
                frame = stream.next();
                assertThat(frame.getEvents().getRevision()).isEqualTo(revision);
                assertThat(frame.getSerializedSize()).isLessThan(3 << 19);
                deleted.addAll(paths(frame));
                frames++;
            } while (frame.getEvents().getMore());

            assertThat(frames).isGreaterThan(3);
            assertThat(deleted).hasSize(401).doesNotHaveDuplicates();
        }
    }

    @Test
    void onceEndsBehindTheFirstEvents() throws Exception {
        try (ObserveFixture f = new ObserveFixture()) {
            ObserveFixture.Stream stream = f.observe(subtree("/").setOnce(true));
            stream.next();
            f.commit(ObserveFixture.create("/a", "1"));

            assertThat(paths(stream.next())).containsExactly("/a");
            assertThat(stream.endsWell()).isTrue();
        }
    }

    @Test
    void filtersByScopeTypeKindNameAndDepth() throws Exception {
        try (ObserveFixture f = new ObserveFixture()) {
            ObserveFixture.Stream children =
                    f.observe(ObserveFixture.request("/a", ObserveScope.OBSERVE_SCOPE_CHILDREN));
            ObserveFixture.Stream node =
                    f.observe(ObserveFixture.request("/a", ObserveScope.OBSERVE_SCOPE_UNSPECIFIED));
            ObserveFixture.Stream deletions = f.observe(subtree("/").addTypes(EventType.EVENT_TYPE_DELETED));
            ObserveFixture.Stream globbed = f.observe(subtree("/").setNameGlob("lock-*"));
            ObserveFixture.Stream shallow = f.observe(subtree("/").setMaxDepth(1));
            ObserveFixture.Stream containers = f.observe(subtree("/").addKinds(ZnodeKind.ZNODE_KIND_CONTAINER));
            ObserveFixture.Stream names = f.observe(subtree("/").setView(ObserveView.OBSERVE_VIEW_NAME));
            List.of(children, node, deletions, globbed, shallow, containers, names)
                    .forEach(ObserveFixture.Stream::next);
            f.commit(ObserveFixture.create("/a", "1"));
            f.commit(ObserveFixture.create("/a/lock-1", "2"));
            f.commit(ObserveFixture.set("/a/lock-1", "3"));
            f.commit(ObserveFixture.delete("/a"));

            assertThat(paths(children.next())).containsExactly("/a/lock-1");
            assertThat(children.next().getEvents().getEvents(0).getType()).isEqualTo(EventType.EVENT_TYPE_DELETED);
            assertThat(paths(node.next())).containsExactly("/a");
            assertThat(paths(node.next())).containsExactly("/a");
            assertThat(paths(deletions.next())).containsExactlyInAnyOrder("/a", "/a/lock-1");
            assertThat(paths(globbed.next())).containsExactly("/a/lock-1");
            assertThat(paths(shallow.next())).containsExactly("/a");
            assertThat(paths(shallow.next())).containsExactly("/a");
            Event bare = names.next().getEvents().getEvents(0);
            assertThat(bare.hasStat()).isFalse();
            assertThat(bare.hasData()).isFalse();
            assertThat(containers.waiting()).isZero();
        }
    }

    @Test
    void valuesComeInTheFormThatWasAskedFor() throws Exception {
        try (ObserveFixture f = new ObserveFixture()) {
            ObserveFixture.Stream json = f.observe(subtree("/").setValueFormat(ValueFormat.VALUE_FORMAT_JSON));
            ObserveFixture.Stream raw = f.observe(subtree("/").setValueFormat(ValueFormat.VALUE_FORMAT_RAW));
            json.next();
            raw.next();
            f.commit(ObserveFixture.set("/a", ValueEncoding.ofBytes(new byte[] {1, 2})));

            assertThat(json.next().getEvents().getEvents(0).getData().getJson()).isEqualTo("{\"$bytes\":\"AQI=\"}");
            assertThat(raw.next().getEvents().getEvents(0).getData().getRaw().toByteArray())
                    .containsExactly(1, 2);
        }
    }

    @Test
    void tellsOfProgressAtIntervalsAndWhenQuiet() throws Exception {
        try (ObserveFixture f = new ObserveFixture()) {
            ObserveFixture.Stream interval = f.observe(subtree("/quiet").setProgressIntervalMs(1_000));
            ObserveFixture.Stream quiet =
                    f.observe(subtree("/").setProgressIntervalMs(600_000).setProgressWhenQuiet(true));
            interval.next();
            quiet.next();
            long revision = f.commit(ObserveFixture.create("/a", "1"));

            assertThat(quiet.next().hasEvents()).isTrue();
            assertThat(quiet.next().getProgress().getRevision()).isEqualTo(revision);
            assertThat(interval.next().getProgress().getRevision()).isEqualTo(revision);
        }
    }

    @Test
    void refusesMoreObservationsThanAllowed() throws Exception {
        try (ObserveFixture f = new ObserveFixture(SMALL, StateLimits.DEFAULT)) {
            List<ObserveFixture.Stream> streams = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                ObserveFixture.Stream stream = f.observe(subtree("/"));
                stream.next();
                streams.add(stream);
            }
            StatusRuntimeException refused = f.observe(subtree("/")).error();

            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(WireFixture.infoOf(refused).getReason()).isEqualTo("OVERLOADED");
            assertThat(StatusProto.fromThrowable(refused).getDetailsList())
                    .anyMatch(detail -> detail.is(RetryInfo.class));
            streams.get(0).cancel();
            await().until(() -> f.hub.streamCount() == 2);
            assertThat(f.observe(subtree("/")).next().hasCreated()).isTrue();
        }
    }

    @Test
    void cancellationFreesEverything() throws Exception {
        try (ObserveFixture f = new ObserveFixture()) {
            ObserveFixture.Stream stalled = f.observe(subtree("/"), 1);
            stalled.next();
            for (int i = 0; i < 500; i++) {
                f.commit(ObserveFixture.set("/a", "x".repeat(10_000)));
            }
            stalled.cancel();

            await().until(() -> f.hub.streamCount() == 0 && f.hub.targetCount() == 0 && f.hub.pendingEvents() == 0);
            assertThat(f.hub.checkInvariants().get()).isEmpty();
        }
    }

    @Test
    void shutdownSaysSo() throws Exception {
        try (ObserveFixture f = new ObserveFixture()) {
            ObserveFixture.Stream stream = f.observe(subtree("/"));
            stream.next();
            f.hub.close();

            assertThat(WireFixture.infoOf(stream.error()).getReason()).isEqualTo("SHUTTING_DOWN");
            assertThat(WireFixture.infoOf(f.observe(subtree("/")).error()).getReason())
                    .isEqualTo("SHUTTING_DOWN");
        }
    }

    static List<Arguments> badRequests() {
        return List.of(
                bad("targets", r -> r.clearTargets()),
                bad("targets", r -> {
                    for (int i = 0; i < 100; i++) {
                        r.addTargets(ObserveTarget.newBuilder().setPath("/n" + i));
                    }
                }),
                bad(
                        "targets[1].path",
                        r -> r.addTargets(ObserveTarget.newBuilder().setPath("no/slash"))),
                bad("targets[1].path", r -> r.addTargets(ObserveTarget.getDefaultInstance())),
                bad(
                        "targets[1].scope",
                        r -> r.addTargets(
                                ObserveTarget.newBuilder().setPath("/").setScopeValue(99))),
                bad("start_revision", r -> r.setStartRevision(-1)),
                bad("start_revision", r -> r.setStartRevision(3).setInitialState(true)),
                bad("min_revision", r -> r.setMinRevision(-1)),
                bad("max_depth", r -> r.setMaxDepth(-1)),
                bad("progress_interval_ms", r -> r.setProgressIntervalMs(999)),
                bad("progress_interval_ms", r -> r.setProgressIntervalMs(600_001)),
                bad("progress_interval_ms", r -> r.setProgressIntervalMs(-1)),
                bad("view", r -> r.setViewValue(99)),
                bad("value_format", r -> r.setValueFormatValue(99)),
                bad("types[0]", r -> r.addTypesValue(99)),
                bad("types[0]", r -> r.addTypes(EventType.EVENT_TYPE_UNSPECIFIED)),
                bad("kinds[0]", r -> r.addKindsValue(99)),
                bad("name_glob", r -> r.setNameGlob("abc\\")),
                bad("name_glob", r -> r.setNameGlob("x".repeat(513))));
    }

    private static Arguments bad(String field, Consumer<ObserveRequest.Builder> spoil) {
        ObserveRequest.Builder request = subtree("/");
        spoil.accept(request);
        return Arguments.of(field, request);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badRequests")
    void refusesBadRequestsNamingTheField(String field, ObserveRequest.Builder request) throws Exception {
        try (ObserveFixture f = new ObserveFixture()) {
            StatusRuntimeException refused = f.observe(request).error();

            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(WireFixture.infoOf(refused).getMetadataMap()).containsEntry("field", field);
        }
    }
}
