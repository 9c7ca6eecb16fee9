package io.pathkeeper.it.fault.workload;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.pathkeeper.it.coordination.CoordinationClient;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.it.history.ElectionHistory;
import io.pathkeeper.v1.CampaignRequest;
import io.pathkeeper.v1.CampaignResponse;
import io.pathkeeper.v1.ElectionServiceObserveRequest;
import io.pathkeeper.v1.ElectionServiceObserveResponse;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.ProclaimRequest;
import io.pathkeeper.v1.ResignRequest;
import io.pathkeeper.v1.SessionKey;
import io.pathkeeper.v1.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Candidates that stand for election, proclaim and resign again and again, and observers, as many as there are servers, that go from server to server: in the end each must have been told of every
 * leader once, in the order of the terms.
 */
final class ElectionWorkload implements Workload {
    static final String ELECTION = "/elections/faults";

    private static final int CANDIDATES = 3;
    private static final int CALLS_IN_TURN = 4;
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration STREAM_LIMIT = Duration.ofSeconds(10);
    private static final Duration LAST_LOOK = Duration.ofSeconds(60);

    private final ElectionHistory history = new ElectionHistory();
    private final Tally tally = new Tally();
    private final List<Observer> observers = new ArrayList<>();
    private @Nullable Servers servers;

    /** How far an observer has come. Used by one thread at a time. */
    private static final class Observer {
        final int number;
        int server;
        long next;
        int begun;

        Observer(int number) {
            this.number = number;
            this.server = number;
        }

        /** It has another name when it had to begin anew. */
        String name() {
            return "observer " + number + (begun == 0 ? "" : " begun anew, " + begun);
        }
    }

    @Override
    public String name() {
        return "elections";
    }

    @Override
    public int clients() {
        return CANDIDATES + prepared().stubs().size();
    }

    @Override
    public void prepare(Servers all) {
        servers = all;
        for (int i = 0; i < all.stubs().size(); i++) {
            observers.add(new Observer(i));
        }
    }

    @Override
    public void run(int client, SplittableRandom dice, BooleanSupplier stopping) throws InterruptedException {
        if (client >= CANDIDATES) {
            Observer observer = observers.get(client - CANDIDATES);
            while (!stopping.getAsBoolean()) {
                observe(observer, stopping);
            }
            return;
        }
        CoordinationClient candidate = new CoordinationClient(prepared().stubs(), client, PATIENCE);
        for (int number = 0; !stopping.getAsBoolean(); number++) {
            SessionKey session = candidate.open(SESSION_TIMEOUT, "candidate-" + client);
            try {
                for (int turn = 0; !stopping.getAsBoolean(); turn++) {
                    lead(candidate, session, client + "." + number + "." + turn);
                }
                candidate.close(session);
            } catch (StatusRuntimeException e) {
                if (!ServerStubs.reasonOf(e).equals("SESSION_EXPIRED")) {
                    throw e;
                }
                tally.failed(PinnedCalls.failure(e)); // it waited for longer than the session lives
            }
        }
    }

    /** Stands, proclaims and resigns. */
    private void lead(CoordinationClient client, SessionKey session, String candidate) throws InterruptedException {
        for (int i = 0; i < CALLS_IN_TURN; i++) {
            prepared().pace().await();
        }
        client.renew(session);
        long term = campaign(client, session, candidate);
        history.elected(term, candidate);
        tally.succeeded();
        ProclaimRequest proclamation = ProclaimRequest.newBuilder()
                .setPath(ELECTION)
                .setSession(session)
                .setCandidateId(candidate)
                .setTerm(term)
                .setData(Payload.newBuilder().setValue(Value.newBuilder().setIntValue(term)))
                .build();
        ResignRequest resignation = ResignRequest.newBuilder()
                .setPath(ELECTION)
                .setSession(session)
                .setCandidateId(candidate)
                .setTerm(term)
                .build();
        try {
            client.call(server -> server.elections(CALL_LIMIT).proclaim(proclamation));
            tally.succeeded();
            client.call(server -> server.elections(CALL_LIMIT).resign(resignation));
            tally.succeeded();
        } catch (StatusRuntimeException e) {
            // a resignation whose answer was lost is repeated, and then there is nothing to resign from
            if (!ServerStubs.reasonOf(e).equals("LOCK_NOT_HELD")) {
                throw e;
            }
            tally.failed(PinnedCalls.failure(e));
        }
    }

