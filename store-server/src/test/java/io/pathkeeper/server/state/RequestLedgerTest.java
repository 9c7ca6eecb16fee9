package io.pathkeeper.server.state;

import static io.pathkeeper.server.state.StateFixture.create;
import static io.pathkeeper.server.state.StateFixture.sequential;
import static io.pathkeeper.server.state.StateFixture.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.ValueEncoding;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RequestLedgerTest {
    private final StateFixture store = new StateFixture();

    private static RequestId id(String client, long sequence, long acknowledgedBelow) {
        return new RequestId(client, sequence, acknowledgedBelow);
    }

    private static RejectReason reason(CommandResult result) {
        return ((CommandResult.Rejected) result).rejection().reason();
    }

    private static StateFixture with(int clients, int results, long bytes, long total) {
        return new StateFixture(
                StateLimits.DEFAULT.withLedger(new StateLimits.Ledger(clients, results, bytes, total, 600_000)));
    }

    @Test
    void aRepeatGetsTheFirstResultAndChangesNothing() {
        CommandResult first = store.apply(sequential("/n-"), id("a", 1, 0));
        store.apply(create("/other"), id("b", 1, 0));

        CommandResult repeat = store.apply(sequential("/n-"), id("a", 1, 0));

        assertThat(repeat).isSameAs(first);
        assertThat(store.changes).isEmpty();
        assertThat(store.state.view().revision()).isEqualTo(2);
    }

    @Test
    void aRepeatOfARefusalIsRefusedAgainEvenWhenItCouldBeDoneNow() {
        assertThat(reason(store.apply(create("/a/b"), id("a", 1, 0)))).isEqualTo(RejectReason.PARENT_NOT_FOUND);
        store.done(create("/a"));

        assertThat(reason(store.apply(create("/a/b"), id("a", 1, 0)))).isEqualTo(RejectReason.PARENT_NOT_FOUND);
        assertThat(store.find("/a/b")).isNull();
    }

    @Test
    void repeatsAreKnownAfterARestore() {
        CommandResult first = store.apply(sequential("/n-"), id("a", 1, 0));
        StateFixture restored = store.restored();

        assertThat(restored.apply(sequential("/n-"), id("a", 1, 0))).isEqualTo(first);
        assertThat(restored.state.view().revision()).isEqualTo(1);
    }

    @Test
    void requestsMayComeOutOfOrder() {
        CommandResult third = store.apply(sequential("/n-"), id("a", 3, 0));
        CommandResult first = store.apply(sequential("/n-"), id("a", 1, 0));
        CommandResult second = store.apply(sequential("/n-"), id("a", 2, 0));

        assertThat(store.apply(sequential("/n-"), id("a", 1, 0))).isSameAs(first);
        assertThat(store.apply(sequential("/n-"), id("a", 2, 0))).isSameAs(second);
        assertThat(store.apply(sequential("/n-"), id("a", 3, 0))).isSameAs(third);
    }

    @Test
    void acknowledgedResultsAreDroppedAndTheirRequestsNeverAppliedAgain() {
        store.apply(sequential("/n-"), id("a", 1, 0));
        store.apply(sequential("/n-"), id("a", 2, 2));

        CommandResult late = store.apply(sequential("/n-"), id("a", 1, 0));

        assertThat(reason(late)).isEqualTo(RejectReason.REQUEST_ID_EXPIRED);
        assertThat(store.state.view().znodeCount()).isEqualTo(3);
        List<ClientResults> stored = new ArrayList<>();
        store.state.pin().clients().forEachRemaining(stored::add);
        assertThat(stored).hasSize(1);
        assertThat(stored.get(0).floor()).isEqualTo(2);
        assertThat(stored.get(0).results()).hasSize(1);
    }

    @Test
    void anAcknowledgementNeverReachesTheRequestItself() {
        CommandResult first = store.apply(sequential("/n-"), id("a", 1, 1_000));

        assertThat(store.apply(sequential("/n-"), id("a", 1, 1_000))).isSameAs(first);
    }

    @Test
    void theOldestResultsGoWhenThereAreTooMany() {
        StateFixture small = with(10, 3, 1 << 20, 1 << 20);
        for (int i = 1; i <= 5; i++) {
            small.apply(sequential("/n-"), id("a", i, 0));
        }

        assertThat(reason(small.apply(sequential("/n-"), id("a", 2, 0)))).isEqualTo(RejectReason.REQUEST_ID_EXPIRED);
        assertThat(small.apply(sequential("/n-"), id("a", 3, 0))).isInstanceOf(CommandResult.Created.class);
        assertThat(small.state.view().revision()).isEqualTo(5);
    }

    @Test
    void theOldestResultsGoWhenTheyAreTooLarge() {
        StateFixture small = with(10, 1_000, 10_000, 1 << 20);
        small.done(create("/a"));
        byte[] value = ValueEncoding.ofBytes(new byte[4_000]);
        for (int i = 1; i <= 3; i++) {
            small.apply(new Command.Set(ZnodePath.parse("/a"), value, "", -1, -1, false, false, false), id("a", i, 0));
        }

        assertThat(reason(small.apply(set("/a", 1), id("a", 1, 0)))).isEqualTo(RejectReason.REQUEST_ID_EXPIRED);
        assertThat(small.apply(set("/a", 1), id("a", 3, 0))).isInstanceOf(CommandResult.Updated.class);
        assertThat(small.get("/a").version()).isEqualTo(4);
    }

    @Test
    void idleClientsPayFirstWhenAllResultsTogetherAreTooLarge() {
        StateFixture small = with(10, 1_000, 1 << 20, 2_000);
        for (int i = 1; i <= 3; i++) {
            small.apply(sequential("/n-"), id("idle", i, 0));
        }
        small.apply(sequential("/n-"), id("busy", 1, 0));
        for (int i = 2; i <= 4; i++) {
            small.apply(sequential("/n-"), id("busy", i, 0));
        }

        assertThat(reason(small.apply(sequential("/n-"), id("idle", 1, 0)))).isEqualTo(RejectReason.REQUEST_ID_EXPIRED);
        assertThat(small.apply(sequential("/n-"), id("busy", 1, 0))).isInstanceOf(CommandResult.Created.class);
        assertThat(small.state.view().revision()).isEqualTo(7);
    }

    @Test
    void clientsAreForgottenAfterTenIdleMinutes() {
        store.apply(sequential("/n-"), id("a", 1, 0));
        store.cluster += 300_000;
        store.apply(sequential("/n-"), id("b", 1, 0));
        store.cluster += 299_999;
        assertThat(store.state.ledgerClientCount()).isEqualTo(2);
        store.apply(sequential("/n-"), id("b", 2, 0));
        store.cluster += 1;
        store.apply(new Command.Tick(1), null);

        assertThat(store.state.ledgerClientCount()).isEqualTo(1);
    }

    @Test
    void tooManyClientsAreRefusedUntilSomeAreForgotten() {
        StateFixture small = with(2, 10, 1 << 20, 1 << 20);
        small.apply(sequential("/n-"), id("a", 1, 0));
        small.apply(sequential("/n-"), id("b", 1, 0));

        assertThat(reason(small.apply(sequential("/n-"), id("c", 1, 0)))).isEqualTo(RejectReason.OVERLOADED);
        assertThat(small.apply(sequential("/n-"), null)).isInstanceOf(CommandResult.Created.class);
        small.cluster += 600_000;
        assertThat(small.apply(sequential("/n-"), id("c", 1, 0))).isInstanceOf(CommandResult.Created.class);
    }

    /** Pins come at other times on every server, so they must not change who pays for a limit. */
    @Test
    void pinningChangesNeitherThePinnedNorTheOrder() {
        StateFixture quiet = with(10, 1_000, 1 << 20, 3_000);
        StateFixture pinned = with(10, 1_000, 1 << 20, 3_000);
        for (int i = 1; i <= 60; i++) {
            RequestId id = id("client-" + i * 7 % 5, i, 0);
            quiet.apply(sequential("/n-"), id);
            PinnedState pin = pinned.state.pin();
            List<String> before = stored(pin);
            pinned.apply(sequential("/n-"), id);
            assertThat(stored(pin)).isEqualTo(before);
            assertThat(stored(pinned.state.pin())).isEqualTo(stored(quiet.state.pin()));
            pinned = i % 10 == 0 ? pinned.restored() : pinned;
        }
    }

    /** As texts: znodes are compared by their facts. */
    private static List<String> stored(PinnedState pin) {
        List<String> stored = new ArrayList<>();
        pin.clients().forEachRemaining(client -> stored.add(client.toString()));
        assertThat(pin.clientCount()).isEqualTo(stored.size());
        return stored;
    }

    @Test
    void sequencesBeginWithOne() {
        assertThat(reason(store.apply(create("/a"), id("a", 0, 0)))).isEqualTo(RejectReason.ARGUMENT_INVALID);
    }

    @Test
    void contradictoryRecordsAreRefused() {
        RequestLedger ledger = new RequestLedger(StateLimits.Ledger.DEFAULT);
        CommandResult result = new CommandResult.Done(1);
        List<ClientResults.NumberedResult> descending =
                List.of(new ClientResults.NumberedResult(2, result), new ClientResults.NumberedResult(1, result));
        assertThatThrownBy(() -> ledger.restore(new ClientResults("a", 1, 0, descending)))
                .isInstanceOf(InvalidStateException.class);
        ledger.restore(new ClientResults("b", 1, 0, List.of()));
        assertThatThrownBy(() -> ledger.restore(new ClientResults("b", 1, 0, List.of())))
                .isInstanceOf(InvalidStateException.class)
                .hasMessageContaining("twice");
    }
}
