package io.pathkeeper.pathctl;

/** The exit codes of {@code pathctl}, a promise to scripts: a code never changes its meaning. */
public enum ExitCode {
    /** The command did what was asked. */
    OK(0, "done"),
    /** The environment failed: no server reached, no leader, time limit, a local file. */
    UNAVAILABLE(1, "the environment failed: no server reached, no leader, time limit, local files"),
    /** The command line, a path on it, or a document given to it is wrong; nothing was changed. */
    USAGE(2, "the command line, or a document given to it, is wrong"),
    /** The znode, its parent, the session, the leader, the member, or the user, role or token does not exist. */
    NOT_FOUND(
            3, "the znode, its parent, the session, the leader, the member, or the user, role or token does not exist"),
    /** The znode, user, member or file exists already. */
    EXISTS(4, "the znode, user, member or file exists already"),
    /** Somebody else was faster, the lock is over, the conditions of a transaction did not hold, or an alarm stands. */
    CONDITION_FAILED(
            5,
            "version mismatch, a failed test, a lock that is over, a transaction whose conditions did not hold, a check that denies, or an alarm that stands"),
    /** The store refused for another reason, which the message gives. */
    REFUSED(6, "refused for another reason, which the message gives"),
    /** An import, export or migration is complete but for what its summary names. */
    INCOMPLETE(7, "import, export or migrate left out what its summary names"),
    /** The lock or the leadership was lost, and with it the command that ran under it. */
    LOST(123, "the lock or the leadership was lost; the command was ended"),
    /** The lock or the leadership was not had within {@code --wait}. */
    NOT_ACQUIRED(124, "the lock was not acquired, or the election not won, within --wait"),
    /** The command to run cannot be executed. */
    NOT_EXECUTABLE(126, "the command to run cannot be executed"),
    /** There is no such command to run. */
    COMMAND_NOT_FOUND(127, "there is no such command to run"),
    /** Ended by Ctrl-C. */
    INTERRUPTED(130, "interrupted by Ctrl-C");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** Returns the number that the process ends with. */
    public int code() {
        return code;
    }

    /** Returns one line for people. */
    public String meaning() {
        return meaning;
    }
}
