package io.pathkeeper.pathctl.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.coordination.Leader;
import io.pathkeeper.client.coordination.LockHolder;
import io.pathkeeper.client.coordination.LockMode;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.session.SessionOptions;
import io.pathkeeper.client.session.SessionState;
import io.pathkeeper.pathctl.FakeCoordination;
import io.pathkeeper.pathctl.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sun.misc.Signal;

/** Sessions, locks and elections, with real commands that run under them. */
@Timeout(120)
class CoordinationCommandsTest {
    @TempDir
    Path temp;

    private final Run run = new Run();
    private final FakeCoordination coordination = run.client.coordination;
    private Path note;

    @BeforeEach
    void name() {
        note = temp.resolve("note");
    }

    private void otherHolds(String path) {
        coordination.held.put(path, new LockHolder(5, "worker-7", "h", LockMode.EXCLUSIVE, 0, 12, 11, "nightly"));
    }

    /** Runs a command that writes its note and goes on, does {@code then}, and returns the exit code. */
    private int during(Runnable then, String... arguments) throws Exception {
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> run.pathctl(arguments));
        while (!Files.exists(note) && !code.isDone()) {
            Thread.onSpinWait();
        }
        then.run();
        return code.get(60, TimeUnit.SECONDS);
    }

    @Test
    void runsACommandUnderALockAndEndsWithItsCode() throws Exception {
        String script = "echo $PATHKEEPER_LOCK_PATH $PATHKEEPER_LOCK_TOKEN $PATHKEEPER_SESSION_ID $PATHCTL_SERVERS > "
                + note + "; exit 9";
        assertThat(run.pathctl("lock", "/l", "--session-timeout", "4s", "--", "/bin/sh", "-c", script))
                .isEqualTo(9);
        assertThat(note).hasContent("/l 17 7 db1:7420,db2:7420\n");
        assertThat(run.out() + run.err).isEmpty();
        assertThat(coordination.asked.note()).isEqualTo("sh");
        assertThat(coordination.asked.lockDelay()).isEqualTo(Duration.ofSeconds(5));
        assertThat(coordination.asked.session().timeout()).isEqualTo(Duration.ofSeconds(4));
        assertThat(coordination.sessions).isEmpty();
    }

    @Test
    void saysWhoHoldsALockThatWasNotAcquired() {
        otherHolds("/l");
        assertThat(run.pathctl("lock", "/l", "--wait", "0", "--", "touch", note.toString()))
                .isEqualTo(124);
        assertThat(run.err)
                .isEqualTo("pathctl: the lock /l was not acquired at once; it is held by session 5"
                        + " (worker-7: nightly), token 12\n");
        assertThat(run.pathctl("lock", "/l", "--wait", "20ms", "--", "touch", note.toString()))
                .isEqualTo(124);
        assertThat(run.err).contains("was not acquired within 0.0s");
        assertThat(note).doesNotExist();
        assertThat(coordination.sessions).isEmpty();
    }

    @Test
    void endsTheCommandWhenTheLockIsLost() throws Exception {
        int code = during(
                () -> {
                    var session = coordination.sessions.firstEntry().getValue();
                    session.become(SessionState.SUSPENDED);
                    session.become(SessionState.LOST);
                },
                "lock",
                "/l",
                "--kill-after",
                "100ms",
                "--",
                "sh",
                "-c",
                "trap '' TERM; echo $$ > " + note + ".new; mv " + note + ".new " + note
                        + "; while :; do sleep 1; done");
        assertThat(code).isEqualTo(123);
        assertThat(run.err)
                .isEqualTo("pathctl: no server has answered for 6.7s; the lock /l will be lost in 3.3s\n"
                        + "pathctl: the lock /l was lost; sh was ended, exit code 137\n");
        assertThat(ProcessHandle.of(Long.parseLong(Files.readString(note).strip()))
                        .filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    @Test
    void passesSignalsOn() throws Exception {
        int code = during(
                () -> Signal.raise(new Signal("TERM")),
                "lock",
                "/l",
                "--",
                "sh",
                "-c",
                "trap 'exit 42' TERM; : > " + note + "; while :; do sleep 0.1; done");
        assertThat(code).isEqualTo(42);
        assertThat(coordination.held).isEmpty();
    }

    @Test
    void tellsWhatCannotBeRun() throws Exception {
        assertThat(run.pathctl("lock", "/l", "--", "no-such-program")).isEqualTo(127);
        assertThat(run.err).isEqualTo("pathctl: cannot run no-such-program: there is no such command\n");
        Files.createFile(note);
        assertThat(run.pathctl("lock", "/l", "--", note.toString())).isEqualTo(126);
        assertThat(coordination.held).isEmpty();
    }

    @Test
    void refusesBadArguments() {
        assertThat(run.pathctl("lock", "relative", "--", "true")).isEqualTo(2);
        assertThat(run.pathctl("lock", "/l", "--permits", "2", "--", "true")).isEqualTo(2);
        assertThat(run.err).contains("--permits needs --max-permits");
        assertThat(run.pathctl("lock", "/l", "--permits", "3", "--max-permits", "2", "--", "true"))
                .isEqualTo(2);
        assertThat(run.err).contains("permits must be 1 to maxPermits 2, not 3");
        assertThat(run.pathctl("lock", "/l", "--shared", "--max-permits", "2")).isEqualTo(2);
        assertThat(run.pathctl("lock", "/l", "--session-timeout", "10ms", "--", "true"))
                .isEqualTo(2);
        assertThat(run.err).contains("1 s to 5 minutes").hasLineCount(1);
        assertThat(run.pathctl("create", "/e", "--", "true")).isEqualTo(2);
        assertThat(run.err).contains("needs --ephemeral");
        assertThat(run.pathctl("create", "/e", "-e", "--take-over", "--", "true"))
                .isEqualTo(2);
        assertThat(run.err).contains("--take-over needs --identity");
        assertThat(run.pathctl("set", "/a", "--value", "x", "--require-lock", "/l"))
                .isEqualTo(2);
        assertThat(run.err).contains("such as /locks/import:17");
        assertThat(run.pathctl("session", "--limit", "0")).isEqualTo(2);
        assertThat(coordination.sessions).isEmpty();
    }

    @Test
    void leadsAndPublishes() throws Exception {
        assertThat(run.pathctl(
                        "elect",
                        "/e",
                        "--candidate",
                        "A",
                        "--json",
                        "{\"p\":1}",
                        "--",
                        "sh",
                        "-c",
                        "echo $PATHKEEPER_LOCK_TOKEN $PATHKEEPER_CANDIDATE_ID > " + note))
                .isZero();
        assertThat(note).hasContent("21 A\n");
        assertThat(coordination.leader.value()).isEqualTo(Value.map("p", 1));
        assertThat(run.pathctl("elect", "/e", "--wait", "20ms", "--", "true")).isEqualTo(124);
        assertThat(run.err).isEqualTo("pathctl: not elected at /e within 0.0s; A leads, term 21\n");
    }

    @Test
    void showsAndObservesALeader() {
        assertThat(run.pathctl("leader", "/e")).isEqualTo(3);
        assertThat(run.err).isEqualTo("pathctl: nobody leads /e\n");
        coordination.leader = new Leader(21, 7, "A", "me", Value.of("x"), 22);
        assertThat(run.pathctl("leader", "/e")).isZero();
        assertThat(run.out()).contains("candidate_id     A\n").contains("term             21\n");
        assertThat(run.pathctl("leader", "/e", "--observe")).isZero();
        assertThat(run.out()).isEqualTo("21\tLEADER\t21\tA\t\"x\"\n-\tRESET\n25\tNONE\n");
    }

    @Test
    void listsLocks() {
        otherHolds("/l/a");
        assertThat(run.pathctl("locks", "/l")).isZero();
        assertThat(run.out())
                .isEqualTo("PATH  PLACE  MODE       TOKEN  QUEUED  SESSION  IDENTITY  NOTE\n"
                        + "/l/a  holds  exclusive     12      11        5  worker-7  nightly\n");
        assertThat(run.pathctl("locks", "--session", "6", "-o", "json")).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.pathctl("locks", "-l")).isZero();
        assertThat(run.out()).contains("ADDRESS").endsWith("-\n");
    }

    @Test
    void listsShowsAndClosesSessions() throws Exception {
        coordination.open(SessionOptions.defaults().identity("worker-7").labels(Map.of("zone", "a")));
        coordination.open(SessionOptions.defaults());
        assertThat(run.pathctl("session")).isZero();
        assertThat(run.out().lines().toList().get(1))
                .isEqualTo(" 7  worker-7  10.0.0.7:4711  1h 2m    10.0s           1      2  zone=a");
        assertThat(run.pathctl("session", "--limit", "1", "-o", "json")).isZero();
        assertThat(run.out()).hasLineCount(1).startsWith("{\"id\":7,\"client_identity\":\"worker-7\"");
        assertThat(run.err).contains("more than 1 sessions");
        assertThat(run.pathctl("session", "show", "7")).isZero();
        assertThat(run.out()).contains("age              1h 2m\n");
        assertThat(run.pathctl("session", "show", "70")).isEqualTo(3);
        assertThat(run.err).contains("there is no session 70");
        assertThat(run.pathctl("session", "nodes", "7")).isZero();
        assertThat(run.out()).isEqualTo("/w/1\n/w/2\n");
        Files.writeString(note, "7:zz");
        assertThat(run.pathctl("session", "close", "--key-file", note.toString()))
                .isEqualTo(2);
        assertThat(run.err).doesNotContain("zz");
        Files.writeString(note, "7:0a\n");
        assertThat(run.pathctl("session", "close", "--key-file", note.toString()))
                .isZero();
        assertThat(run.out()).startsWith("closed session ");
    }

    @Test
    void completesTheCommandsOfSession() {
        assertThat(run.pathctl("completion", "bash")).isZero();
        assertThat(run.out())
                .contains("pathctl_session_show")
                .contains("--require-lock")
                .contains("--lock-delay");
    }
}
