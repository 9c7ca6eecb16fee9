package io.pathkeeper.server.raft;

/** What a server tells the others of its state. The order travels between servers. */
enum DigestWord {
    /** Nothing. */
    NONE,
    /** It differs from the leader's, and this server is about to stop. */
    DIVERGED,
    /** It was compared with the leader's since this server has started, and is equal. */
    EQUAL;

    /** The word with this number; one that is not known says nothing. */
    static DigestWord of(long number) {
        return number >= 0 && number < values().length ? values()[(int) number] : NONE;
    }
}
