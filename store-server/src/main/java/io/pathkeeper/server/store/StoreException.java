package io.pathkeeper.server.store;

/** Carries a {@link StoreFailure} through a future. Has no stack trace: it is expected. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient StoreFailure failure;

    StoreException(StoreFailure failure) {
        super(failure.rejection().message(), null, false, false);
        this.failure = failure;
    }

    /** What happened. */
    public StoreFailure failure() {
        return failure;
    }
}
