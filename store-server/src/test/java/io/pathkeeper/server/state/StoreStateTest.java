package io.pathkeeper.server.state;

import static io.pathkeeper.server.state.StateFixture.create;
import static io.pathkeeper.server.state.StateFixture.delete;
import static io.pathkeeper.server.state.StateFixture.deleteAll;
import static io.pathkeeper.server.state.StateFixture.ephemeral;
import static io.pathkeeper.server.state.StateFixture.sequential;
import static io.pathkeeper.server.state.StateFixture.set;
import static io.pathkeeper.server.state.StateFixture.transact;
import static io.pathkeeper.server.state.StateFixture.ttl;
import static io.pathkeeper.server.state.StateFixture.value;
import static io.pathkeeper.server.state.StateFixture.withParents;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.tree.ChangeCause;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.FieldOperation;
import io.pathkeeper.server.value.ValueEncoding;
import io.pathkeeper.server.value.ValueLimits;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of the store, one by one; how they act together is the model test's. */
@Timeout(60)
class StoreStateTest {
    private final StateFixture store = new StateFixture();

    @Test
    void beginsWithTheRootAtRevisionZero() {
        TreeView view = store.state.view();

        assertThat(view.revision()).isZero();
        assertThat(view.znodeCount()).isEqualTo(1);
        assertThat(view.root().version()).isEqualTo(1);
        assertThat(ValueEncoding.decode(view.root().value()).kind().displayName())
                .isEqualTo("null");
        assertThat(store.state.history().oldestRevision()).isEqualTo(1);
        assertThat(store.state.nextDeadlineMillis()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theRootCanBeSetButNeitherCreatedNorDeleted() {
        store.done(set("/", 5));

        assertThat(store.state.view().root().version()).isEqualTo(2);
        assertThat(store.refused(create("/")).reason()).isEqualTo(RejectReason.ROOT_IMMUTABLE);
        assertThat(store.refused(delete("/")).reason()).isEqualTo(RejectReason.ROOT_IMMUTABLE);
        assertThat(store.refused(deleteAll("/")).reason()).isEqualTo(RejectReason.ROOT_IMMUTABLE);
        assertThat(store.state.view().revision()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/_sys", "/_sys/a", "/zookeeper", "/zookeeper/a/b"})
    void reservedPathsCannotBeWritten(String path) {
        assertThat(store.refused(withParents(path, ZnodeKind.PERSISTENT)).reason())
                .isEqualTo(RejectReason.PATH_INVALID);
        assertThat(store.refused(set(path, 1)).message()).contains(path).contains("reserved");
        assertThat(store.refused(delete(path)).reason()).isEqualTo(RejectReason.PATH_INVALID);
        assertThat(store.refused(sequential(path + "/")).reason()).isEqualTo(RejectReason.PATH_INVALID);
        assertThat(store.refused(new Command.Patch(ZnodePath.parse(path), List.of(), -1, -1, false))
                        .reason())
                .isEqualTo(RejectReason.PATH_INVALID);
    }

    @Test
    void versionsAndRevisionsCountWhatHappened() {
        store.done(create("/a"));
        store.wall = 2_000;
        store.done(set("/a", 1));
        store.wall = 1_500;
        store.done(create("/a/b"));
        store.done(delete("/a/b"));

        Znode a = store.get("/a");
        assertThat(a.createdRevision()).isEqualTo(1);
        assertThat(a.modifiedRevision()).isEqualTo(2);
        assertThat(a.childrenRevision()).isEqualTo(4);
        assertThat(a.version()).isEqualTo(2);
        assertThat(a.childrenVersion()).isEqualTo(2);
        assertThat(a.createdAtMillis()).isEqualTo(1_000);
        assertThat(a.modifiedAtMillis()).isEqualTo(2_000);
        assertThat(store.state.wallMillis()).as("clocks never go back").isEqualTo(2_000);
        assertThat(store.state.view().root().descendantCount()).isEqualTo(1);
    }

    @Test
    void creationNeedsParentAndFreeName() {
        Rejection noParent = store.refused(create("/a/b"));
        assertThat(noParent.reason()).isEqualTo(RejectReason.PARENT_NOT_FOUND);
        assertThat(noParent.metadata()).containsEntry("path", "/a");
        store.done(create("/a"));
        store.done(set("/a", 1));
        Rejection exists = store.refused(create("/a"));
        assertThat(exists.reason()).isEqualTo(RejectReason.NODE_EXISTS);
        assertThat(exists.metadata())
                .containsEntry("current_version", "2")
                .containsEntry("modified_revision", "2")
                .containsEntry("path", "/a");
    }

    @Test
    void missingParentsAreCreatedAtTheSameRevision() {
        CommandResult.Created created = (CommandResult.Created) store.done(withParents("/a/b/c", ZnodeKind.CONTAINER));

        assertThat(created.revision()).isEqualTo(1);
        assertThat(store.changes).hasSize(1);
        assertThat(store.changes.get(0).changes())
                .extracting(change -> change.path().toString())
                .containsExactly("/a", "/a/b", "/a/b/c");
        Znode shown = store.changes.get(0).changes().get(0).after();
        assertThat(shown).isNotNull();
        assertThat(shown.childCount()).as("as it is at the end of the revision").isEqualTo(1);
        assertThat(store.get("/a").kind()).isEqualTo(ZnodeKind.CONTAINER);
        assertThat(store.get("/a").descendantCount()).isEqualTo(2);
        assertThat(store.get("/a").deadlineMillis()).isZero();
    }

    @Test
    void ephemeralsNeedASessionAndHaveNoChildren() {
        Rejection refused = store.refused(ephemeral("/e", StateFixture.key(42)));
        assertThat(refused.reason()).isEqualTo(RejectReason.SESSION_NOT_FOUND);
        assertThat(refused.message()).contains("42");

        SessionKey session = store.open("me").key();
        store.done(ephemeral("/p", session));
        assertThat(store.get("/p").ownerSession()).isEqualTo(session.id());
        assertThat(store.refused(create("/p/a")).reason()).isEqualTo(RejectReason.EPHEMERAL_PARENT);
        assertThat(store.refused(withParents("/p/a/b", ZnodeKind.PERSISTENT)).reason())
                .isEqualTo(RejectReason.EPHEMERAL_PARENT);
        assertThat(store.refused(sequential("/p/")).reason()).isEqualTo(RejectReason.EPHEMERAL_PARENT);
    }

    @Test
    void sequentialNumbersAreNeverUsedAgain() {
        store.done(create("/q"));
        assertThat(((CommandResult.Created) store.done(sequential("/q/job-"))).path())
                .hasToString("/q/job-0000000000");
        CommandResult.Created second = (CommandResult.Created) store.done(sequential("/q/"));
        assertThat(second.path()).hasToString("/q/0000000001");
        assertThat(second.sequence()).isEqualTo(1);
        store.done(delete("/q/0000000001"));
        assertThat(store.restored().get("/q").nextSequence()).isEqualTo(2);
        store.done(create("/q/job-0000000002"));
        CommandResult.Created stepped = (CommandResult.Created) store.done(sequential("/q/job-"));
        assertThat(stepped.sequence()).as("a taken name is stepped over").isEqualTo(3);
        assertThat(store.get("/q").nextSequence()).isEqualTo(4);
    }

    @Test
    void sequentialNumbersGrowPastTenDigits() {
        store.done(create("/q"));
        StoreState late = StateCopy.of(
                store.state.pin(),
                StateLimits.DEFAULT,
                entry -> entry.path().isRoot()
                        ? entry
                        : new TreeView.Entry(
                                entry.path(),
                                StateCopy.builder(entry.znode())
                                        .nextSequence(9_999_999_999L)
                                        .build()));
        StateFixture other = new StateFixture(late);

        assertThat(((CommandResult.Created) other.done(sequential("/q/"))).path())
                .hasToString("/q/9999999999");
        assertThat(((CommandResult.Created) other.done(sequential("/q/"))).path())
                .hasToString("/q/10000000000");
    }

    @Test
    void sequentialNamesKeepTheLimits() {
        Rejection refused = store.refused(sequential("/" + "n".repeat(250)));

        assertThat(refused.reason()).isEqualTo(RejectReason.PATH_INVALID);
        assertThat(refused.metadata()).containsEntry("limit", "255").containsEntry("actual", "260");
        assertThat(store.state.view().root().nextSequence()).isZero();
    }

    @Test
    void containersGoWithTheirLastChildAtTheSameRevision() {
        store.done(withParents("/c/d/leaf", ZnodeKind.CONTAINER));
        store.done(create("/c/d/other"));
        store.done(delete("/c/d/other"));

        CommandResult.Deleted deleted = (CommandResult.Deleted) store.done(delete("/c/d/leaf"));

        assertThat(deleted.deletedCount()).isEqualTo(3);
        assertThat(store.changes).hasSize(1);
        assertThat(store.changes.get(0).changes())
                .extracting(change -> change.path() + " " + change.cause())
                .containsExactly("/c/d/leaf CLIENT", "/c/d CONTAINER", "/c CONTAINER");
        assertThat(store.find("/c")).isNull();
    }

    @Test
    void unusedContainersGoAfterFiveMinutes() {
        store.done(create("/c", ZnodeKind.CONTAINER));
        assertThat(store.state.nextDeadlineMillis()).isEqualTo(10 + 300_000);
        store.cluster += 299_999;
        store.done(new Command.Tick(1_000));
        assertThat(store.get("/c").kind()).isEqualTo(ZnodeKind.CONTAINER);
        store.cluster++;
        store.done(new Command.Tick(1_000));
        assertThat(store.find("/c")).isNull();
        assertThat(store.changes.get(0).changes().get(0).cause()).isEqualTo(ChangeCause.CONTAINER);
    }

    @Test
    void timeToLiveBeginsAnewWithEveryValueUnlessAbsolute() {
        store.done(ttl("/t", 1_000, false));
        store.done(ttl("/abs", 1_000, true));
        store.cluster += 900;
        store.done(set("/t", 1));
        store.done(set("/abs", 1));
        assertThat(store.state.nextDeadlineMillis()).isEqualTo(1_010);
        store.cluster += 200;
        store.done(new Command.Tick(1_000));
        assertThat(store.find("/abs")).isNull();
        assertThat(store.changes.get(0).changes().get(0).cause()).isEqualTo(ChangeCause.TTL);
        assertThat(store.get("/t").deadlineMillis()).isEqualTo(1_910);
        store.wall += 3_600_000;
        store.done(new Command.Tick(1_000));
        assertThat(store.get("/t")).as("the wall clock decides nothing").isNotNull();
    }

    @Test
    void timeToLiveWaitsForChildrenToGo() {
        store.done(ttl("/t", 1_000, false));
        store.done(create("/t/child"));
        store.cluster += 10_000;
        store.done(new Command.Tick(1_000));
        assertThat(store.get("/t").childCount()).isEqualTo(1);
        assertThat(store.state.nextDeadlineMillis()).isEqualTo(Long.MAX_VALUE);
        store.done(delete("/t/child"));
        assertThat(store.state.nextDeadlineMillis()).isEqualTo(11_010);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, 0, 999, 315_360_000_001L, Long.MAX_VALUE})
    void timeToLiveHasLimits(long millis) {
        Rejection refused = store.refused(ttl("/t", millis, false));

        assertThat(refused.reason()).isEqualTo(RejectReason.ARGUMENT_INVALID);
        assertThat(refused.message())
                .contains(Long.toString(millis))
                .contains("1000")
                .contains("315360000000");
    }

    @Test
    void ticksDeleteNoMoreThanTheyMayAndStayQuietOtherwise() {
        for (int i = 0; i < 5; i++) {
            store.done(ttl("/t" + i, 1_000, false));
        }
        store.cluster += 2_000;
        store.done(new Command.Tick(3));
        assertThat(store.state.view().znodeCount()).isEqualTo(3);
        assertThat(store.changes).hasSize(1);
        store.done(new Command.Tick(3));
        assertThat(store.state.view().znodeCount()).isEqualTo(1);
        store.done(new Command.Tick(3));
        assertThat(store.changes).isEmpty();
        assertThat(store.state.view().revision()).isEqualTo(7);
    }

    @Test
    void recursiveDeletionShowsChildrenBeforeParentsAndHasALimit() {
        StateLimits few = new StateLimits(
                ValueLimits.DEFAULT,
                127,
                100,
                4,
                128,
                300_000,
                StateLimits.Ledger.DEFAULT,
                StateLimits.History.DEFAULT,
                StateLimits.Coordination.DEFAULT);
        StateFixture small = new StateFixture(few);
        small.done(withParents("/a/b/c", ZnodeKind.PERSISTENT));
        small.done(create("/a/d"));
        small.done(create("/a/e"));

        assertThat(small.refused(delete("/a")).reason()).isEqualTo(RejectReason.NODE_NOT_EMPTY);
        Rejection refused = small.refused(deleteAll("/a"));
        assertThat(refused.reason()).isEqualTo(RejectReason.TOO_MANY_NODES);
        assertThat(refused.metadata()).containsEntry("limit", "4").containsEntry("actual", "5");
        assertThat(small.refused(transact(deleteAll("/a/b"), delete("/a/e"), deleteAll("/a")))
                        .metadata())
                .as("the limit is for the whole revision")
                .containsEntry("op_index", "2");
        small.done(delete("/a/e"));
        CommandResult.Deleted deleted = (CommandResult.Deleted) small.done(deleteAll("/a"));
        assertThat(deleted.deletedCount()).isEqualTo(4);
        assertThat(small.changes.get(0).changes())
                .allMatch(change -> change instanceof TreeChange.Deleted)
                .extracting(change -> change.path().toString())
                .containsExactly("/a/b/c", "/a/b", "/a/d", "/a");
        assertThat(small.changes.get(0).changes().get(3).before().childCount()).isEqualTo(2);
        assertThat(small.state.view().dataBytes()).isEqualTo(2);
    }

    @Test
    void expectationsAreCompared() {
        store.done(create("/a"));
        store.done(set("/a", 1));
        Command.Set wrong = new Command.Set(ZnodePath.parse("/a"), value(2), "", 1, -1, false, false, false);
        Rejection refused = store.refused(wrong);
        assertThat(refused.reason()).isEqualTo(RejectReason.VERSION_MISMATCH);
        assertThat(refused.metadata()).containsEntry("current_version", "2").containsEntry("current_revision", "2");
        store.done(new Command.Set(ZnodePath.parse("/a"), value(2), "", 2, 2, false, false, false));
        Command.Delete stale = new Command.Delete(ZnodePath.parse("/a"), false, -1, 2, false);
        assertThat(store.refused(stale).message())
                .contains("modified revision 2")
                .contains("3");
    }

    @Test
    void setCreatesWhenItMayAndCountsNoEqualValueWhenAsked() {
        assertThat(store.refused(set("/a", 1)).reason()).isEqualTo(RejectReason.NODE_NOT_FOUND);
        Command.Set upsert = new Command.Set(ZnodePath.parse("/a"), value(1), "", -1, -1, true, true, true);
        CommandResult.Updated created = (CommandResult.Updated) store.done(upsert);
        assertThat(created.created()).isTrue();
        assertThat(created.previous()).isNull();
        assertThat(store.changes.get(0).changes().get(0)).isInstanceOf(TreeChange.Created.class);
        CommandResult.Updated same = (CommandResult.Updated) store.done(upsert);
        assertThat(same.changed()).isFalse();
        assertThat(same.revision()).isEqualTo(1);
        assertThat(store.changes).isEmpty();
        store.done(set("/a", 1));
        assertThat(store.get("/a").version())
                .as("an equal value is a new one unless asked")
                .isEqualTo(2);
        Command.Set expecting = new Command.Set(ZnodePath.parse("/b"), value(1), "", 3, -1, true, false, false);
        assertThat(store.refused(expecting).reason()).isEqualTo(RejectReason.VERSION_MISMATCH);
    }

    @Test
    void setRaisesTheNumberOfTheNextSequentialChildAndNeverLowersIt() {
        store.done(raising("/q", 42));
        assertThat(store.get("/q").nextSequence()).isEqualTo(42);
        CommandResult.Updated again = (CommandResult.Updated) store.done(raising("/q", 42));
        assertThat(again.changed()).isFalse();
        CommandResult.Updated raised = (CommandResult.Updated) store.done(raising("/q", 99));
        assertThat(raised.changed()).isTrue();
        assertThat(raised.znode().nextSequence()).isEqualTo(99);
        assertThat(((CommandResult.Updated) store.done(raising("/q", 7))).changed())
                .isFalse();
        store.done(set("/q", 5));
        assertThat(store.get("/q").nextSequence()).isEqualTo(99);
        assertThat(store.restored().get("/q").nextSequence()).isEqualTo(99);
        CommandResult.Created child = (CommandResult.Created) store.done(sequential("/q/n-"));
        assertThat(child.path()).hasToString("/q/n-0000000099");
        assertThat(store.get("/q").nextSequence()).isEqualTo(100);
    }

    private static Command raising(String path, long number) {
        return new Command.Set(ZnodePath.parse(path), value(1), "", -1, -1, true, true, false, number);
    }

    @Test
    void valuesKeepTheirLimit() {
        byte[] large = new byte[(1 << 20) + 1];
        Rejection refused = store.refused(new Command.Create(
                ZnodePath.parse("/a"), ZnodeKind.PERSISTENT, large, "", false, null, 0, false, null, false));

        assertThat(refused.reason()).isEqualTo(RejectReason.VALUE_TOO_LARGE);
        assertThat(refused.metadata()).containsEntry("limit", "1048576").containsEntry("actual", "1048577");
        store.done(create("/a"));
        assertThat(store.refused(new Command.Set(ZnodePath.parse("/a"), large, "", -1, -1, false, false, false))
                        .reason())
                .isEqualTo(RejectReason.VALUE_TOO_LARGE);
        Rejection type = store.refused(
                new Command.Set(ZnodePath.parse("/a"), value(1), "t".repeat(128), -1, -1, false, false, false));
        assertThat(type.reason()).isEqualTo(RejectReason.ARGUMENT_INVALID);
        assertThat(type.metadata()).containsEntry("limit", "127").containsEntry("actual", "128");
    }

    @Test
    void refusedPatchesNameTheFieldAndChangeNothing() {
        store.done(create("/a"));
        FieldOperation operation = new FieldOperation(FieldOperation.Type.REMOVE, "/x", new byte[0], -1, 0);
        Rejection refused = store.refused(new Command.Patch(ZnodePath.parse("/a"), List.of(operation), -1, -1, false));

        assertThat(refused.reason()).isEqualTo(RejectReason.FIELD_TYPE);
        assertThat(refused.metadata()).containsEntry("pointer", "/x").containsEntry("path", "/a");
        assertThat(refused.message()).contains("/a").contains("/x");
        assertThat(store.get("/a").version()).isEqualTo(1);
    }

    @Test
    void aTransactionThatFailsHalfWayLeavesNoTrace() {
        store.done(create("/q"));
        store.done(ttl("/t", 1_000, false));
        store.done(create("/c", ZnodeKind.CONTAINER));
        TreeView before = store.state.view();
        long deadline = store.state.nextDeadlineMillis();

        Rejection refused = store.refused(transact(
                sequential("/q/"),
                set("/t", 5),
                create("/c/child"),
                delete("/c/child"),
                deleteAll("/q"),
                set("/", 9),
                create("/missing/child")));

        assertThat(refused.reason()).isEqualTo(RejectReason.PARENT_NOT_FOUND);
        assertThat(refused.metadata()).containsEntry("op_index", "6").containsEntry("path", "/missing");
        assertThat(refused.message()).startsWith("operation 6 of the transaction: ");
        assertThat(store.state.view()).isSameAs(before);
        assertThat(store.state.nextDeadlineMillis()).isEqualTo(deadline);
        CommandResult.Created first = (CommandResult.Created) store.done(sequential("/q/"));
        assertThat(first.sequence()).isZero();
        assertThat(store.restored().state.view().digest())
                .isEqualTo(store.state.view().digest());
    }

    @Test
    void operationsOfATransactionSeeTheOnesBefore() {
        CommandResult.Transacted result = (CommandResult.Transacted) store.done(transact(
                create("/a"), set("/a", 7), create("/a/b"), new Command.Read(ZnodePath.parse("/a")), set("/a", 8)));

        assertThat(result.revision()).isEqualTo(1);
        Znode read = ((CommandResult.Found) result.results().get(3)).znode();
        assertThat(read.value()).isEqualTo(value(7));
        assertThat(read.childCount()).isEqualTo(1);
        assertThat(store.changes.get(0).changes())
                .extracting(change -> change.getClass().getSimpleName() + " " + change.path())
                .containsExactly("Created /a", "Created /a/b");
        assertThat(store.changes.get(0).changes().get(0).after().value()).isEqualTo(value(8));
        assertThat(store.get("/a").version()).isEqualTo(3);
    }

    @Test
    void whatComesAndGoesWithinATransactionIsNoEvent() {
        store.done(create("/a"));
        store.done(transact(create("/x"), create("/x/y"), deleteAll("/x")));
        assertThat(store.changes).hasSize(1);
        assertThat(store.changes.get(0).changes()).isEmpty();
        store.done(transact(set("/a", 1), delete("/a"), create("/a"), set("/a", 2)));
        assertThat(store.changes.get(0).changes())
                .extracting(change -> change.getClass().getSimpleName())
                .containsExactly("Deleted", "Created");
        assertThat(store.changes.get(0).changes().get(0).before().value())
                .as("as it was before the revision")
                .isEqualTo(value(0));
    }

    @Test
    void transactionsWithoutEffectAreNoRevision() {
        CommandResult.Transacted nothing = (CommandResult.Transacted) store.done(transact());
        assertThat(nothing.revision()).isZero();
        store.done(transact(new Command.Read(ZnodePath.ROOT)));
        assertThat(store.state.view().revision()).isZero();
        assertThat(store.changes).isEmpty();
    }

    @Test
    void transactionsHaveLimits() {
        Command[] many = new Command[129];
        java.util.Arrays.fill(many, set("/", 1));
        Rejection refused = store.refused(transact(many));
        assertThat(refused.reason()).isEqualTo(RejectReason.ARGUMENT_INVALID);
        assertThat(refused.metadata()).containsEntry("limit", "128").containsEntry("actual", "129");
        assertThat(store.refused(transact(transact())).metadata()).containsEntry("op_index", "0");
        assertThat(store.refused(new Command.Read(ZnodePath.ROOT)).reason()).isEqualTo(RejectReason.ARGUMENT_INVALID);
    }

    @Test
    void conditionsChooseTheList() {
        store.done(create("/a"));
        Command.Transact both = new Command.Transact(
                List.of(
                        new Condition.Exists(ZnodePath.parse("/a"), true),
                        new Condition.Field(
                                ZnodePath.parse("/a"),
                                "",
                                Condition.Comparison.LESS,
                                ValueEncoding.encode(new io.pathkeeper.server.value.Value.Real(0.5)))),
                List.of(set("/a", 1)),
                List.of(delete("/a")));
        assertThat(((CommandResult.Transacted) store.done(both)).succeeded()).isTrue();
        assertThat(((CommandResult.Transacted) store.done(both)).succeeded()).isFalse();
        assertThat(store.find("/a")).isNull();
        Command.Transact wrong = new Command.Transact(
                List.of(new Condition.Field(ZnodePath.ROOT, "x", Condition.Comparison.EXISTS, new byte[0])),
                List.of(),
                List.of());
        assertThat(store.refused(wrong).metadata()).containsEntry("pointer", "x");
    }

    @Test
    void theNumberOfZnodesHasALimit() {
        StateFixture small = new StateFixture(StateLimits.DEFAULT.withMaxZnodes(3));
        small.done(create("/a"));
        assertThat(small.refused(withParents("/b/c", ZnodeKind.PERSISTENT)).reason())
                .isEqualTo(RejectReason.QUOTA_EXCEEDED);
        small.done(create("/b"));
        assertThat(small.refused(create("/c")).metadata())
                .containsEntry("limit", "3")
                .containsEntry("actual", "4");
        small.done(delete("/b"));
        small.done(create("/c"));
    }

    @Test
    void publishedViewsNeverChange() {
        store.done(withParents("/a/b/c", ZnodeKind.PERSISTENT));
        TreeView old = store.state.view();
        Znode a = store.get("/a");
        store.state.beginEntry(1, store.wall, store.cluster);
        store.state.apply(set("/a/b/c", 1), null);
        store.state.apply(create("/a/x"), null);
        store.state.apply(deleteAll("/a/b"), null);
        assertThat(store.state.view())
                .as("nothing is published inside an entry")
                .isSameAs(old);
        store.state.endEntry();

        assertThat(old.znodeCount()).isEqualTo(4);
        assertThat(a.childCount()).isEqualTo(1);
        assertThat(old.find(ZnodePath.parse("/a/b/c")).version()).isEqualTo(1);
        assertThat(old.find(ZnodePath.parse("/a/x"))).isNull();
        assertThat(store.state.view().znodeCount()).isEqualTo(3);
        assertThat(store.state.view().revision()).isEqualTo(4);
    }

    @Test
    void entriesMustBeBegunAndEnded() {
        assertThatThrownBy(() -> store.state.apply(create("/a"), null)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store.state.endEntry()).isInstanceOf(IllegalStateException.class);
        store.state.beginEntry(1, 1, 1);
        assertThatThrownBy(() -> store.state.beginEntry(1, 1, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store.state.pin()).isInstanceOf(IllegalStateException.class);
    }
}
