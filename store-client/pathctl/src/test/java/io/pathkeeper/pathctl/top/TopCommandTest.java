package io.pathkeeper.pathctl.top;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.model.CallCount;
import io.pathkeeper.client.model.MemberRole;
import io.pathkeeper.client.model.MemberStatus;
import io.pathkeeper.client.model.ResponseHeader;
import io.pathkeeper.pathctl.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code pathctl top} with servers whose answers are known. */
@Timeout(60)
class TopCommandTest {
    private static final String GET = "pathkeeper.v1.StoreService/Get";
    private static final String SET = "pathkeeper.v1.StoreService/Set";

    private final Run run = new Run();

    /** A server that was called so often, each Get 2 ms and each Set 10 ms, and made as many revisions as Sets. */
    private static MemberStatus status(String id, MemberRole role, long seconds, long gets, long sets, long applied) {
        List<CallCount> calls = new ArrayList<>();
        if (gets > 0) {
            calls.add(new CallCount(GET, gets, Duration.ofMillis(2 * gets)));
        }
        if (sets > 0) {
            calls.add(new CallCount(SET, sets, Duration.ofMillis(10 * sets)));
        }
        return new MemberStatus(
                new ResponseHeader("test", id, "s1", 1, 100 + sets, Duration.ZERO),
                "test",
                role,
                1_000,
                applied,
                4,
                2_048,
                7,
                1,
                5,
                0,
                Duration.ofSeconds(seconds),
                3 << 20,
                5L << 30,
                true,
                List.of(),
                3,
                2,
                calls,
                50 * seconds);
    }

    private static List<String> cells(String line) {
        return List.of(line.trim().split(" {2,}"));
    }

    @Test
    void ratesAreWhatCameBetweenTwoLooks() {
        run.tree.statusesOfLooks.add(List.of(
                status("s1", MemberRole.LEADER, 10, 100, 0, 1_000), status("s2", MemberRole.FOLLOWER, 10, 0, 0, 900)));
        run.tree.statusesOfLooks.add(List.of(
                status("s1", MemberRole.LEADER, 14, 140, 20, 1_000),
                status("s2", MemberRole.FOLLOWER, 12, 60, 0, 988)));

        assertThat(run.pathctl("top", "--interval", "200ms", "--count", "1")).isZero();

        List<String> lines = run.out().lines().toList();
        assertThat(lines.get(0)).isEqualTo("revision 120 (5.0 a second), znodes 4, data 2.0 KiB, sessions 3, locks 2");
        // 60 calls in 4 s, 40 of 2 ms and 20 of 10 ms
        assertThat(cells(lines.get(3)))
                .containsExactly(
                        "s1", "leader", "yes", "15.0", "4.7", "50.0", "0", "5", "3.0 MiB", "5.0 GiB", "14.0s", "-");
        assertThat(cells(lines.get(4)))
                .containsExactly(
                        "s2", "follower", "yes", "30.0", "2.0", "50.0", "12", "5", "3.0 MiB", "5.0 GiB", "12.0s", "-");
        assertThat(lines.subList(6, lines.size()).stream().map(TopCommandTest::cells))
                .containsExactly(
                        List.of("METHOD", "CALLS/S", "AVG MS"),
                        List.of(GET, "40.0", "2.0"),
                        List.of(SET, "5.0", "10.0"));
    }

    @Test
    void serverThatWasStartedAnewOrIsGoneHasNoRates() {
        run.tree.statusesOfLooks.add(List.of(
                status("s1", MemberRole.LEADER, 500, 100, 0, 1_000), status("s2", MemberRole.FOLLOWER, 10, 1, 0, 900)));
        run.tree.statusesOfLooks.add(List.of(status("s1", MemberRole.LEADER, 3, 7, 0, 1_000)));

        assertThat(run.pathctl("top", "--interval", "200ms", "--count", "1")).isZero();

        List<String> lines = run.out().lines().toList();
        assertThat(cells(lines.get(3)).subList(3, 6)).containsExactly("0.0", "-", "0.0");
        assertThat(cells(lines.get(4)).subList(0, 3)).containsExactly("s2", "unreachable", "no");
        assertThat(lines.get(4)).contains("connection refused");
        assertThat(lines).hasSize(5);
    }

    @Test
    void jsonHasOneObjectForEachLook() {
        for (int look = 0; look < 3; look++) {
            run.tree.statusesOfLooks.add(
                    List.of(status("s1", MemberRole.LEADER, 10 + look, 100 + 10 * look, 0, 1_000)));
        }
        assertThat(run.pathctl("top", "--interval", "200ms", "--count", "2", "-o", "json"))
                .isZero();
        assertThat(run.out().lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .contains(
                                "\"leader\":\"s1\"",
                                "\"seconds\":1.0",
                                "\"" + GET + "\":{\"count\":10,\"average_ms\":2.0}"));
    }

    @Test
    void wrongUseIsRefused() {
        assertThat(run.pathctl("top", "--interval", "10ms")).isEqualTo(2);
        assertThat(run.err).contains("--interval must be at least 200ms; it is 10ms");
        assertThat(run.pathctl("top", "--count", "0")).isEqualTo(2);
        assertThat(run.err).contains("--count must be at least 1; it is 0");
    }
}
