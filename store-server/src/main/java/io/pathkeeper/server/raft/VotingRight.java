package io.pathkeeper.server.raft;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this server may help to elect a leader. One that begins without a log may have had one: what it acknowledged before its disk was lost counted for
 * majorities, and its vote could make a leader of a server that never had it. So it votes for nobody with a log, and when a leader tells it that the cluster has
 * committed without it, it neither votes nor stands, across restarts, until it has caught up once. Where no server has a log, a cluster begins, and all may vote.
 *
 * <p>Asked and told by the threads of the other servers' calls; {@link #caughtUp} belongs to the scheduler. A file beside the log says that the right is withheld.
 */
final class VotingRight implements ServerInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(VotingRight.class);
    /** The file that says so; its content is for people. */
    static final String FILE = "without-vote";

    private static final String TEXT =
            "This server began without a log while its cluster had one. It has no vote until it has caught up; then it deletes this file.\n";
    private static final String VOTE_METHOD = "ratis.grpc.RaftServerProtocolService/requestVote";
    private static final String INSTALL_METHOD = "ratis.grpc.RaftServerProtocolService/installSnapshot";
    /** The first entry of a cluster is its first leader's own. */
    private static final long FIRST_ENTRY = 0;

    private enum State {
        /** It had a log, or took part in the beginning of the cluster. */
        GIVEN,
        /** It has no log yet. */
        NEW,
        /** The cluster went on without it. */
        WITHHELD
    }

    private final Path directory;
    private volatile State state;

    /**
     * Looks at what is there, before the engine does.
     *
     * @param directory of the log and the snapshots of all groups
     * @param group that of this server's cluster in it
     * @param founds whether it was given others with which it may begin a cluster; one that is to join has no vote before its log says so, and then has all before that
     */
    VotingRight(Path directory, Path group, boolean founds) throws IOException {
        this.directory = directory;
        if (!founds) {
            state = State.GIVEN;
        } else if (Files.exists(directory.resolve(FILE))) {
            state = State.WITHHELD;
            LOG.atInfo().log("this server had not caught up when it stopped: it has no vote until it has");
        } else {
            state = hasFiles(group.resolve("current"), "log_") || hasFiles(group.resolve("sm"), "snapshot.")
                    ? State.GIVEN
                    : State.NEW;
        }
    }

    private static boolean hasFiles(Path directory, String prefix) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(file -> String.valueOf(file.getFileName()).startsWith(prefix));
        }
    }

    /** Whether this server must neither vote nor stand for election. Any thread. */
    boolean isWithheld() {
        return state == State.WITHHELD;
    }

    /** This server was as new as the cluster: it has all that it may have acknowledged in an earlier life. */
    void caughtUp() {
        if (state != State.WITHHELD) {
            return;
        }
        try {
            Files.deleteIfExists(directory.resolve(FILE));
            EarlierWrites.forceDirectory(directory);
            state = State.GIVEN;
            LOG.atInfo().log("this server has caught up: it has a vote");
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("cause", e.toString())
                    .log("the file that withholds this server's vote cannot be deleted: it is tried again");
        }
    }

    /** This server leads: it was elected by those that have a log, or there was none. */
    synchronized void leads() {
        if (state == State.NEW) {
            state = State.GIVEN;
        }
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        ServerCall.Listener<Q> listener = next.startCall(call, headers);
        boolean asked =
                method.equals(VOTE_METHOD) || method.equals(INSTALL_METHOD) || method.equals(PeerService.APPEND_METHOD);
        return asked && state != State.GIVEN ? new Checked<>(call, listener) : listener;
    }

    private boolean mayVoteFor(RequestVoteRequestProto candidate) {
        return switch (state) {
            case GIVEN -> true;
            case NEW -> candidate.getCandidateLastEntry().getTerm() == 0;
            case WITHHELD -> false;
        };
    }

    /** A leader sends something; returns when what that means for the vote is on the disk. */
    private synchronized void led(long committed, boolean hasEntries) throws IOException {
        if (state != State.NEW) {
            return;
        }
        if (committed > FIRST_ENTRY) {
            try (FileChannel file = FileChannel.open(
                    directory.resolve(FILE),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                file.write(java.nio.ByteBuffer.wrap(TEXT.getBytes(StandardCharsets.UTF_8)));
                file.force(true);
            }
            EarlierWrites.forceDirectory(directory);
            state = State.WITHHELD;
            LOG.atInfo()
                    .addKeyValue("committed", committed)
                    .log(
                            "this server begins without a log in a cluster that has one: it has no vote until it has caught up");
        } else if (hasEntries) {
            state = State.GIVEN;
        }
    }

    private final class Checked<Q> extends SimpleForwardingServerCallListener<Q> {
        private final ServerCall<Q, ?> call;
        private boolean refused;

        Checked(ServerCall<Q, ?> call, ServerCall.Listener<Q> delegate) {
            super(delegate);
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            if (refused) {
                return;
            }
            try {
                if (message instanceof RequestVoteRequestProto candidate && !mayVoteFor(candidate)) {
                    refuse("this server has no vote: it began without a log and has not caught up yet");
                    return;
                } else if (message instanceof AppendEntriesRequestProto append) {
                    if (state == State.NEW) {
                        led(append.getLeaderCommit(), append.getEntriesCount() > 0);
                    }
                } else if (message instanceof InstallSnapshotRequestProto) {
                    led(Long.MAX_VALUE, true);
                }
            } catch (IOException e) {
                LOG.atError()
                        .setCause(e)
                        .log("that this server has no vote cannot be written: it takes nothing from a leader");
                refuse("this server cannot write that it has no vote: " + e.getMessage());
                return;
            }
            super.onMessage(message);
        }

        private void refuse(String why) {
            refused = true;
            call.close(Status.UNAVAILABLE.withDescription(why), new Metadata());
        }

        @Override
        public void onHalfClose() {
            if (!refused) {
                super.onHalfClose();
            }
        }
    }
}
