package io.pathkeeper.client.model;

/** How a read relates to the writes that finished before it. */
public enum Consistency {
    /** Sees every write that was answered before the read was sent, whoever sent it. The default. */
    LINEARIZABLE,
    /** Sees everything this client has seen, or the revision that the options name; the server waits for it. */
    AT_LEAST,
    /** What the answering server has now, but never older than what this client has seen. */
    LOCAL
}
