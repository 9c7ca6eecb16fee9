package io.pathkeeper.client.internal;

import static io.pathkeeper.client.session.SessionState.CONNECTED;
import static io.pathkeeper.client.session.SessionState.LOST;
import static io.pathkeeper.client.session.SessionState.SUSPENDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.pathkeeper.client.session.SessionKey;
import io.pathkeeper.client.session.SessionState;
import io.pathkeeper.v1.KeepAliveRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a session is lost by the client's own clock, and what is done to keep it: with a clock and a network that the test moves. */
@Timeout(60)
class SessionKeeperTest {
    private static final long TIMEOUT = 12_000;

    private long nowNanos = 5_000_000_000L;
    private final ManualLink link = new ManualLink(() -> nowNanos);
    private final SessionKeeper keeper = new SessionKeeper(link, () -> nowNanos);
    private final List<SessionState> told = new ArrayList<>();

    private DefaultSession open(long id, long timeoutMillis) {
        DefaultSession session = new DefaultSession(
                new SessionKey(id, new byte[32]),
                TimeUnit.MILLISECONDS.toNanos(timeoutMillis),
                false,
                nowNanos,
                () -> nowNanos,
                Runnable::run,
                closing -> CompletableFuture.completedFuture(7L));
        session.addListener((of, state) -> told.add(state));
        keeper.keep(session, nowNanos);
        keeper.turn();
        return session;
    }

    private void pass(long millis) {
        nowNanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private void passAndTurn(long millis) {
        pass(millis);
        keeper.turn();
    }

    /** Lets time pass as the keeper's thread would: from turn to turn. */
    private void run(long millis) {
        long end = nowNanos + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long next = keeper.turn(); next - end < 0; next = keeper.turn()) {
            nowNanos = Math.max(nowNanos + 1, next);
        }
        nowNanos = end;
        keeper.turn();
    }

    @Test
    void sendsOneKeepAliveEachThirdOfTheTimeout() {
        DefaultSession session = open(1, TIMEOUT);
        assertThat(link.requestCount()).isZero();
        passAndTurn(4_000);
        assertThat(link.requestCount()).isEqualTo(1);
        assertThat(link.lastRequest().getSessions(0)).isEqualTo(SessionProto.key(session.key()));
        pass(100);
        link.lastStream().answer(link.lastRequest(), TIMEOUT, "");
        passAndTurn(0);
        passAndTurn(3_700);
        assertThat(link.requestCount()).isEqualTo(1);
        passAndTurn(200);
        assertThat(link.requestCount()).isEqualTo(2);
        assertThat(link.streams).hasSize(1);
    }

    @Test
    void sessionsThatAreDueTogetherShareOneRequest() {
        for (int id = 1; id <= 1_500; id++) {
            open(id, TIMEOUT);
        }
        passAndTurn(4_000);
        assertThat(link.lastStream().requests)
                .extracting(KeepAliveRequest::getSessionsCount)
                .containsExactly(1_000, 500);
        assertThat(link.streams).hasSize(1);
    }

    @Test
    void isLostOneTimeoutAfterTheLastAnsweredKeepAliveWasSent() {
        DefaultSession session = open(1, TIMEOUT);
        passAndTurn(4_000);
        pass(1_500);
        // The answer was long on its way: what counts is when the question was sent.
        link.lastStream().answer(link.lastRequest(), TIMEOUT, "");
        keeper.turn();
        run(6_499);
        assertThat(session.state()).isEqualTo(CONNECTED);
        run(1);
        assertThat(told).containsExactly(SUSPENDED);
        run(3_999);
        assertThat(session.state()).isEqualTo(SUSPENDED);
        run(1);
        assertThat(session.state()).isEqualTo(LOST);
        assertThat(told).containsExactly(SUSPENDED, LOST);
        assertThat(session.whenLost()).isCompleted();
    }

    @Test
    void isLostInTimeWhenTheNetworkSwallowsEverything() {
        DefaultSession session = open(1, TIMEOUT);
        run(TIMEOUT - 1);
        assertThat(session.state()).isEqualTo(SUSPENDED);
        run(1);
        assertThat(session.state()).isEqualTo(LOST);
        assertThat(link.left).as("servers tried").isGreaterThanOrEqualTo(2);
        assertThat(link.singles).isNotEmpty();
        assertThat(keeper.sessionCount()).isZero();
    }

    @Test
    void firstQuestionAfterAPauseKnowsThatItIsLost() {
        DefaultSession session = open(1, TIMEOUT);
        pass(TIMEOUT);
        // No thread of this program ran in between, and none has run since.
        assertThat(session.state()).isEqualTo(LOST);
        assertThat(told).containsExactly(LOST);
    }

    @Test
    void answerBehindTheTimeoutBringsNothingBack() {
        DefaultSession session = open(1, TIMEOUT);
        passAndTurn(4_000);
        pass(TIMEOUT);
        link.lastStream().answer(link.lastRequest(), TIMEOUT, "");
        keeper.turn();
        assertThat(session.state()).isEqualTo(LOST);
        assertThat(told).containsExactly(LOST);
    }

