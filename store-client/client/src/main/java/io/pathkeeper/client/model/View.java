package io.pathkeeper.client.model;

/** How much of a znode is returned. */
public enum View {
    /** Names or paths only. */
    NAME,
    /** Names and stat. */
    STAT,
    /** Names, stat and value. */
    FULL
}
