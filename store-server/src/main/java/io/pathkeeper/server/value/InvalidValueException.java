package io.pathkeeper.server.value;

/** Bytes that should be a canonical encoding are not. */
public final class InvalidValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient ValueProblem problem;

    /** Says what is wrong. */
    public InvalidValueException(ValueProblem problem) {
        super(problem.text());
        this.problem = problem;
    }

    /** What is wrong. */
    public ValueProblem problem() {
        return problem;
    }
}