    @Test
    void comesBackFromSuspended() {
        DefaultSession session = open(1, TIMEOUT);
        run(9_000);
        assertThat(session.state()).isEqualTo(SUSPENDED);
        link.singles.get(link.singles.size() - 1).succeed(TIMEOUT);
        link.lastStream().answer(link.lastRequest(), TIMEOUT, "");
        keeper.turn();
        assertThat(session.state()).isEqualTo(CONNECTED);
        assertThat(told).containsExactly(SUSPENDED, CONNECTED);
    }

    @Test
    void lateAnswerOfAnOlderQuestionNeverShortensTheTime() {
        DefaultSession session = open(1, TIMEOUT);
        passAndTurn(4_000);
        KeepAliveRequest first = link.lastRequest();
        ManualLink.ManualStream stream = link.lastStream();
        stream.answer(first, TIMEOUT, "");
        keeper.turn();
        passAndTurn(4_000);
        stream.answer(link.lastRequest(), TIMEOUT, "");
        keeper.turn();
        stream.answer(first, TIMEOUT, "");
        keeper.turn();
        pass(7_999);
        assertThat(session.state()).isEqualTo(CONNECTED);
    }

    @Test
    void isLostAtOnceWhenTheServerSaysSo() {
        DefaultSession session = open(1, TIMEOUT);
        passAndTurn(4_000);
        link.lastStream().answer(link.lastRequest(), 0, "SESSION_EXPIRED");
        keeper.turn();
        assertThat(session.state()).isEqualTo(LOST);
        assertThat(told).containsExactly(LOST);
    }

    @Test
    void brokenStreamIsReplacedBySingleCallsAtTheNextServerAndTriedAgainLater() {
        DefaultSession session = open(1, TIMEOUT);
        passAndTurn(4_000);
        link.lastStream().breakNow(Status.Code.UNAVAILABLE);
        run(30);
        assertThat(link.left).isEqualTo(1);
        assertThat(link.singles).hasSize(1);
        link.singles.get(0).succeed(TIMEOUT);
        keeper.turn();
        assertThat(session.state()).isEqualTo(CONNECTED);
        run(4_000);
        assertThat(link.streams).hasSize(2);
        assertThat(link.lastStream().requests).hasSize(1);
    }

    @Test
    void singleCallThatIsToldTheEndLosesTheSession() {
        DefaultSession session = open(1, TIMEOUT);
        passAndTurn(4_000);
        link.lastStream().breakNow(Status.Code.UNIMPLEMENTED);
        run(30);
        link.singles.get(0).fail(Status.Code.FAILED_PRECONDITION, "SESSION_EXPIRED");
        keeper.turn();
        assertThat(session.state()).isEqualTo(LOST);
    }

    @Test
    void closedSessionIsLostAtOnceAndNotKeptAnyMore() {
        DefaultSession session = open(1, TIMEOUT);
        assertThat(session.closeAsync().join()).isEqualTo(7);
        assertThat(session.state()).isEqualTo(LOST);
        run(TIMEOUT);
        assertThat(link.requestCount()).isZero();
        assertThat(told).containsExactly(LOST);
    }

    @Test
    void closedClientLosesAllSessions() {
        DefaultSession session = open(1, TIMEOUT);
        keeper.close();
        assertThat(session.state()).isEqualTo(LOST);
    }

    /** Answers at random what was sent at random times before; returns when the newest of it was sent. */
    private long answerSomething(Random random) {
        long newest = Long.MIN_VALUE;
        for (ManualLink.ManualStream stream : link.streams) {
            for (int i = 0; i < stream.requests.size(); i++) {
                if (random.nextInt(4) == 0) {
                    newest = Math.max(newest, stream.sentNanos.get(i));
                    stream.answer(stream.requests.get(i), TIMEOUT, "");
                }
            }
            if (random.nextInt(20) == 0) {
                stream.breakNow(Status.Code.UNAVAILABLE);
            }
        }
        for (ManualLink.Single single : link.singles) {
            if (random.nextInt(4) == 0) {
                newest = Math.max(newest, single.sentNanos());
                single.succeed(TIMEOUT);
            }
        }
        return newest;
    }

    @Test
    void neverOutlivesItsTimeWhateverTheNetworkDoes() {
        int lost = 0;
        for (long seed = 1; seed <= 300; seed++) {
            Random random = new Random(seed);
            link.streams.clear();
            link.singles.clear();
            told.clear();
            DefaultSession session = open(seed, TIMEOUT);
            long newestAnswered = nowNanos;
            for (int step = 0; step < 60; step++) {
                nowNanos += TimeUnit.MILLISECONDS.toNanos(random.nextInt(2_500));
                if (random.nextBoolean()) {
                    keeper.turn();
                }
                newestAnswered = Math.max(newestAnswered, answerSomething(random));
                if (random.nextBoolean()) {
                    keeper.turn();
                }
                boolean over = nowNanos - newestAnswered >= TimeUnit.MILLISECONDS.toNanos(TIMEOUT);
                if (over || told.contains(LOST)) {
                    assertThat(session.state())
                            .as("seed %s step %s", seed, step)
                            .isEqualTo(LOST);
                }
            }
            lost += session.state() == LOST ? 1 : 0;
            session.end();
            keeper.turn();
        }
        assertThat(lost).as("runs in which the session was lost").isBetween(1, 299);
    }
}
