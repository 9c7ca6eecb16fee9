package io.pathkeeper.server.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.ProposalTimes;
import io.pathkeeper.server.store.ReadRequest;
import io.pathkeeper.server.store.ReadRequest.Consistency;
import io.pathkeeper.v1.PipelineOperation;
import io.pathkeeper.v1.PipelineRequest;
import io.pathkeeper.v1.PipelineResponse;
import io.pathkeeper.v1.StoreServiceGrpc;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One pipeline: operations of one client in order, answers in the same order. A read shows every earlier write of the pipeline, and of
 * the later ones none to what it reads.
 *
 * <p>The transport's thread reads a message: it proposes the writes one after the other ({@link PipelineOrder} holds those that an
 * earlier read would show) and opens one gate for all linearizable reads of the message. A worker, one at a time ({@link Turns}), sends
 * what is done from the front on, in as few messages as that gives, and only while the transport takes it; a lone read is answered by the
 * thread that finds it done, when nobody else waits for that thread. When too many operations or
 * bytes wait, no further message is asked for until half of them are answered: the client feels it as flow control.
 */
final class PipelineCall implements StreamObserver<PipelineRequest> {
    /** Most operations of one message. */
    static final int MAX_MESSAGE_OPERATIONS = 4_096;

    private static final String METHOD = StoreServiceGrpc.getPipelineMethod().getFullMethodName();
    private static final int ANSWER_BYTES = 256 << 10;
    /** A worker gives way to other calls after so many messages. */
    private static final int TURN = 16;

    private final ServerCallStreamObserver<PipelineResponse> observer;
    private final StoreContext context;
    private final Access access;
    private final PipelineAnswers answers;
    private final PipelineOrder order;
    private final Turns turns;
    private final Queue<PipelineBatch> batches = new ConcurrentLinkedQueue<>();
    private final AtomicLong waitingOperations = new AtomicLong();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicBoolean paused = new AtomicBoolean();
    private volatile boolean halfClosed;
    // owned by the reading thread
    private boolean begun;
    private String clientId = "";
    private long taken;
    // owned by whoever has the turn
    private boolean ended;
    private long answered;

    PipelineCall(ServerCallStreamObserver<PipelineResponse> observer, StoreContext context) {
        this.observer = observer;
        this.context = context;
        access = Access.current();
        answers = new PipelineAnswers(context, access);
        order = new PipelineOrder(context.store(), context.pipelineOperations());
        turns = new Turns(context.workers(), this::turn);
    }

    StreamObserver<PipelineRequest> start() {
        observer.disableAutoRequest();
        observer.setOnReadyHandler(turns::ask);
        observer.setOnCancelHandler(turns::ask);
        observer.request(1);
        return this;
    }

    @Override
    public void onNext(PipelineRequest message) {
        if (!begun) {
            begun = true;
            clientId = message.getClientId();
        }
        int count = message.getOperationsCount();
        long begunNanos = System.nanoTime();
        PipelineBatch batch = new PipelineBatch(count, message.getSerializedSize(), begunNanos);
        waitingOperations.addAndGet(count);
        waitingBytes.addAndGet(batch.bytes);
        context.meters().pipelineOperations(count);
        Rejection refused = refuse(message);
        // the stream's own deadline, if it has one, bounds the stream; an operation gets the default time at most
        long deadline = UnaryCall.deadlineNanos(context.defaultDeadlineNanos());
        long latest = begunNanos + context.defaultDeadlineNanos();
        boolean brief = isBrief(message);
        Reading reading = new Reading(message.getAcknowledgedBelow(), deadline - latest < 0 ? deadline : latest, brief);
        for (int i = 0; i < count; i++) {
            PipelineOperation operation = message.getOperations(i);
            PipelineSlot slot = new PipelineSlot(operation.getCorrelationId(), turns);
            batch.slots[i] = slot;
            if (refused != null) {
                slot.refuse(refused);
            } else {
                reading.read(operation, slot);
            }
            taken++;
        }
        context.store().flush();
        batches.add(batch);
        // what is done later asks for a turn itself
        PipelineSlot first = count == 0 ? null : batch.slots[0];
        boolean done = first == null || first.isDone();
        if (done && brief) {
            turns.runHere();
        } else if (done || order.holds()) { // held while the read before it was being answered
            turns.ask();
        }
        askForMore();
    }

    /** Whether it asks for no more than one znode: the answer takes no longer than waking a worker for it. */
    private static boolean isBrief(PipelineRequest message) {
        if (message.getOperationsCount() != 1) {
            return false;
        }
        return switch (message.getOperations(0).getOperationCase()) {
            case GET, SYNC -> true;
            default -> false;
        };
    }

    private @Nullable Rejection refuse(PipelineRequest message) {
        if (message.getOperationsCount() > MAX_MESSAGE_OPERATIONS) {
            return Rejection.of(
                    RejectReason.REQUEST_TOO_LARGE,
                    "a message of a pipeline has " + message.getOperationsCount() + " operations, the limit is "
                            + MAX_MESSAGE_OPERATIONS + ": send several messages",
                    "actual",
                    Integer.toString(message.getOperationsCount()),
                    "limit",
                    Integer.toString(MAX_MESSAGE_OPERATIONS));
        }
        try {
            FieldReader.clientId(clientId);
            access.count(message.getOperationsCount());
        } catch (RejectedException e) {
            return e.rejection();
        }
        return null;
    }

    private void askForMore() {
        if (hasRoom(1)) {
            observer.request(1);
            return;
        }
        paused.set(true);
        if (hasRoom(1) && paused.compareAndSet(true, false)) {
            observer.request(1);
        }
    }

    private boolean hasRoom(int part) {
        return waitingOperations.get() <= context.pipelineOperations() / part
                && waitingBytes.get() <= context.pipelineBytes() / part;
    }

