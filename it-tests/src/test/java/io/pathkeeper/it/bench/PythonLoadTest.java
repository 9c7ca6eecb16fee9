package io.pathkeeper.it.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.text.JsonText;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PythonLoadTest {
    @Test
    void aResultBecomesASample() {
        Sample sample = sample("{\"event\": \"result\", \"seconds\": 2.5, \"micros\": [400, 90000, 600000000],"
                + " \"counts\": [98, 1, 1], \"failed\": 3, \"first_error\": \"NOT_FOUND: gone\", \"unanswered\": 0}");

        assertThat(sample.latencies().getTotalCount()).isEqualTo(100);
        assertThat(sample.perSecond()).isEqualTo(40);
        assertThat(sample.millisAt(98)).isEqualTo(0.4);
        assertThat(sample.latencies().getCountAtValue(90_000)).isEqualTo(1);
        assertThat(sample.latencies().getCountAtValue(Meter.MAX_MICROS)).isEqualTo(1); // what is longer counts as this
        assertThat(sample.serverSecondsPerThousand()).isEqualTo(20);
        assertThat(sample.clientSecondsPerThousand()).isEqualTo(10);
        assertThat(sample.failedCount()).isEqualTo(3);
        assertThat(sample.firstError()).isEqualTo("NOT_FOUND: gone");
    }

    @Test
    void noFailureIsNoError() {
        Sample sample = sample("{\"event\": \"result\", \"seconds\": 1.0, \"micros\": [], \"counts\": [],"
                + " \"failed\": 0, \"first_error\": null, \"unanswered\": 0}");

        assertThat(sample.latencies().getTotalCount()).isZero();
        assertThat(sample.firstError()).isNull();
    }

    @Test
    void callsWithoutAnAnswerEndTheRun() {
        assertThatThrownBy(() -> sample("{\"event\": \"result\", \"seconds\": 1.0, \"micros\": [], \"counts\": [],"
                        + " \"failed\": 0, \"first_error\": null, \"unanswered\": 2}"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("2 calls from Python were not answered");
    }

    @Test
    void refusesWhatTheProgramDoesNotDo() {
        PythonProgram.checkUse(List.of("etcd"), List.of("set", "get-lin", "get-local"));

        assertThatThrownBy(() -> PythonProgram.checkUse(List.of("zookeeper"), List.of("set")))
                .isInstanceOf(WrongUseException.class)
                .hasMessageContaining("ZooKeeper, which has no gRPC");
        for (String workload : List.of("create", "observe")) {
            assertThatThrownBy(() -> PythonProgram.checkUse(List.of(), List.of("set", workload)))
                    .isInstanceOf(WrongUseException.class)
                    .hasMessage("--through python has no workload '" + workload
                            + "': name some of set, get-lin, get-local with --workloads");
        }
    }

    @Test
    void saysWhatToInstallWhereAPythonHasNoGrpc() {
        assertThatThrownBy(() -> PythonProgram.find(Path.of(".."), Map.of("PYTHON", "/bin/false")))
                .isInstanceOf(WrongUseException.class)
                .hasMessageStartingWith("--through python: /bin/false has no grpcio: apt-get install python3-grpcio ");
    }

    private static Sample sample(String line) {
        Value result = JsonText.read("a result", line);
        return PythonLoad.sample(result, 2, 1);
    }
}
