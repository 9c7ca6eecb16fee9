package io.pathkeeper.it.fault.nemesis;

/** What servers end with, as the manual says. */
final class ExitCodes {
    /** Data is corrupt. */
    static final int CORRUPT = 5;
    /** The storage failed. */
    static final int STORAGE = 6;

    private ExitCodes() {}
}
