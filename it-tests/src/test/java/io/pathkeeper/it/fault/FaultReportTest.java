package io.pathkeeper.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.it.fault.workload.Findings;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FaultReportTest {
    private final FaultReport report = new FaultReport(Map.of("seed", "17"));

    @Test
    void isGreenWhenAllHeld() {
        report.findings(
                new Findings("register", 10, Map.of("NOSPACE", 2L), Map.of("UNAVAILABLE", 1L), 5, List.of(), Map.of()));
        report.fault(new FaultRecord("kill-leader", true, 4_000, 1_000, 2_500, "killed s1, the leader", "", 900, 30));

        report.note("register, 3 of its clients waited");

        assertThat(report.failed()).isZero();
        assertThat(report.passed()).isEqualTo(2);
        assertThat(report.json()).contains("\"notes\":[\"register, 3 of its clients waited\"]");
        assertThat(report.markdown(true))
                .contains("- register, 3 of its clients waited")
                .contains("seed: 17")
                .contains("| register | 10 | 2 | 1 | 5 | 0 | NOSPACE 2, UNAVAILABLE 1 |")
                .contains("| 4.0 | 1.0 | 2.5 | kill-leader | killed s1, the leader | 900 | 30 |")
                .contains("Everything held.");
    }

    @Test
    void isRedForAWorkloadWithAViolationAndShowsIt() {
        report.findings(new Findings("register", 10, List.of("stale: read 3 behind 4")));

        assertThat(report.failed()).isEqualTo(1);
        assertThat(report.markdown(false)).contains("BROKEN").contains("register: stale: read 3 behind 4");
        assertThat(report.json()).contains("\"violations\":[\"register: stale: read 3 behind 4\"]");
    }

    @Test
    void isRedForALoadOfWhichNothingWasChecked() {
        report.findings(new Findings("register", 0, List.of()));

        assertThat(report.failed()).isEqualTo(1);
        assertThat(report.markdown(false)).contains("BROKEN").contains("register: none of its calls was answered well");
    }

    @Test
    void isRedForAViolationOfTheRunItself() {
        report.findings(new Findings("register", 10, List.of()));
        report.violation("s2 ended by itself with exit code 7");

        assertThat(report.failed()).isEqualTo(1);
        assertThat(report.passed()).isEqualTo(1);
        assertThat(report.markdown(false)).contains("BROKEN, 1").contains("exit code 7");
    }

    @Test
    void saysWhatCouldNotRun() {
        report.notRun("clock-step", "there is no gcc");

        assertThat(report.markdown(false)).contains("| clock-step | not run: there is no gcc |");
        assertThat(report.json()).contains("\"clock-step\":\"there is no gcc\"");
    }

    @Test
    void saysWhatHadNoTurnAndWhatWasNotChecked() {
        report.planned(List.of("kill-leader", "wipe"), List.of("register", "bank"));
        report.fault(new FaultRecord("kill-leader", true, 4_000, 1_000, 2_500, "killed s1, the leader", "", 900, 30));
        report.findings(new Findings("register", 10, List.of()));

        assertThat(report.markdown(false))
                .contains("| wipe | not run: it had no turn |")
                .doesNotContain("| kill-leader | not run")
                .contains("| bank | not checked |")
                .doesNotContain("| register | not checked");
        assertThat(report.json())
                .contains("\"not_run\":{\"wipe\":\"it had no turn\"}")
                .contains("\"not_checked\":[\"bank\"]");
    }

    @Test
    void countsAsOperationsOnlyWhatLoadsWereAnsweredWell() {
        report.findings(new Findings(
                "observers", 10, Map.of("NOSPACE", 200L), Map.of("UNAVAILABLE", 300L), 5_000, List.of(), Map.of()));
        report.findings(new Findings("register", 7, List.of()));
        report.probe(new Findings("recovery-probe", 9_000, List.of()));

        assertThat(report.markdown(false))
                .contains("| all loads | 17 | 200 | 300 | 5,000 | 0 | |\n| recovery-probe | 9,000 |");
        assertThat(report.json()).contains("\"operations\":17,");
    }

    @Test
    void isRedForALostWriteOfTheProbe() {
        report.probe(new Findings("recovery-probe", 9_000, List.of("lost write: planted")));

        assertThat(report.failed()).isEqualTo(1);
        assertThat(report.markdown(false)).contains("recovery-probe: lost write: planted");
    }

    @Test
    void faultsWithoutEffectDoNotCount() {
        report.fault(new FaultRecord("delay", true, 1_000, 1_000, 2_500, "s1 is late", "", -1, 30));
        report.fault(new FaultRecord("delay", false, 2_000, 1_000, 2_500, "s2 is late", "no packet", -1, 9_000));

        assertThat(report.faultCount()).isEqualTo(1);
        assertThat(report.heals().most()).isEqualTo(30);
        assertThat(report.failed()).isZero();
        assertThat(report.markdown(true))
                .contains("| delay | 1 | 30 | 30 | 30 |")
                .contains("| delay, without effect | 1 |")
                .contains("s2 is late; no packet; NO EFFECT");
        assertThat(report.json()).contains("\"without_effect\":{\"delay\":1}");
    }

    @Test
    void isRedForAKindThatNeverTakesEffect() {
        for (int i = 0; i < 3; i++) {
            report.fault(new FaultRecord("delay", false, i, 1_000, 2_500, "s1 is late", "", -1, 30));
        }

        assertThat(report.failed()).isEqualTo(1);
        assertThat(report.violations()).containsExactly("delay was tried 3 times and never took effect");
    }

    @Test
    void escapesWhatJsonMustNotHave() {
        report.violation("a \"quote\", a \\ and a\nline");

        assertThat(report.json()).contains("a \\\"quote\\\", a \\\\ and a\\u000aline");
    }

    @Test
    void takesPercentilesOfTheTimes() {
        RecoveryTimes times = new RecoveryTimes();
        assertThat(times.percentile(99)).isZero();
        LongStream.rangeClosed(1, 200).map(i -> 201 - i).forEach(times::add);

        assertThat(times.percentile(50)).isEqualTo(100);
        assertThat(times.percentile(99)).isEqualTo(198);
        assertThat(times.most()).isEqualTo(200);
    }

    @Test
    void findsServersThatDifferAtOneRevision() {
        Digests digests = new Digests();
        digests.seen("s1", 40, 7);
        digests.seen("s1", 41, 8);
        digests.seen("s2", 41, 8);
        assertThat(digests.differences()).isEmpty();

        digests.seen("s3", 41, 9);

        assertThat(digests.differences()).containsExactly("the servers differ at revision 41: {s1=8, s2=8, s3=9}");
        assertThat(digests.differences()).as("told once").isEmpty();
        assertThat(digests.compared()).isEqualTo(1);
    }

    /** Its first state is gone with the disk, and with it what showed the fault, if nobody had looked before. */
    @Test
    void findsAServerThatDiffersFromItselfBehindAWipe() {
        Digests digests = new Digests();
        digests.seen("s1", 40, 7);
        digests.seen("s1", 40, 7);
        assertThat(digests.differences()).isEmpty();

        digests.seen("s1", 40, 8);

        assertThat(digests.differences()).containsExactly("the servers differ at revision 40: {s1=7, s1 later=8}");
    }
}
