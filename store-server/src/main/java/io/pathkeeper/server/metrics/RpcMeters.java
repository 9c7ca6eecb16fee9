package io.pathkeeper.server.metrics;

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
