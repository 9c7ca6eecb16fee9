package io.pathkeeper.it.fault.fuzz;

/** A decoder accepted an input and made something of it that it must not. */
public final class BrokenPromiseException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Says what is wrong. */
    public BrokenPromiseException(String message) {
        super(message);
    }
}
