package io.pathkeeper.it.fault.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.observe.ObserveHub;
import io.pathkeeper.server.rpc.LockWatches;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.ProposalListener;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.SetResponse;
import io.pathkeeper.v1.StoreServiceGrpc;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.assertj.core.api.ListAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers with a fault of each kind, in what they do with a set: each must be found. One without: all of its calls are reached. */
@Timeout(120)
class CallDecoderTest {
    /** No call of a server without authentication is accepted, or the request must name what the server chose by dice. */
    private static final Set<String> NEVER_ACCEPTED = Set.of(
            "pathkeeper.v1.AuthService/Authenticate",
            "pathkeeper.v1.AuthService/ChangePassword",
            "pathkeeper.v1.AuthService/DeleteToken");

    private static final String SET = "pathkeeper.v1.StoreService/Set: ";
    private static final MethodHandle ENTER = Hidden.method("rpc.LockWatches", "enter");

    private static ListAssert<String> foundIn(ServerUnderFuzz.StoreMaker maker) {
        Decoder whole = CallDecoder.decoder(new CallDecoder(maker));
        List<ApiCall> calls = ApiCall.all();
        List<byte[]> sets = whole.seeds().stream()
                .filter(seed -> calls.get(seed[0]).request() instanceof SetRequest)
                .toList();
        Decoder decoder = new Decoder(whole.name(), sets, whole.refusals(), whole.allowance(), whole.decoding());
        try (Fuzzer fuzzer = new Fuzzer()) {
            return assertThat(fuzzer.run(decoder, 300, 1).findings().stream().map(Finding::problem));
        }
    }

    /** A store with a fault. */
    private abstract static class Faulty extends InlineStore {
        Faulty(ObserveHub hub, LockWatches watches, Troubles troubles) {
            super(hub, watches, troubles);
        }
    }

    @Test
    void reachesAllCallsAndFindsNothingInAServerAsItIs() {
        CallDecoder decoding = new CallDecoder(InlineStore::new);
        try (Fuzzer fuzzer = new Fuzzer()) {
            assertThat(fuzzer.run(CallDecoder.decoder(decoding), 1_000, 1).findings())
                    .isEmpty();
        }

        Set<String> all = ApiCall.all().stream().map(ApiCall::method).collect(Collectors.toCollection(TreeSet::new));
        all.removeAll(NEVER_ACCEPTED);
        assertThat(decoding.accepted()).isEqualTo(all);
    }

    @Test
    void findsACommandOfWhichTheApplyThreadWouldDie() {
        foundIn((hub, watches, troubles) -> new Faulty(hub, watches, troubles) {
                    @Override
                    CommandResult applied(Command command, @Nullable RequestId requestId) {
                        if (command instanceof Command.Set) {
                            throw new IndexOutOfBoundsException();
                        }
                        return super.applied(command, requestId);
                    }
                })
                .anyMatch(problem -> problem.startsWith(SET
                        + "the apply thread would die of java.lang.IndexOutOfBoundsException "
                        + CallDecoderTest.class.getName()));
    }

    @Test
    void findsADefectThatIsAnsweredAsOne() {
        foundIn((hub, watches, troubles) -> new Faulty(hub, watches, troubles) {
                    @Override
                    CommandResult applied(Command command, @Nullable RequestId requestId) {
                        return command instanceof Command.Set
                                ? new CommandResult.Rejected(Rejection.of(RejectReason.INTERNAL, "planted"))
                                : super.applied(command, requestId);
                    }
                })
                .contains(SET + "the server has a defect");
    }

    @Test
    void findsAnExceptionOfAnEndpoint() {
        foundIn((hub, watches, troubles) -> new Faulty(hub, watches, troubles) {
                    @Override
                    public void offer(
                            Command command,
                            @Nullable RequestId requestId,
                            long deadlineNanos,
                            ProposalListener listener) {
                        if (command instanceof Command.Set) {
                            throw new ClassCastException();
                        }
                        super.offer(command, requestId, deadlineNanos, listener);
                    }
                })
                .anyMatch(problem -> problem.startsWith(
                        SET + "the server's log has the error \"a call failed\" of java.lang.ClassCastException"));
    }

    @Test
    void findsARefusedCommandThatChangesSomething() {
        foundIn((hub, watches, troubles) -> new Faulty(hub, watches, troubles) {
                    @Override
                    CommandResult applied(Command command, @Nullable RequestId requestId) {
                        CommandResult result = super.applied(command, requestId);
                        return command instanceof Command.Set
                                ? new CommandResult.Rejected(Rejection.of(RejectReason.NODE_NOT_FOUND, "no"))
                                : result;
                    }
                })
                .anyMatch(problem -> problem.equals(SET + "a refused command has changed the state: Set"));
    }

    @Test
    void findsARefusedCallThatChangesSomething() {
        foundIn((hub, watches, troubles) -> new Faulty(hub, watches, troubles) {
                    @Override
                    public void offer(
                            Command command,
                            @Nullable RequestId requestId,
                            long deadlineNanos,
                            ProposalListener listener) {
                        CommandResult result = apply(command, requestId);
                        listener.applied(
                                command instanceof Command.Set
                                        ? new CommandResult.Rejected(Rejection.of(RejectReason.NODE_NOT_FOUND, "no"))
                                        : result);
                    }
                })
                .contains(SET + "a refused call has changed the state");
    }

