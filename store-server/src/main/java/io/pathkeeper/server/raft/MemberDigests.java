package io.pathkeeper.server.raft;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the servers know of each other's states: one that finds that its own differs tells all others before it stops, and one that has compared its own and found
 * it equal tells each of them once. Kept in memory, as far as it was heard. Any thread.
 */
final class MemberDigests {
    private static final Logger LOG = LoggerFactory.getLogger(MemberDigests.class);
    private static final long LAST_WORD_MILLIS = 500;

    private final PeerLinks links;
    private final Set<String> diverged = ConcurrentHashMap.newKeySet();
    private final Set<String> informed = ConcurrentHashMap.newKeySet();
    /** This server has found that its state differs: it never says anything else again. */
    private volatile boolean differs;

    MemberDigests(PeerLinks links) {
        this.links = links;
    }

    /** Another server has told of its state. */
    void told(String member, DigestWord word) {
        if (word == DigestWord.DIVERGED && diverged.add(member)) {
            LOG.atError()
                    .addKeyValue("member", member)
                    .log("the state of another server differs from the leader's; it stops");
        } else if (word == DigestWord.EQUAL && diverged.remove(member)) {
            LOG.atInfo()
                    .addKeyValue("member", member)
                    .log("the state of another server is equal to the leader's again");
        }
    }

    /** Those of these servers whose state differs, as far as is known; what is known of others is forgotten. */
    List<String> diverged(Collection<String> members) {
        diverged.retainAll(members);
        return List.copyOf(new TreeSet<>(diverged));
    }

    /** This server's state is equal to the leader's: tells those that have not heard it. */
    void tellEqual(Collection<String> others) {
        for (String other : others) {
            PeerLink link = differs || informed.contains(other) ? null : links.get(other);
            if (link != null) {
                link.tellDigest(DigestWord.EQUAL, () -> informed.add(other), () -> {});
            }
        }
    }

    /** This server's state differs: tells all others, and waits a moment until they have heard it. */
    void tellDiverged(Collection<String> others) {
        differs = true;
        CountDownLatch heard = new CountDownLatch(others.size());
        for (String other : others) {
            PeerLink link = links.get(other);
            if (link == null) {
                heard.countDown();
            } else {
                link.tellDigest(DigestWord.DIVERGED, heard::countDown, heard::countDown);
            }
        }
        try {
            if (!heard.await(LAST_WORD_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.atWarn().log("not all other servers have heard that this one's state differs");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
