package io.pathkeeper.pathctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EarlyConnectionTest {
    private static final Map<String, String> NO_ENVIRONMENT = Map.of();

    private final FakeClient client = new FakeClient(new FakeTree());
    private final List<String> connected = new CopyOnWriteArrayList<>();

    @Test
    void guessesServersAndTimeLimitFromTheArguments() {
        EarlyConnection early =
                begin(Map.of("PATHCTL_SERVERS", "env:1"), "get", "/a", "--servers=a:1", "--timeout", "2s");
        assertThat(early).isNotNull();
        assertThat(early.take(target("a:1", Duration.ofSeconds(2)))).isSameAs(client);
        assertThat(connected).containsExactly("a:1 PT2S");
        early = begin(Map.of("PATHCTL_SERVERS", "env:1"), "export", "/a", "dir");
        assertThat(early).isNotNull();
        assertThat(early.take(target("env:1", Duration.ofSeconds(60)))).isSameAs(client);
    }

    @Test
    void isNotUsedWhenTheParsedOptionsSayOtherwise() {
        EarlyConnection early = begin(NO_ENVIRONMENT, "get", "/a");
        assertThat(early).isNotNull();
        assertThat(early.take(target("other:1", Duration.ofSeconds(10)))).isNull();
        assertThat(early.take(target(GlobalOptions.DEFAULT_SERVERS, Duration.ofSeconds(11))))
                .isNull();
    }

    @Test
    void isNotBegunForWhatNeedsNone() {
        assertThat(begin(NO_ENVIRONMENT)).isNull();
        assertThat(begin(NO_ENVIRONMENT, "help", "get")).isNull();
        assertThat(begin(NO_ENVIRONMENT, "get", "--help")).isNull();
        assertThat(begin(NO_ENVIRONMENT, "completion", "bash")).isNull();
        assertThat(begin(NO_ENVIRONMENT, "gte", "/a")).isNull();
        assertThat(begin(NO_ENVIRONMENT, "get", "/a", "--timeout", "soon")).isNull();
        assertThat(connected).isEmpty();
    }

    @Test
    void leavesABadAddressToTheMainThread() {
        EarlyConnection early = EarlyConnection.begin(
                target -> {
                    throw new IllegalArgumentException("no address");
                },
                NO_ENVIRONMENT,
                "get",
                "/a");
        assertThat(early).isNotNull();
        assertThat(early.take(target(GlobalOptions.DEFAULT_SERVERS, Duration.ofSeconds(10))))
                .isNull();
    }

    private @Nullable EarlyConnection begin(Map<String, String> environment, String... args) {
        return EarlyConnection.begin(
                target -> {
                    connected.add(target.servers() + " " + target.timeout());
                    return client;
                },
                environment,
                args);
    }

    private static Target target(String servers, Duration timeout) {
        return new Target(servers, timeout, "", "", "", new Login("", "", "", "", ""));
    }
}
