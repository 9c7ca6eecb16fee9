package io.pathkeeper.client.model;

/** How much a logger of a server tells. */
public enum LogLevel {
    /** What failed. */
    ERROR,
    /** What an operator should know of, too. */
    WARN,
    /** What happens seldom, too. */
    INFO,
    /** What helps to find a fault, too. */
    DEBUG,
    /** Everything. */
    TRACE
}
