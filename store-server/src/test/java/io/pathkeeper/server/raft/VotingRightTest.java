package io.pathkeeper.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of messages of other servers. */
class VotingRightTest {
    private static final RequestVoteRequestProto WITHOUT_LOG = RequestVoteRequestProto.newBuilder()
            .setCandidateTerm(1)
            .setCandidateLastEntry(TermIndexProto.newBuilder().setIndex(-1))
            .build();
    private static final RequestVoteRequestProto WITH_LOG = RequestVoteRequestProto.newBuilder()
            .setCandidateTerm(4)
            .setCandidateLastEntry(TermIndexProto.newBuilder().setTerm(3).setIndex(99))
            .build();

    @TempDir
    private Path directory;

    private final List<Status> closed = new ArrayList<>();

    private VotingRight votes() throws IOException {
        return new VotingRight(directory, directory.resolve("group"), true);
    }

    private static AppendEntriesRequestProto append(long committed, int entries) {
        AppendEntriesRequestProto.Builder append =
                AppendEntriesRequestProto.newBuilder().setLeaderCommit(committed);
        for (int i = 0; i < entries; i++) {
            append.addEntries(LogEntryProto.getDefaultInstance());
        }
        return append.build();
    }

    /** Sends a message; whether the engine gets it. */
    private <Q> boolean passes(VotingRight votes, Q message) {
        String name = message instanceof RequestVoteRequestProto
                ? "requestVote"
                : message instanceof AppendEntriesRequestProto ? "appendEntries" : "installSnapshot";
        List<Q> got = new ArrayList<>();
        ServerCall.Listener<Q> listener = votes.<Q, Object>interceptCall(
                new Call<Q>("ratis.grpc.RaftServerProtocolService/" + name),
                new Metadata(),
                (call, headers) -> new Noted<>(got));
        listener.onMessage(message);
        listener.onHalfClose();
        return !got.isEmpty();
    }

    @Test
    void whoHasNoLogVotesForThoseWithoutOneOnly() throws IOException {
        VotingRight votes = votes();
        assertThat(passes(votes, WITHOUT_LOG)).isTrue();
        assertThat(closed).isEmpty();
        assertThat(passes(votes, WITH_LOG)).isFalse();
        assertThat(closed).singleElement().satisfies(status -> {
            assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(status.getDescription()).contains("has no vote");
        });
    }

    @Test
    void whoTakesPartInTheBeginningHasItsVote() throws IOException {
        VotingRight votes = votes();
        assertThat(passes(votes, append(-1, 0))).isTrue();
        assertThat(passes(votes, WITH_LOG)).isFalse();
        assertThat(passes(votes, append(-1, 1))).isTrue();
        assertThat(passes(votes, WITH_LOG)).isTrue();
        assertThat(directory.resolve(VotingRight.FILE)).doesNotExist();
    }

    @Test
    void whoLeadsTheBeginningHasItsVote() throws IOException {
        VotingRight votes = votes();
        votes.leads();
        assertThat(passes(votes, WITH_LOG)).isTrue();
    }

    @Test
    void whoComesWithoutALogToAClusterThatHasOneHasNoVoteBeforeItHasCaughtUpAlsoBehindARestart() throws IOException {
        VotingRight votes = votes();
        assertThat(passes(votes, append(120, 5))).isTrue();
        assertThat(votes.isWithheld()).isTrue();
        assertThat(passes(votes, WITH_LOG)).isFalse();
        assertThat(passes(votes, WITHOUT_LOG)).isFalse();

        haveLog();
        VotingRight restarted = votes();
        assertThat(restarted.isWithheld()).isTrue();
        assertThat(passes(restarted, append(130, 5))).isTrue();
        assertThat(passes(restarted, WITH_LOG)).isFalse();

        restarted.caughtUp();
        assertThat(restarted.isWithheld()).isFalse();
        assertThat(passes(restarted, WITH_LOG)).isTrue();
        assertThat(votes().isWithheld()).isFalse();
    }

    @Test
    void aSnapshotOfTheLeaderSaysTheSame() throws IOException {
        VotingRight votes = votes();
        assertThat(passes(votes, InstallSnapshotRequestProto.getDefaultInstance()))
                .isTrue();
        assertThat(votes.isWithheld()).isTrue();
    }

    @Test
    void whoHasALogOrASnapshotHasItsVote() throws IOException {
        haveLog();
        assertThat(passes(votes(), WITH_LOG)).isTrue();
        Files.delete(directory.resolve("group/current/log_inprogress_0"));
        assertThat(passes(votes(), WITH_LOG)).isFalse();
        Files.createDirectories(directory.resolve("group/sm"));
        Files.createFile(directory.resolve("group/sm/snapshot.3_100"));
        VotingRight votes = votes();
        assertThat(passes(votes, append(120, 5))).isTrue();
        assertThat(passes(votes, WITH_LOG)).isTrue();
    }

    @Test
    void whoIsToJoinHasTheVoteThatItsLogGivesIt() throws IOException {
        VotingRight votes = new VotingRight(directory, directory.resolve("group"), false);
        assertThat(passes(votes, append(120, 5))).isTrue();
        assertThat(votes.isWithheld()).isFalse();
        assertThat(passes(votes, WITH_LOG)).isTrue();
    }

    @Test
    void takesNothingFromALeaderWhenItCannotWriteThatItHasNoVote() throws IOException {
        VotingRight votes = votes();
        Files.createDirectory(directory.resolve(VotingRight.FILE));
        assertThat(passes(votes, append(120, 5))).isFalse();
        assertThat(closed).hasSize(1);
        assertThat(passes(votes, WITH_LOG)).isFalse();
    }

    private void haveLog() throws IOException {
        Files.createDirectories(directory.resolve("group/current"));
        Files.createFile(directory.resolve("group/current/log_inprogress_0"));
    }

    private static final class Noted<Q> extends ServerCall.Listener<Q> {
        private final List<Q> got;

        Noted(List<Q> got) {
            this.got = got;
        }

        @Override
        public void onMessage(Q message) {
            got.add(message);
        }
    }

    private final class Call<Q> extends ServerCall<Q, Object> {
        private final MethodDescriptor<Q, Object> method;

        Call(String name) {
            method = MethodDescriptor.<Q, Object>newBuilder(new Nothing<>(), new Nothing<>())
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName(name)
                    .build();
        }

        @Override
        public void request(int messages) {
            // the test sends them
        }

        @Override
        public void sendHeaders(Metadata headers) {
            throw new IllegalStateException("nothing is answered here");
        }

        @Override
        public void sendMessage(Object message) {
            throw new IllegalStateException("nothing is answered here");
        }

        @Override
        public void close(Status status, Metadata trailers) {
            closed.add(status);
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public MethodDescriptor<Q, Object> getMethodDescriptor() {
            return method;
        }
    }

    private static final class Nothing<T> implements MethodDescriptor.Marshaller<T> {
        @Override
        public InputStream stream(T value) {
            throw new IllegalStateException("nothing goes over a network here");
        }

        @Override
        public T parse(InputStream stream) {
            throw new IllegalStateException("nothing goes over a network here");
        }
    }
}
