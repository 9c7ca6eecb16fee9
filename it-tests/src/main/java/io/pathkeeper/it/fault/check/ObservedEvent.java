package io.pathkeeper.it.fault.check;

/**
 * One change as an observer was told of it.
 *
 * @param revision of the change
 * @param path of the znode
 * @param kind what happened
 * @param value the new value, of a deletion 0
 */
public record ObservedEvent(long revision, String path, Kind kind, long value) {
    /** What happened. */
    public enum Kind {
        /** The znode was created. */
        CREATED,
        /** Its value was changed. */
        UPDATED,
        /** It was deleted. */
        DELETED
    }
}
