package io.pathkeeper.it.fault.fuzz;

/** A decoder refused an input by what it returned. Has no stack trace. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Among a decoder's refusals. */
    static final String NAME = RefusedException.class.getName();

    RefusedException() {
        super(null, null, false, false);
    }
}
