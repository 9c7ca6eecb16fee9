package io.pathkeeper.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.model.Znode;
import io.pathkeeper.client.observe.Event;
import io.pathkeeper.client.observe.ObserveFrame;
import io.pathkeeper.client.observe.ObserveRequest;
import io.pathkeeper.v1.EventType;
import io.pathkeeper.v1.ObserveCreated;
import io.pathkeeper.v1.ObserveEvents;
import io.pathkeeper.v1.ObserveExisting;
import io.pathkeeper.v1.ObserveProgress;
import io.pathkeeper.v1.ObserveReset;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.ObserveSynced;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An observer that follows the frames has, at every revision that it was told of, the state of the server: with streams that break at random
 * frames, events in fragments, progress marks, and a history that is cut.
 */
class ObservePositionModelTest {
    private static final int PATHS = 5;
    private static final int REVISIONS = 120;

    /** The server: states by revision, and the path of the change at each. */
    private static final class Server {
        final List<Map<String, Long>> states = new ArrayList<>(List.of(Map.of()));
        final List<List<String>> changes = new ArrayList<>(List.of(List.of()));
        final Random random;
        int oldest = 1;
        int now;

        Server(Random random) {
            this.random = random;
            for (int revision = 1; revision <= REVISIONS; revision++) {
                Map<String, Long> state = new HashMap<>(states.get(revision - 1));
                List<String> changed = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    String path = "/" + random.nextInt(PATHS);
                    changed.add(path);
                    state.put(path, (long) revision);
                }
                states.add(state);
                changes.add(changed);
            }
        }

        /** The frames of a stream, from its request to what is there now. */
        List<ObserveResponse> serve(io.pathkeeper.v1.ObserveRequest request) {
            List<ObserveResponse> frames = new ArrayList<>();
            int from = (int) request.getStartRevision();
            if (request.getInitialState()) {
                assertThat(from).isZero();
                frames.add(created(now + 1));
                state(frames);
                from = now + 1;
            } else if (from == 0) {
                from = now + 1;
                frames.add(created(from));
            } else {
                frames.add(created(from));
                if (from < oldest) {
                    frames.add(ObserveResponse.newBuilder()
                            .setReset(ObserveReset.newBuilder().setRevision(now).setCause("history"))
                            .build());
                    state(frames);
                    from = now + 1;
                }
            }
            now = Math.min(REVISIONS, now + random.nextInt(20));
            for (int revision = from; revision <= now; revision++) {
                events(frames, revision);
                if (random.nextInt(4) == 0) {
                    frames.add(ObserveResponse.newBuilder()
                            .setProgress(ObserveProgress.newBuilder().setRevision(revision))
                            .build());
                }
            }
            if (random.nextInt(3) == 0) {
                oldest = Math.max(oldest, now - random.nextInt(10));
            }
            return frames;
        }

        private static ObserveResponse created(long revision) {
            return ObserveResponse.newBuilder()
                    .setCreated(ObserveCreated.newBuilder().setStartRevision(revision))
                    .build();
        }

        private void state(List<ObserveResponse> frames) {
            states.get(now)
                    .forEach((path, value) -> frames.add(ObserveResponse.newBuilder()
                            .setExisting(ObserveExisting.newBuilder()
                                    .setRevision(now)
                                    .addZnodes(io.pathkeeper.v1.Znode.newBuilder()
                                            .setPath(path)
                                            .setData(payload(value))))
                            .build()));
            frames.add(ObserveResponse.newBuilder()
                    .setSynced(ObserveSynced.newBuilder().setRevision(now))
                    .build());
        }

        private void events(List<ObserveResponse> frames, int revision) {
            List<String> changed = changes.get(revision);
            for (int i = 0; i < changed.size(); i++) {
                frames.add(ObserveResponse.newBuilder()
                        .setEvents(ObserveEvents.newBuilder()
                                .setRevision(revision)
                                .setMore(i < changed.size() - 1)
                                .addEvents(io.pathkeeper.v1.Event.newBuilder()
                                        .setType(EventType.EVENT_TYPE_UPDATED)
                                        .setPath(changed.get(i))
                                        .setRevision(revision)
                                        .setData(payload(revision))))
                        .build());
            }
        }

        private static Payload payload(long value) {
            return Payload.newBuilder()
                    .setValue(Value.newBuilder().setIntValue(value))
                    .build();
        }
    }

    /** The observer: does with the frames what their documentation says. */
    private static final class Mirror {
        final Map<String, Long> state = new HashMap<>();
        final List<Long> told = new ArrayList<>();
        boolean whole;
        int checks;

        void take(ObserveFrame frame, Server server) {
            if (frame instanceof ObserveFrame.Reset) {
                state.clear();
                whole = false;
            } else if (frame instanceof ObserveFrame.Existing existing) {
                for (Znode znode : existing.znodes()) {
                    assertThat(state.put(znode.path(), znode.value().asLong())).isNull();
                }
            } else if (frame instanceof ObserveFrame.Synced synced) {
                whole = true;
                check(synced.revision(), server);
            } else if (frame instanceof ObserveFrame.Events events) {
                told.add(events.revision());
                for (Event event : events.events()) {
                    state.put(event.path(), event.revision());
                }
                check(events.revision(), server);
            } else if (frame instanceof ObserveFrame.Progress progress) {
                check(progress.revision(), server);
            }
        }

        private void check(long revision, Server server) {
            assertThat(whole).isTrue();
            assertThat(state).isEqualTo(server.states.get((int) revision));
            checks++;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void observerHasTheStateOfTheServerWhateverBreaks(long seed) {
        Random random = new Random(seed);
        Server server = new Server(random);
        ObservePosition progress =
                new ObservePosition(ObserveRequest.subtree("/").initialState(true));
        Mirror mirror = new Mirror();
        int streams = 0;
        while (progress.position() < REVISIONS && streams < 2_000) {
            streams++;
            List<ObserveResponse> frames = server.serve(progress.nextRequest(0));
            int breakAt = random.nextInt(frames.size() + 2);
            for (ObserveResponse response : frames.subList(0, Math.min(breakAt, frames.size()))) {
                List<ObserveFrame> told = new ArrayList<>();
                assertThat(progress.take(response, told)).isTrue();
                told.forEach(frame -> mirror.take(frame, server));
            }
            progress.streamBroken();
            if (server.now == REVISIONS && server.changes.get(REVISIONS).isEmpty() && !progress.isInside()) {
                break;
            }
        }
        assertThat(streams).isLessThan(2_000);
        assertThat(mirror.checks).isPositive();
        assertThat(mirror.told).as("seed %d", seed).isSorted().doesNotHaveDuplicates();
    }
}
