package io.pathkeeper.server.observe;

/**
 * What an observer asked for. The caller has checked the ranges.
 *
 * @param filter which changes
 * @param startRevision first revision to tell of; 0: from now on
 * @param initialState send the targets as they are first; only with {@code startRevision} 0
 * @param resync when the history is gone: reset and send the state, instead of ending
 * @param progressMillis a progress frame at least so often
 * @param progressWhenQuiet a progress frame also when the observer is up to date again
 * @param coalesce only the newest event of each path while the observer is behind
 * @param once end behind the events of the first revision
 * @param form how events are told
 * @param gate what may be told
 */
public record ObserveOptions(
        ObserveFilter filter,
        long startRevision,
        boolean initialState,
        boolean resync,
        long progressMillis,
        boolean progressWhenQuiet,
        boolean coalesce,
        boolean once,
        EventForm form,
        ObserveGate gate) {
    /** One that may be told everything. */
    public ObserveOptions(
            ObserveFilter filter,
            long startRevision,
            boolean initialState,
            boolean resync,
            long progressMillis,
            boolean progressWhenQuiet,
            boolean coalesce,
            boolean once,
            EventForm form) {
        this(
                filter,
                startRevision,
                initialState,
                resync,
                progressMillis,
                progressWhenQuiet,
                coalesce,
                once,
                form,
                ObserveGate.OPEN);
    }

    /** The same with a gate. */
    public ObserveOptions through(ObserveGate newGate) {
        return new ObserveOptions(
                filter,
                startRevision,
                initialState,
                resync,
                progressMillis,
                progressWhenQuiet,
                coalesce,
                once,
                form,
                newGate);
    }
}
