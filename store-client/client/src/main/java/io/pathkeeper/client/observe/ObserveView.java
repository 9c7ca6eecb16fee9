package io.pathkeeper.client.observe;

/** How much an event tells. */
public enum ObserveView {
    /** Type, path and revision. */
    NAME,
    /** The stat, too. */
    STAT,
    /** The value, too. The default. */
    VALUE
}
