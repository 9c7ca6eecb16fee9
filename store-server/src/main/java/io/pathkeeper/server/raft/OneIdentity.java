package io.pathkeeper.server.raft;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two servers with one identity could each vote in one term, and so make two leaders: a copied disk that is started beside the server that it was copied from. So a server looks,
 * before it takes part, whether its identity answers already where the cluster has it. What cannot be asked, because it is stopped or unreachable, is not found.
 */
final class OneIdentity {
    private static final Logger LOG = LoggerFactory.getLogger(OneIdentity.class);
    /** For an address that swallows everything; one where nobody listens answers at once. */
    private static final int TIMEOUT_MILLIS = 1_000;

    private OneIdentity() {}

    /**
     * Looks, before this server listens, so that whoever answers is another process. Blocks for a second at most for each address that it is known by, two at most.
     *
     * @throws NodeStartException of the kind IDENTITY when another process answers with this server's identity
     */
    static void check(NodeSettings settings) throws IOException {
        for (String address : addresses(settings)) {
            if (PeerProbe.ask(settings, address, TIMEOUT_MILLIS) instanceof PeerProbe.Answer.Known other
                    && other.memberId().equals(settings.memberId())) {
                throw NodeStartException.identity(
                        "member " + settings.memberId() + " of cluster " + settings.clusterId() + " runs already, at "
                                + address + ": stop that server, or give this one a member.id of its own and an empty"
                                + " data directory");
            }
        }
    }

    /** Where the others look for this server, by its configuration and by its log; nothing for the only server of a cluster. */
    private static Set<String> addresses(NodeSettings settings) throws IOException {
        Set<String> addresses = new LinkedHashSet<>();
        if (settings.peers().size() > 1) {
            settings.peers().stream()
                    .filter(peer -> peer.id().equals(settings.memberId()))
                    .forEach(peer -> addresses.add(peer.raftAddress()));
        }
        List<RaftPeerProto> logged =
                logged(RaftSettings.groupDirectory(settings).resolve("current").resolve("raft-meta.conf"));
        if (logged.size() > 1) {
            logged.stream()
                    .filter(peer -> peer.getId().toStringUtf8().equals(settings.memberId()))
                    .forEach(peer -> addresses.add(peer.getAddress()));
        }
        return addresses;
    }

    /** The members by the newest configuration that the engine has put beside its log. */
    private static List<RaftPeerProto> logged(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return LogEntryProto.parseFrom(in).getConfigurationEntry().getPeersList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (InvalidProtocolBufferException e) {
            // the engine does without it, too: the members are in its log
            LOG.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("cause", e.getMessage())
                    .log(
                            "the members beside the log cannot be read: only the configured address of this server is asked for a double");
            return List.of();
        }
    }
}
