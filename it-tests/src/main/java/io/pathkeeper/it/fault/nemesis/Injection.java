package io.pathkeeper.it.fault.nemesis;

import java.util.List;

/** A fault in force. Used by the thread that made it. */
public abstract class Injection {
    private final String what;
    private final boolean leaderKilled;

    /**
     * Made when the fault is in force.
     *
     * @param what what was done to whom
     * @param leaderKilled whether the leader was killed with SIGKILL while a majority goes on
     */
    protected Injection(String what, boolean leaderKilled) {
        this.what = what;
        this.leaderKilled = leaderKilled;
    }

    /** What was done to whom. */
    public final String what() {
        return what;
    }

    /** Whether the leader was killed with SIGKILL while a majority goes on: writes must be back soon. */
    public final boolean leaderKilled() {
        return leaderKilled;
    }

    /** Looks at the servers while the fault is in force and returns a sentence for every promise that does not hold. */
    public List<String> check() throws InterruptedException {
        return List.of();
    }

    /** Looks at the servers when the fault is over and they are ready again, and returns a sentence for everything that did not end with it. */
    public List<String> checkBehind() throws InterruptedException {
        return List.of();
    }

    /** Whether it hurt anybody, known when it has ended: a cut that nothing wanted to pass is no fault. True where what was done is the effect. */
    public boolean tookEffect() {
        return true;
    }

    /** Servers through which writes go on while it is in force, but for one change of the leader; empty when nothing like that is promised. */
    public List<Integer> unhurt() {
        return List.of();
    }

    /** What came of it, known when it has ended; empty when there is nothing to say. */
    public String outcome() {
        return "";
    }

    /** Takes the fault back; ended servers are started by the caller unless it is this fault that starts them. */
    public abstract void end() throws InterruptedException;
}