    @Test
    void findsACallThatIsNeverAnswered() {
        foundIn((hub, watches, troubles) -> new Faulty(hub, watches, troubles) {
                    private int sets;

                    @Override
                    public void offer(
                            Command command,
                            @Nullable RequestId requestId,
                            long deadlineNanos,
                            ProposalListener listener) {
                        if (!(command instanceof Command.Set) || ++sets != 3) {
                            super.offer(command, requestId, deadlineNanos, listener);
                        }
                    }
                })
                .containsExactly(SET + "a call has no end");
    }

    @Test
    void findsAnErrorInTheServersLog() {
        foundIn((hub, watches, troubles) -> new Faulty(hub, watches, troubles) {
                    @Override
                    CommandResult applied(Command command, @Nullable RequestId requestId) {
                        if (command instanceof Command.Set) {
                            org.slf4j.LoggerFactory.getLogger("io.pathkeeper.server.rpc.Planted")
                                    .error("planted");
                        }
                        return super.applied(command, requestId);
                    }
                })
                .anyMatch(problem -> problem.equals(SET + "the server's log has the error \"planted\""));
    }

    @Test
    void findsAThreadThatEnds() {
        foundIn((hub, watches, troubles) -> new Faulty(hub, watches, troubles) {
                    @Override
                    CommandResult applied(Command command, @Nullable RequestId requestId) {
                        if (command instanceof Command.Set) {
                            Thread thread = new Thread(() -> {
                                throw new IllegalStateException();
                            });
                            thread.start();
                            join(thread);
                        }
                        return super.applied(command, requestId);
                    }
                })
                .anyMatch(problem -> problem.startsWith(SET + "a thread ends with java.lang.IllegalStateException"));
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void findsARefusalThatIsMoreThanHeadersHold() {
        foundIn((hub, watches, troubles) -> new Faulty(hub, watches, troubles) {
                    @Override
                    CommandResult applied(Command command, @Nullable RequestId requestId) {
                        return command instanceof Command.Set
                                ? new CommandResult.Rejected(
                                        Rejection.of(RejectReason.NODE_NOT_FOUND, "ä".repeat(2_000)))
                                : super.applied(command, requestId);
                    }
                })
                .anyMatch(problem ->
                        problem.equals(SET + "a refusal with NODE_NOT_FOUND is" + " more than the headers can hold"));
    }

    @Test
    void findsWhatCallsThatAreOverHaveLeftBehind() {
        foundIn((hub, watches, troubles) -> {
                    try {
                        ENTER.invoke(watches);
                    } catch (Throwable e) {
                        throw new AssertionError(e);
                    }
                    return new InlineStore(hub, watches, troubles);
                })
                .containsExactly(
                        "1 calls that wait for locks and 0 observations are left behind by calls that are over");
    }

    @Test
    void findsAnswersThatNoClientCouldUse() {
        assertThat(problemOf(call -> call.close(Status.UNKNOWN, new Metadata())))
                .isEqualTo("a call ends without a reason, with UNKNOWN");
        assertThat(problemOf(call -> refuse(call, "NODE_NOT_FOUND", Status.Code.ABORTED)))
                .isEqualTo("the reason NODE_NOT_FOUND comes with ABORTED");
        assertThat(problemOf(call -> refuse(call, "NO_SUCH_REASON", Status.Code.ABORTED)))
                .isEqualTo("a reason that is none: NO_SUCH_REASON");
        assertThat(problemOf(call -> call.close(Status.OK, new Metadata())))
                .isEqualTo("a call ends well with 0 answers");
        assertThat(problemOf(call -> call.sendMessage(SetResponse.getDefaultInstance())))
                .isEqualTo("an answer is sent before the headers");
        assertThat(problemOf(call -> {
                    answer(call);
                    call.sendMessage(SetResponse.getDefaultInstance());
                }))
                .isEqualTo("an answer is sent behind the end");
        assertThat(problemOf(call -> {
                    answer(call);
                    call.close(Status.OK, new Metadata());
                }))
                .isEqualTo("a call is ended twice");
        assertThat(problemOf(CallDecoderTest::answer)).isNull();
        assertThat(problemOf(call -> refuse(call, "NODE_NOT_FOUND", Status.Code.NOT_FOUND)))
                .isNull();
    }

    private static void answer(FuzzedCall<SetRequest, SetResponse> call) {
        call.sendHeaders(new Metadata());
        call.sendMessage(SetResponse.getDefaultInstance());
        call.close(Status.OK, new Metadata());
    }

    private static void refuse(FuzzedCall<SetRequest, SetResponse> call, String reason, Status.Code code) {
        StatusRuntimeException refusal = StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(code.value())
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setDomain("pathkeeper")
                        .setReason(reason)
                        .build()))
                .build());
        call.close(refusal.getStatus(), Objects.requireNonNull(refusal.getTrailers()));
    }

    private static @Nullable String problemOf(Consumer<FuzzedCall<SetRequest, SetResponse>> server) {
        FuzzedCall<SetRequest, SetResponse> call =
                new FuzzedCall<>(StoreServiceGrpc.getSetMethod(), SetResponse.getDefaultInstance());
        server.accept(call);
        try {
            call.require();
            return null;
        } catch (BrokenPromiseException e) {
            return e.getMessage();
        }
    }
}
