package io.pathkeeper.it.bench;

/** Many sessions of one store, or what it has in their place, that are kept alive together. Driven by one thread. */
interface SessionCrowd extends AutoCloseable {
    /** Calls under way while sessions are opened. */
    int OPENING = 256;

    /** Opens so many and returns when all are open; each is kept alive from when it is open. To be called once. */
    void open(int count) throws Exception;

    /** Answers so far that a session lives. */
    long renewedCount();

    /** Sessions that were over, or whose connection was, although they were kept alive. */
    long lostCount();

    /** Why the first one was lost; empty when none was. */
    String firstLoss();

    /** Lets nobody hear of the sessions from now on; their connections stay. */
    void silence() throws Exception;

    /** How many of them the store still has. */
    int aliveCount() throws Exception;

    @Override
    void close();
}
