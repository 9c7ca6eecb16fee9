package io.pathkeeper.pathctl.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.error.Reason;
import io.pathkeeper.pathctl.Run;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code pathctl member} as people and scripts use it. */
@Timeout(60)
class MemberCommandsTest {
    private final Run run = new Run();

    private List<String> asked() {
        return run.client.members.asked;
    }

    @Test
    void listsWhatTheLeaderKnows() {
        assertThat(run.pathctl("member", "list")).isZero();
        List<String> lines = run.out().lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0).split(" +"))
                .containsExactly("MEMBER", "CLIENT", "RAFT", "ROLE", "VOTES", "PRIORITY", "LAG", "HEARD");
        assertThat(lines.get(2).split(" +")).startsWith("s2", "h2:1", "h2:2", "follower", "yes", "7", "12");
        assertThat(lines.get(3).split(" +")).containsExactly("s3", "h3:1", "h3:2", "listener", "no", "0", "-", "-");

        assertThat(run.pathctl("member", "list", "-o", "json")).isZero();
        assertThat(run.out().lines()).hasSize(3);
        assertThat(run.out().lines().skip(1).findFirst().orElseThrow())
                .contains("\"member_id\":\"s2\"", "\"priority\":7", "\"lag_entries\":12", "\"voter\":true");
    }

    @Test
    void changesSayWhatTheyDid() {
        assertThat(run.pathctl("member", "add", "s4", "--raft", "h4:7421", "--client", "h4:7420", "--listener"))
                .isZero();
        assertThat(run.out()).isEqualTo("added s4 as a listener\n");
        assertThat(run.pathctl("member", "promote", "s4")).isZero();
        assertThat(run.pathctl("member", "demote", "s2")).isZero();
        assertThat(run.pathctl("member", "remove", "s2")).isZero();
        assertThat(run.pathctl("member", "transfer")).isZero();
        assertThat(run.pathctl("member", "transfer", "s4")).isZero();
        assertThat(run.out()).isEqualTo("s4 leads\n");
        assertThat(run.pathctl("member", "priority", "s4", "9")).isZero();
        assertThat(run.pathctl("member", "replace", "s3", "--raft", "h9:7421")).isZero();
        assertThat(run.pathctl("member", "replace", "s3", "--with", "s5", "--raft", "h5:1", "--client", "h5:2"))
                .isZero();
        assertThat(asked())
                .containsExactly(
                        "add NewMember[memberId=s4, raftAddress=h4:7421, clientAddress=h4:7420, voter=false, priority=0]",
                        "promote s4",
                        "demote s2",
                        "remove s2",
                        "transfer ''",
                        "transfer 's4'",
                        "update s4 MemberUpdate[raftAddress=null, clientAddress=null, priority=9]",
                        "update s3 MemberUpdate[raftAddress=h9:7421, clientAddress=null, priority=null]",
                        "replace s3 s5 h5:1 h5:2");
    }

    @Test
    void whatIsMissingOrRefusedHasItsExitCode() {
        assertThat(run.pathctl("member")).isEqualTo(2);
        assertThat(run.pathctl("member", "add", "s4")).isEqualTo(2);
        assertThat(run.pathctl("member", "replace", "s4")).isEqualTo(2);
        assertThat(run.pathctl("member", "replace", "s4", "--with", "s5", "--raft", "h5:1"))
                .isEqualTo(2);
        assertThat(asked()).isEmpty();

        run.client.members.refusal = Reason.QUORUM_AT_RISK;
        assertThat(run.pathctl("member", "remove", "s2")).isEqualTo(6);
        assertThat(run.err).contains("refused: QUORUM_AT_RISK");
        run.client.members.refusal = Reason.MEMBER_NOT_FOUND;
        assertThat(run.pathctl("member", "remove", "s9")).isEqualTo(3);
        run.client.members.refusal = Reason.MEMBER_EXISTS;
        assertThat(run.pathctl("member", "add", "s1", "--raft", "h:1", "--client", "h:2"))
                .isEqualTo(4);
    }
}
