package io.pathkeeper.server.rpc;

import static io.pathkeeper.server.rpc.WireFixture.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.v1.CampaignRequest;
import io.pathkeeper.v1.CampaignResponse;
import io.pathkeeper.v1.ElectionServiceGrpc;
import io.pathkeeper.v1.ElectionServiceObserveRequest;
import io.pathkeeper.v1.ElectionServiceObserveResponse;
import io.pathkeeper.v1.GetLeaderRequest;
import io.pathkeeper.v1.GetLeaderResponse;
import io.pathkeeper.v1.ProclaimRequest;
import io.pathkeeper.v1.ResignRequest;
import io.pathkeeper.v1.SessionKey;
import io.pathkeeper.v1.TryAcquireLockRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** ElectionService on the wire. */
@Timeout(60)
class ElectionEndpointTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private CoordinationWire all;
    private SessionKey one;
    private SessionKey two;

    @BeforeEach
    void start() throws IOException {
        all = new CoordinationWire();
        one = all.open("one");
        two = all.open("two");
    }

    @AfterEach
    void stop() {
        all.close();
    }

    private CoordinationWire.Stream<CampaignRequest, CampaignResponse> stand(SessionKey session, String value) {
        var stream = new CoordinationWire.Stream<CampaignRequest, CampaignResponse>();
        ElectionServiceGrpc.newStub(all.wire.channel)
                .campaign(
                        CampaignRequest.newBuilder()
                                .setPath("/e")
                                .setSession(session)
                                .setData(WireFixture.text(value))
                                .build(),
                        stream);
        return stream;
    }

    private CoordinationWire.Stream<ElectionServiceObserveRequest, ElectionServiceObserveResponse> observe(long start) {
        return observe(
                start, new CoordinationWire.Stream<ElectionServiceObserveRequest, ElectionServiceObserveResponse>());
    }

    private CoordinationWire.Stream<ElectionServiceObserveRequest, ElectionServiceObserveResponse> observe(
            long start, CoordinationWire.Stream<ElectionServiceObserveRequest, ElectionServiceObserveResponse> stream) {
        ElectionServiceGrpc.newStub(all.wire.channel)
                .observe(
                        ElectionServiceObserveRequest.newBuilder()
                                .setPath("/e")
                                .setStartRevision(start)
                                .build(),
                        stream);
        return stream;
    }

    private long proclaim(SessionKey session, long term, String value) {
        return all.elections()
                .proclaim(ProclaimRequest.newBuilder()
                        .setPath("/e")
                        .setSession(session)
                        .setTerm(term)
                        .setData(WireFixture.text(value))
                        .build())
                .getRevision();
    }

    private void resign(SessionKey session, long term) {
        all.elections()
                .resign(ResignRequest.newBuilder()
                        .setPath("/e")
                        .setSession(session)
                        .setTerm(term)
                        .build());
    }

    private GetLeaderResponse leader() {
        return all.elections()
                .getLeader(GetLeaderRequest.newBuilder().setPath("/e").build());
    }

    private static String told(ElectionServiceObserveResponse response) {
        return response.getRevision() + " "
                + (response.hasLeader()
                        ? response.getLeader().getTerm() + " "
                                + response.getLeader().getData().getValue().getStringValue()
                        : "none");
    }

    @Test
    void candidatesLeadInOrderAndTheLeaderHearsOfItsEnd() {
        var first = stand(one, "a");
        long term = first.next().getElected().getTerm();
        var second = stand(two, "b");
        assertThat(second.next().getQueued().getPosition()).isZero();
        assertThat(leader().getLeader().getClientIdentity()).isEqualTo("one");
        assertThat(leader().getCandidateCount()).isEqualTo(1);

        resign(one, term);

        assertThat(first.endReason()).isEqualTo("LEADERSHIP_LOST");
        long next = second.next().getElected().getTerm();
        assertThat(next).isGreaterThan(term);
        assertThat(leader().getLeader().getTerm()).isEqualTo(next);
        assertThat(second.isQuiet()).isTrue();
        all.direct.expire(two.getId());
        assertThat(second.endReason()).isEqualTo("LEADERSHIP_LOST");
        assertThat(leader().hasLeader()).isFalse();
    }

    @Test
    void standingTwiceGivesTheSamePlaceAndTheSameTerm() {
        long term = stand(one, "a").next().getElected().getTerm();
        stand(two, "b").next();

        assertThat(stand(one, "a").next().getElected().getTerm()).isEqualTo(term);
        assertThat(stand(two, "b").next().getQueued().getPosition()).isZero();

        assertThat(leader().getCandidateCount()).isEqualTo(1);
    }

    @Test
    void cancellingBeforeTheElectionLeavesAndAfterwardsDoesNot() {
        var first = stand(one, "a");
        long term = first.next().getElected().getTerm();
        var second = stand(two, "b");
        second.next();

        second.cancel();
        await().atMost(SOON).until(() -> leader().getCandidateCount() == 0);
        first.cancel();

        await().atMost(SOON).until(() -> all.direct.watches.callCount() == 0);
        assertThat(leader().getLeader().getTerm()).isEqualTo(term);
        assertThat(stand(one, "a").next().getElected().getTerm()).isEqualTo(term);
    }

    @Test
    void onlyTheLeaderProclaimsAndOnlyInItsTerm() {
        long term = stand(one, "a").next().getElected().getTerm();

        assertThat(reasonOf(() -> proclaim(two, term, "x"))).isEqualTo("LOCK_NOT_HELD");
        assertThat(reasonOf(() -> proclaim(one, term + 1, "x"))).isEqualTo("LOCK_NOT_HELD");
        assertThat(reasonOf(() -> proclaim(one, 0, "x"))).isEqualTo("ARGUMENT_INVALID");
        assertThat(reasonOf(() -> proclaim(one, term, "x".repeat(66_000)))).isEqualTo("VALUE_TOO_LARGE");
        long revision = proclaim(one, term, "b");

        assertThat(leader().getLeader().getRevision()).isEqualTo(revision);
        assertThat(leader().getLeader().getData().getValue().getStringValue()).isEqualTo("b");
        resign(one, term);
        assertThat(reasonOf(() -> proclaim(one, term, "c"))).isEqualTo("LOCK_NOT_HELD");
        assertThat(reasonOf(() -> resign(one, term))).isEqualTo("LOCK_NOT_HELD");
    }

    @Test
    void observersSeeEveryLeaderAndProclamationOnceInOrder() {
        var fromNothing = observe(0);
        assertThat(fromNothing.next().hasLeader()).isFalse();
        List<String> expected = new ArrayList<>();
        long term = stand(one, "a").next().getElected().getTerm();
        expected.add(term + " " + term + " a");
        var waiting = stand(two, "x");
        waiting.next();
        for (int i = 0; i < 20; i++) {
            expected.add(proclaim(one, term, "a" + i) + " " + term + " a" + i);
        }
        var fromThePresent = observe(0);
        assertThat(told(fromThePresent.next())).isEqualTo(expected.get(20));
        resign(one, term);
        long next = waiting.next().getElected().getTerm();
        expected.add(next + " " + next + " x");
        expected.add(proclaim(two, next, "y") + " " + next + " y");
        all.direct.expire(two.getId());
        expected.add(all.direct.view().revision() + " none");

        List<String> seen = new ArrayList<>();
        List<String> rest = new ArrayList<>();
        List<String> past = new ArrayList<>();
        var fromThePast = observe(1);
        expected.forEach(ignored -> seen.add(told(fromNothing.next())));
        expected.forEach(ignored -> past.add(told(fromThePast.next())));
        expected.subList(21, expected.size()).forEach(ignored -> rest.add(told(fromThePresent.next())));

        assertThat(seen).containsExactlyElementsOf(expected);
        assertThat(past).containsExactlyElementsOf(expected);
        assertThat(rest).containsExactlyElementsOf(expected.subList(21, expected.size()));
        assertThat(fromNothing.isQuiet()).isTrue();
        fromNothing.cancel();
        fromThePresent.cancel();
        fromThePast.cancel();
        await().atMost(SOON).until(() -> all.direct.watches.callCount() == 0);
    }

    @Test
    void anObservationThatBeginsAtTheRevisionOfALeaderBeginsWithIt() {
        long term = stand(one, "a").next().getElected().getTerm();
        long proclaimed = proclaim(one, term, "b");
        resign(one, term);
        var fromTheElection = observe(term);
        assertThat(told(fromTheElection.next())).isEqualTo(term + " " + term + " a");
        var fromTheProclamation = observe(proclaimed);
        assertThat(told(fromTheProclamation.next())).isEqualTo(proclaimed + " " + term + " b");
        var fromTheEnd = observe(proclaimed + 1);
        assertThat(told(fromTheEnd.next())).isEqualTo((proclaimed + 1) + " none");
        fromTheElection.cancel();
        fromTheProclamation.cancel();
        fromTheEnd.cancel();
    }

    @Test
    void anObserverThatDoesNotReadForAWhileMissesNothing() {
        String large = "x".repeat(40_000);
        long term = stand(one, "a").next().getElected().getTerm();
        var slow = observe(0, new CoordinationWire.Stream<>(1));
        List<String> expected = new ArrayList<>(List.of(term + " " + term + " a"));
        assertThat(told(slow.next())).isEqualTo(expected.get(0));
        // far more than the transport holds, so that the server has to keep them
        for (int i = 0; i < 50; i++) {
            expected.add(proclaim(one, term, i + large) + " " + term + " " + i + large);
        }
        slow.readOn();
        List<String> seen = new ArrayList<>(List.of(expected.get(0)));
        expected.subList(1, expected.size()).forEach(ignored -> seen.add(told(slow.next())));

        assertThat(seen).containsExactlyElementsOf(expected);
        slow.cancel();
    }

    @Test
    void observingWhatIsNotThereYetOrBelowZeroIsRefused() {
        assertThat(observe(1_000).endReason()).isEqualTo("REVISION_IN_FUTURE");
        assertThat(observe(-1).endReason()).isEqualTo("ARGUMENT_INVALID");
        await().atMost(SOON).until(() -> all.direct.watches.callCount() == 0);
    }

    @Test
    void aSnapshotInPlaceOfTheChangesEndsObservations() {
        var stream = observe(0);
        stream.next();

        all.direct.watches.replaced();

        assertThat(stream.endReason()).isEqualTo("REVISION_COMPACTED");
    }

    @Test
    void aLockIsNoElectionAndAnElectionNoLock() {
        stand(one, "a").next();

        assertThat(reasonOf(() -> all.locks()
                        .tryAcquireLock(TryAcquireLockRequest.newBuilder()
                                .setLock(CoordinationWire.lock("/e", two, ""))
                                .build())))
                .isEqualTo("LOCK_MODE_MISMATCH");
        assertThat(all.direct.locks().find(ZnodePath.parse("/e")).waiters()).isEmpty();
    }
}
