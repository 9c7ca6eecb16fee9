package io.pathkeeper.server.metrics;

import java.util.List;

/** What the gRPC side reports. Any thread. */
public interface RpcMeters {
    /** The meters of one method; the same object for the same name. Names outside the known set share {@code unknown}. */
    MethodMeters method(String fullMethodName);

    /** So many reads of a consistency were answered. */
    void reads(ReadKind kind, int count);

    /** So many operations came in through pipelines. */
    void pipelineOperations(int count);

    /** So many transactions found their conditions not to hold, or were refused by a version. */
    void transactionConflicts(int count);

    /** A call took longer than the limit for slow requests. */
    void slowRequest();

    /** A call or a message was refused since its caller calls too often. */
    void rateLimited(Caller caller);

    /** Operations that came in through pipelines so far. */
    long pipelineOperations();

    /** The methods that were called, by name. */
    List<Calls> calls();

    /**
     * Calls of one method that have ended.
     *
     * @param method full name
     * @param ended how many
     * @param totalNanos how long they took together
     */
    record Calls(String method, long ended, long totalNanos) {}

    /** By what callers are told apart. */
    enum Caller {
        PRINCIPAL,
        ADDRESS
    }

    /** Consistency of a read. */
    enum ReadKind {
        LINEARIZABLE,
        AT_LEAST,
        LOCAL,
        PINNED
    }

    /** Meters of one method. */
    interface MethodMeters {
        /** A call began. */
        void started();

        /** A call that began has ended with this gRPC code after so long. */
        void finished(String code, long nanos);
    }
}
