package io.pathkeeper.server.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.ValueEncoding;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What quotas let pass, beyond what the model test compares. */
class QuotaTest {
    private final StateFixture store = new StateFixture();

    private static Command quota(String name, String path, long znodes, long bytes, long children) {
        Quota quota = new Quota(name, ZnodePath.parse(path), znodes, bytes, children);
        return record(name, quota.encode());
    }

    private static Command record(String name, byte[] value) {
        return internal(new Command.Create(
                Quotas.TOP.child(name),
                ZnodeKind.PERSISTENT,
                value,
                "",
                false,
                ZnodeKind.PERSISTENT,
                0,
                false,
                null,
                false));
    }

    private static Command internal(Command operation) {
        return new Command.Internal(new Command.Transact(List.of(), List.of(operation), List.of()));
    }

    private static Command create(String path, int bytes) {
        return create(path, bytes, null);
    }

    private static Command create(String path, int bytes, @Nullable ZnodeKind parents) {
        return new Command.Create(
                ZnodePath.parsePrefix(path),
                ZnodeKind.PERSISTENT,
                new byte[bytes],
                "",
                path.endsWith("-"),
                parents,
                0,
                false,
                null,
                false);
    }

    private static Command set(String path, int bytes) {
        return new Command.Set(
                ZnodePath.parse(path), new byte[bytes], "", Command.ANY, Command.ANY, false, false, false);
    }

    private static Command delete(String path) {
        return new Command.Delete(ZnodePath.parse(path), true, Command.ANY, Command.ANY, false);
    }

    @Test
    void aRefusalNamesQuotaUsageAndLimitAndNothingChanges() {
        store.done(create("/app", 5));
        store.done(quota("apps", "/app", 3, 100, Quota.NONE));
        store.done(create("/app/a", 5));
        store.done(create("/app/b", 5));
        long before = store.state.digest().digest();

        Rejection refused = store.refused(create("/app/c", 0));

        assertThat(refused.reason()).isEqualTo(RejectReason.QUOTA_EXCEEDED);
        assertThat(refused.message()).contains("the quota apps", "3 znodes", "/app/c");
        assertThat(refused.metadata())
                .containsOnly(
                        Map.entry("path", "/app/c"),
                        Map.entry("quota", "apps"),
                        Map.entry("kind", "znodes"),
                        Map.entry("used", "3"),
                        Map.entry("limit", "3"));
        assertThat(store.refused(set("/app/a", 91)).metadata())
                .containsEntry("kind", "bytes")
                .containsEntry("used", "15");
        assertThat(store.state.digest().digest()).isEqualTo(before);
        store.done(set("/app/a", 90));
        store.done(delete("/app/b"));
        store.done(create("/app/c", 5));
    }

    @Test
    void nestedQuotasAllHoldAndTheNearestIsNamedFirst() {
        store.done(create("/t", 0));
        store.done(create("/t/a", 0));
        store.done(quota("all", "/t", 4, Quota.NONE, Quota.NONE));
        store.done(quota("one", "/t/a", 2, Quota.NONE, Quota.NONE));
        store.done(create("/t/a/1", 0));
        assertThat(store.refused(create("/t/a/2", 0)).metadata()).containsEntry("quota", "one");
        store.done(create("/t/b", 0));
        assertThat(store.refused(create("/t/c", 0)).metadata()).containsEntry("quota", "all");
    }

    @Test
    void childrenOfTheTopAloneAreCounted() {
        store.done(create("/t", 0));
        store.done(quota("few", "/t", Quota.NONE, Quota.NONE, 2));
        store.done(create("/t/a", 0));
        store.done(create("/t/n-", 0));
        assertThat(store.refused(create("/t/n-", 0)).metadata()).containsEntry("kind", "children");
        assertThat(store.refused(create("/t/x/y/z", 0, ZnodeKind.PERSISTENT)).metadata())
                .containsEntry("kind", "children");
        store.done(create("/t/a/b", 0));
        store.done(create("/t/a/c/d", 0, ZnodeKind.PERSISTENT));
    }

    @Test
    void parentsThatAreMadeOnTheWayCountToo() {
        store.done(quota("new", "/t/a", 3, Quota.NONE, 1));
        assertThat(store.refused(create("/t/a/b/c/d", 0, ZnodeKind.CONTAINER)).metadata())
                .containsEntry("kind", "znodes")
                .containsEntry("used", "0");
        assertThat(store.find("/t")).isNull();
        store.done(create("/t/a/b/c", 0, ZnodeKind.CONTAINER));
        int empty = ValueEncoding.ofNull().length;
        store.done(quota("bytes", "/u", Quota.NONE, 2 * empty + 9, Quota.NONE));
        assertThat(store.refused(create("/u/b/c", 10, ZnodeKind.PERSISTENT)).metadata())
                .containsEntry("kind", "bytes");
        store.done(create("/u/b/c", 9, ZnodeKind.PERSISTENT));
    }