    private static long campaign(CoordinationClient client, SessionKey session, String candidate) {
        long[] attempts = new long[1];
        return client.call(server -> {
            CampaignRequest request = CampaignRequest.newBuilder()
                    .setPath(ELECTION)
                    .setSession(session)
                    .setCandidateId(candidate)
                    .setAttempt(++attempts[0])
                    .build();
            Iterator<CampaignResponse> events = server.elections(STREAM_LIMIT).campaign(request);
            while (events.hasNext()) {
                CampaignResponse event = events.next();
                if (event.hasElected()) {
                    return event.getElected().getTerm();
                }
            }
            throw Status.UNAVAILABLE
                    .withDescription("the stream ended without an election")
                    .asRuntimeException();
        });
    }

    /** Observes the next server, from where the one before ended, for a while. */
    private void observe(Observer observer, BooleanSupplier stopping) throws InterruptedException {
        ServerStubs server = prepared().stubs().get(observer.server);
        observer.server = (observer.server + 1) % prepared().stubs().size();
        try {
            Iterator<ElectionServiceObserveResponse> events = server.elections(STREAM_LIMIT)
                    .observe(ElectionServiceObserveRequest.newBuilder()
                            .setPath(ELECTION)
                            .setStartRevision(observer.next)
                            .build());
            while (!stopping.getAsBoolean() && events.hasNext()) {
                ElectionServiceObserveResponse event = events.next();
                tally.told();
                if (observer.next > 0 || event.hasLeader()) {
                    history.observed(observer.name(), event.getLeader().getTerm(), event.getRevision());
                    observer.next = event.getRevision() + 1;
                }
            }
        } catch (StatusRuntimeException e) {
            CallFailure failure = PinnedCalls.failure(e);
            if (failure.isRefused("REVISION_COMPACTED")) {
                observer.begun++;
                observer.next = 0;
            } else if (failure.isRefused()) {
                throw e;
            }
            if (e.getStatus().getCode() != Status.Code.DEADLINE_EXCEEDED) {
                tally.failed(failure);
                TimeUnit.MILLISECONDS.sleep(20); // a pace for servers that refuse at once
            }
        }
    }

    /** A last leader, of whom every observer must be told: so none of the others can have been left out at the end. */
    @Override
    public Findings check() throws InterruptedException {
        CoordinationClient client = new CoordinationClient(prepared().stubs(), 0, LAST_LOOK);
        SessionKey session = client.open(SESSION_TIMEOUT, "last");
        long last = campaign(client, session, "last");
        history.elected(last, "last");
        for (Observer observer : observers) {
            long end = System.nanoTime() + LAST_LOOK.toNanos();
            BooleanSupplier done = () -> history.newestTerm(observer.name()) >= last || System.nanoTime() - end > 0;
            while (!done.getAsBoolean()) {
                observe(observer, done);
            }
            if (history.newestTerm(observer.name()) < last) {
                tally.violated(List.of(observer.name() + " was not told of the last leader, of term " + last
                        + ", within " + LAST_LOOK.toSeconds() + " s"));
            }
        }
        client.close(session);
        tally.violated(history.violations());
        return tally.findings(name());
    }

    @Override
    public void close() {
        // every client closes what it opened
    }

    private Servers prepared() {
        if (servers == null) {
            throw new IllegalStateException(name() + " is not prepared");
        }
        return servers;
    }
}
