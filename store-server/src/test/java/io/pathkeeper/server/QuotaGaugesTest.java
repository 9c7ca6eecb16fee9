package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.server.metrics.ServerMeters;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.Quota;
import io.pathkeeper.server.state.Quotas;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.state.StoreState;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every limit of every quota has its two values, for as long as it stands. */
@Timeout(30)
class QuotaGaugesTest {
    private final StoreState state = StoreState.create(StateLimits.DEFAULT);
    private final ServerMeters meters = new ServerMeters("1.2.3", "none", Set.of());
    private final QuotaGauges gauges = new QuotaGauges(meters, state::view);

    @AfterEach
    void stop() {
        meters.close();
    }

    private void done(Command command) {
        state.beginEntry(1, 1, 1);
        assertThat(state.apply(command, null)).isNotInstanceOf(CommandResult.Rejected.class);
        state.endEntry();
    }

    private static Command create(ZnodePath path, byte[] value) {
        return new Command.Create(
                path, ZnodeKind.PERSISTENT, value, "", false, ZnodeKind.PERSISTENT, 0, false, null, false);
    }

    private static Command delete(ZnodePath path) {
        return new Command.Delete(path, false, Command.ANY, Command.ANY, false);
    }

    private void change(Command record) {
        done(new Command.Internal(new Command.Transact(List.of(), List.of(record), List.of())));
        gauges.look();
    }

    private void set(Quota quota) {
        change(create(Quotas.TOP.child(quota.name()), quota.encode()));
    }

    private void replace(Quota quota) {
        change(new Command.Set(
                Quotas.TOP.child(quota.name()), quota.encode(), "", Command.ANY, Command.ANY, false, false, false));
    }

    private static Quota quota(String name, String path, long znodes, long bytes, long children) {
        return new Quota(name, ZnodePath.parse(path), znodes, bytes, children);
    }

    private List<String> shown() {
        return meters.scrape()
                .lines()
                .filter(line -> line.startsWith("pathkeeper_quota_"))
                .sorted()
                .toList();
    }

    @Test
    void showsWhatIsUsedNowAndTheLimitOfEachKindThatHasOne() {
        gauges.look();
        assertThat(shown()).isEmpty();

        set(quota("apps", "/app", 3, 100, Quota.NONE));
        set(quota("inbox", "/in", Quota.NONE, Quota.NONE, 9));
        done(create(ZnodePath.parse("/app"), new byte[40]));

        assertThat(shown())
                .containsExactly(
                        "pathkeeper_quota_limit{kind=\"bytes\",name=\"apps\"} 100.0",
                        "pathkeeper_quota_limit{kind=\"children\",name=\"inbox\"} 9.0",
                        "pathkeeper_quota_limit{kind=\"znodes\",name=\"apps\"} 3.0",
                        "pathkeeper_quota_used{kind=\"bytes\",name=\"apps\"} 40.0",
                        "pathkeeper_quota_used{kind=\"children\",name=\"inbox\"} 0.0",
                        "pathkeeper_quota_used{kind=\"znodes\",name=\"apps\"} 1.0");
    }

    @Test
    void aQuotaThatIsReplacedHasItsNewPathAndLimitsAndNoneOfTheOldOnes() {
        done(create(ZnodePath.parse("/app"), new byte[40]));
        set(quota("apps", "/app", 3, 100, Quota.NONE));

        replace(quota("apps", "/other", 7, Quota.NONE, Quota.NONE));

        assertThat(shown())
                .containsExactly(
                        "pathkeeper_quota_limit{kind=\"znodes\",name=\"apps\"} 7.0",
                        "pathkeeper_quota_used{kind=\"znodes\",name=\"apps\"} 0.0");
    }

    @Test
    void aQuotaThatIsDeletedTakesItsValuesAlongAndLeavesThoseOfOthers() {
        set(quota("apps", "/app", 3, 100, Quota.NONE));
        set(quota("inbox", "/in", Quota.NONE, Quota.NONE, 9));

        change(delete(Quotas.TOP.child("apps")));

        assertThat(shown())
                .containsExactly(
                        "pathkeeper_quota_limit{kind=\"children\",name=\"inbox\"} 9.0",
                        "pathkeeper_quota_used{kind=\"children\",name=\"inbox\"} 0.0");
    }
}