    @Test
    void aTransactionIsDoneAsAWholeOrNotAtAll() {
        store.done(create("/t", 0));
        store.done(quota("q", "/t", 2, Quota.NONE, Quota.NONE));
        Command both = new Command.Transact(List.of(), List.of(create("/t/a", 0), create("/t/b", 0)), List.of());
        assertThat(store.refused(both).metadata())
                .containsEntry("op_index", "1")
                .containsEntry("quota", "q");
        assertThat(store.find("/t/a")).isNull();
        store.done(create("/t/a", 0));
        store.done(new Command.Transact(List.of(), List.of(delete("/t/a"), create("/t/b", 0)), List.of()));
        assertThat(store.get("/t").descendantCount()).isOne();
    }

    @Test
    void aQuotaBelowWhatIsThereIsRefusedAndTheOneBeforeStays() {
        store.done(create("/t", 7));
        store.done(create("/t/a", 7));
        store.done(quota("q", "/t", 2, 14, 1));
        for (Command low : List.of(
                quota("low", "/t", 1, Quota.NONE, Quota.NONE),
                quota("low", "/t", Quota.NONE, 13, Quota.NONE),
                quota("low", "/t", Quota.NONE, Quota.NONE, 0))) {
            Rejection refused = store.refused(low);
            assertThat(refused.reason()).isEqualTo(RejectReason.QUOTA_EXCEEDED);
            assertThat(refused.message()).contains("the quota low cannot let /t have", "already");
        }
        assertThat(Quotas.of(store.state.view()).all()).hasSize(1);
        Command lower = new Command.Set(
                Quotas.TOP.child("q"),
                new Quota("q", ZnodePath.parse("/t"), 1, Quota.NONE, Quota.NONE).encode(),
                "",
                Command.ANY,
                Command.ANY,
                false,
                false,
                false);
        assertThat(store.refused(internal(lower)).metadata()).containsEntry("used", "2");
        assertThat(store.refused(create("/t/b", 0)).metadata()).containsEntry("limit", "2");
        store.done(internal(delete("/_sys/quotas/q")));
        store.done(create("/t/b", 0));
    }

    /** The servers' own records are never refused, so a quota of the root may be exceeded; then it can be changed all the same. */
    @Test
    void whatIsExceededCanBeRaisedInStepsAndGetOtherLimitsButNotBeLowered() {
        store.done(quota("q", "/", 1_000, Quota.NONE, Quota.NONE));
        long limit = Quota.used(Quota.Kind.ZNODES, store.get("/"));
        store.done(changed(limit, Quota.NONE));
        for (int i = 0; i < 5; i++) {
            store.done(quota("other" + i, "/t", 10, Quota.NONE, Quota.NONE));
        }

        assertThat(store.refused(changed(limit - 1, Quota.NONE)).metadata())
                .containsEntry("used", Long.toString(limit + 5));
        assertThat(store.refused(changed(limit, 1)).metadata()).containsEntry("kind", "bytes");
        store.done(changed(limit, 1_000_000));
        store.done(changed(limit + 1, 1_000_000));
        assertThat(store.refused(changed(limit, 1_000_000)).metadata()).containsEntry("limit", Long.toString(limit));
    }

    private static Command changed(long znodes, long bytes) {
        return internal(new Command.Set(
                Quotas.TOP.child("q"),
                new Quota("q", ZnodePath.ROOT, znodes, bytes, Quota.NONE).encode(),
                "",
                Command.ANY,
                Command.ANY,
                false,
                false,
                false));
    }

    @Test
    void quotasHoldBehindARestoreFromASnapshot() {
        store.done(create("/t", 7));
        store.done(quota("q", "/t", 2, 100, Quota.NONE));
        StateFixture restored = store.restored();
        restored.done(create("/t/a", 90));
        assertThat(restored.refused(create("/t/b", 0)).metadata()).containsEntry("used", "2");
        assertThat(restored.refused(set("/t", 11)).metadata()).containsEntry("used", "97");
    }

    @Test
    void whatIsNoRecordOfAQuotaIsRefused() {
        byte[] none = new Quota("q", ZnodePath.ROOT, Quota.NONE, Quota.NONE, Quota.NONE).encode();
        assertThat(Quota.read(new byte[] {'q'}, none)).isNotNull();
        for (byte[] damaged : List.of(
                StateFixture.value(1),
                new byte[0],
                new Quota("q", ZnodePath.ROOT, -5, Quota.NONE, Quota.NONE).encode(),
                new Quota("q", ZnodePath.SYSTEM, 5, Quota.NONE, Quota.NONE).encode())) {
            assertThat(store.refused(record("q", damaged)).reason()).isEqualTo(RejectReason.ARGUMENT_INVALID);
        }
        for (int i = 0; i < Quotas.MOST; i++) {
            store.done(quota("q" + i, "/t", 10, Quota.NONE, Quota.NONE));
        }
        assertThat(store.refused(quota("last", "/t", 10, Quota.NONE, Quota.NONE))
                        .metadata())
                .containsEntry("limit", "256");
        Znode top = store.get("/_sys/quotas");
        assertThat(top.childCount()).isEqualTo(Quotas.MOST);
    }
}