    @Override
    public void onError(Throwable error) {
        turns.ask(); // cancelled
    }

    @Override
    public void onCompleted() {
        halfClosed = true;
        turns.ask();
    }

    /** Sends what is done, from the front on. */
    private void turn() {
        if (ended) {
            return;
        }
        if (observer.isCancelled()) {
            ended = true;
            batches.clear();
            return;
        }
        for (int messages = 0; observer.isReady(); messages++) {
            if (messages == TURN) {
                turns.ask();
                return;
            }
            boolean sent = send();
            order.release();
            if (!sent) {
                break;
            }
        }
        if (halfClosed && batches.isEmpty()) {
            ended = true;
            observer.onCompleted();
        }
    }

    private boolean send() {
        PipelineResponse.Builder out = null;
        long bytes = 0;
        PipelineBatch batch = batches.peek();
        while (batch != null && bytes < ANSWER_BYTES) {
            if (batch.next == batch.slots.length) {
                batches.remove();
                release(batch);
                batch = batches.peek();
                continue;
            }
            PipelineSlot slot = batch.slots[batch.next];
            if (slot == null || !slot.isDone()) {
                break;
            }
            var result = answers.result(slot);
            bytes += result.getSerializedSize() + 8;
            out = out == null ? PipelineResponse.newBuilder() : out;
            out.addResults(result);
            ProposalTimes times = slot.times;
            if (times != null) {
                batch.times = times;
            }
            batch.slots[batch.next++] = null;
            order.answered(++answered);
        }
        if (out == null) {
            return false;
        }
        observer.onNext(
                out.setHeader(context.headers().header(context.store().view().revision()))
                        .build());
        return true;
    }

    private void release(PipelineBatch batch) {
        waitingOperations.addAndGet(-batch.slots.length);
        waitingBytes.addAndGet(-batch.bytes);
        long now = System.nanoTime();
        if (context.slow().isSlow(now - batch.begunNanos)) {
            context.slow().write(METHOD, batch.begunNanos, now, batch.times);
        }
        if (paused.get() && hasRoom(2) && paused.compareAndSet(true, false)) {
            observer.request(1);
        }
    }

    /** Reads the operations of one message. */
    private final class Reading {
        private final long acknowledgedBelow;
        private final long deadlineNanos;
        private final boolean brief;
        private @Nullable ReadGate linearizable;

        Reading(long acknowledgedBelow, long deadlineNanos, boolean brief) {
            this.acknowledgedBelow = acknowledgedBelow;
            this.deadlineNanos = deadlineNanos;
            this.brief = brief;
        }

        void read(PipelineOperation operation, PipelineSlot slot) {
            try {
                CommandReader commands = context.commands();
                OperationRules.operation(access, operation);
                switch (operation.getOperationCase()) {
                    case CREATE -> write(operation, commands.create(operation.getCreate()), slot);
                    case SET -> write(operation, commands.set(operation.getSet()), slot);
                    case PATCH -> write(operation, commands.patch(operation.getPatch()), slot);
                    case DELETE -> write(operation, commands.delete(operation.getDelete()), slot);
                    case TRANSACT -> write(operation, commands.transact(operation.getTransact()), slot);
                    case GET -> {
                        TreeReads.check(operation.getGet());
                        wait(
                                operation,
                                FieldReader.readOptions(operation.getGet().getOptions()),
                                slot);
                    }
                    case BATCH_GET -> {
                        TreeReads.check(operation.getBatchGet());
                        wait(
                                operation,
                                FieldReader.readOptions(operation.getBatchGet().getOptions()),
                                slot);
                    }
                    case LIST_CHILDREN -> {
                        TreeReads.check(operation.getListChildren());
                        wait(
                                operation,
                                FieldReader.readOptions(
                                        operation.getListChildren().getOptions()),
                                slot);
                    }
                    case SYNC -> wait(operation, ReadRequest.LINEARIZABLE, slot);
                    case OPERATION_NOT_SET ->
                        throw RejectedException.argument(
                                "operation", "is unset, or one that this server does not know");
                }
            } catch (RejectedException e) {
                slot.refuse(e.rejection());
            }
        }

        private void write(PipelineOperation operation, WriteRequest write, PipelineSlot slot) {
            slot.shape = write.shape();
            order.write(write.command(), requestId(operation), deadlineNanos, slot);
        }

        private @Nullable RequestId requestId(PipelineOperation operation) {
            long sequence = operation.getSequence();
            if (sequence == 0) {
                return null;
            }
            if (sequence < 0 || clientId.isEmpty()) {
                throw RejectedException.argument(
                        "sequence", "is " + sequence + ": it is above 0 and needs the stream's client_id");
            }
            if (acknowledgedBelow < 0 || acknowledgedBelow > sequence) {
                throw RejectedException.argument(
                        "acknowledged_below",
                        "is " + acknowledgedBelow + ": allowed are 0 to the sequence, " + sequence);
            }
            return new RequestId(clientId, sequence, acknowledgedBelow);
        }

        private void wait(PipelineOperation operation, ReadRequest request, PipelineSlot slot) {
            context.meters().reads(StoreContext.readKind(request), 1);
            slot.read = operation;
            order.read(taken, operation);
            if (request.consistency() == Consistency.LINEARIZABLE && request.minRevision() == 0) {
                ReadGate shared = linearizable;
                if (shared == null) {
                    shared = new ReadGate(turns, brief);
                    linearizable = shared;
                    context.store().read(request, deadlineNanos, shared);
                }
                slot.gate = shared;
            } else {
                ReadGate own = new ReadGate(turns, brief);
                slot.gate = own;
                context.store().read(request, deadlineNanos, own);
            }
        }
    }
}
