package io.pathkeeper.server.disk;

/** How a server's disk stands. The order is that of distress, and travels between servers. */
public enum SpaceLevel {
    /** There is room for everything. */
    ENOUGH,
    /** Too little for writes that let the store grow; what remains is for those that do not, and for snapshots. */
    LOW,
    /** Not enough for another file of the log: this server takes no entries until there is. */
    FULL;

    /** The level with this number; a number that is not known counts as the worst. */
    public static SpaceLevel of(long number) {
        return number >= 0 && number < FULL.ordinal() ? values()[(int) number] : FULL;
    }
}
