package io.pathkeeper.server.store;

import java.util.List;
import java.util.function.Consumer;

/** The alarms of all servers of the cluster. Any thread. */
public interface ClusterAlarms {
    /**
     * Asks every server for its alarms. Needs no quorum; the listener is told once, on any thread, within an election timeout, and must not block.
     */
    void list(Consumer<Listing> listener);

    /**
     * An alarm that stands.
     *
     * @param type its kind, in the words of the public interface; servers of another version may have other kinds
     * @param subject what it is about
     * @param message what is wrong and what to do
     * @param sinceMillis Unix time at which it was raised, by the clock of its server
     */
    record Standing(String type, String subject, String message, long sinceMillis) {}

    /**
     * An alarm and the server on which it stands.
     *
     * @param memberId the server
     * @param alarm the alarm
     */
    record OfMember(String memberId, Standing alarm) {}

    /**
     * What came together.
     *
     * @param alarms the oldest first
     * @param unreached members that did not tell
     */
    record Listing(List<OfMember> alarms, List<String> unreached) {
        /** Copies the lists. */
        public Listing {
            alarms = List.copyOf(alarms);
            unreached = List.copyOf(unreached);
        }
    }
}
