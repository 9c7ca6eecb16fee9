package io.pathkeeper.it.badinput;

/** Documented exit codes of a server. */
final class ExitCode {
    static final int CONFIGURATION = 2;
    static final int PORT_IN_USE = 3;
    static final int DATA_DIRECTORY = 4;
    static final int CORRUPT = 5;
    static final int STORAGE = 6;

    private ExitCode() {}
}
