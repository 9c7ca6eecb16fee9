package io.pathkeeper.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.store.StoreFailure.Outcome;
import io.pathkeeper.v1.BatchGetRequest;
import io.pathkeeper.v1.Condition;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.DeleteRequest;
import io.pathkeeper.v1.FieldCondition;
import io.pathkeeper.v1.FieldOperation;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.ListChildrenRequest;
import io.pathkeeper.v1.ListValue;
import io.pathkeeper.v1.MapEntry;
import io.pathkeeper.v1.MapValue;
import io.pathkeeper.v1.PatchRequest;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.ReadOptions;
import io.pathkeeper.v1.RequestId;
import io.pathkeeper.v1.SessionKey;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.StoreServiceGrpc;
import io.pathkeeper.v1.TransactOperation;
import io.pathkeeper.v1.TransactRequest;
import io.pathkeeper.v1.Value;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of bad request, at the wire: each has its own reason, changes nothing and shows nothing of the server's inside. */
@Timeout(60)
class BadInputTest {
    private static final String PACKAGE = "pathkeeper.v1.StoreService/";
    private static WireFixture wire;

    @BeforeAll
    static void start() throws IOException {
        wire = new WireFixture();
        wire.create("/a", "x");
        wire.create("/full/child", "x");
        wire.soon()
                .create(CreateRequest.newBuilder()
                        .setPath("/map")
                        .setData(json("{\"n\":9223372036854775807,\"s\":\"t\"}"))
                        .build());
    }

    @AfterAll
    static void stop() {
        wire.close();
    }

    private static Payload json(String text) {
        return Payload.newBuilder().setJson(text).build();
    }

    /** Sends bytes as a message of a method and gives back the error. */
    private static StatusRuntimeException send(String method, byte[] message) {
        MethodDescriptor.Marshaller<byte[]> bytes = new MethodDescriptor.Marshaller<>() {
            @Override
            public InputStream stream(byte[] value) {
                return new ByteArrayInputStream(value);
            }

            @Override
            public byte[] parse(InputStream stream) {
                try {
                    return stream.readAllBytes();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        };
        MethodDescriptor<byte[], byte[]> descriptor = MethodDescriptor.<byte[], byte[]>newBuilder(bytes, bytes)
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(PACKAGE + method)
                .build();
        return WireFixture.errorOf(() -> ClientCalls.blockingUnaryCall(
                wire.channel,
                descriptor,
                CallOptions.DEFAULT.withDeadlineAfter(java.time.Duration.ofSeconds(10)),
                message));
    }

    private static Arguments bad(String method, Message.Builder request, RejectReason reason) {
        return Arguments.of(method, request.build(), reason);
    }

    private static CreateRequest.Builder create(String path) {
        return CreateRequest.newBuilder().setPath(path);
    }

    private static CreateRequest.Builder value(Value.Builder value) {
        return create("/v").setData(Payload.newBuilder().setValue(value));
    }

    private static SetRequest.Builder set(String path) {
        return SetRequest.newBuilder().setPath(path);
    }

    private static PatchRequest.Builder patch(FieldOperation.Type type, String pointer) {
        return PatchRequest.newBuilder()
                .setPath("/map")
                .addOperations(FieldOperation.newBuilder()
                        .setType(type)
                        .setPointer(pointer)
                        .setDelta(1));
    }

    private static TransactRequest.Builder condition(Condition.Builder condition) {
        return TransactRequest.newBuilder().addConditions(condition);
    }

    static Stream<Arguments> badRequests() {
        return Stream.of(paths(), values(), writes(), reads()).flatMap(s -> s);
    }

    private static Stream<Arguments> paths() {
        return Stream.of(
                        "",
                        "a",
                        "a/b",
                        "/a/",
                        "//",
                        "/a//b",
                        "/.",
                        "/a/..",
                        "/a\u0000b",
                        "/a\u0001",
                        "/a\u007f",
                        "/a\u0085",
                        "/" + "x".repeat(256),
                        "/x".repeat(65),
                        ("/" + "y".repeat(200)).repeat(6),
                        "/\ufff0")
                .map(path -> bad("Create", create(path), RejectReason.PATH_INVALID));
    }

    private static Stream<Arguments> values() {
        Value.Builder deep = Value.newBuilder().setIntValue(1);
        for (int i = 0; i < 32; i++) {
            deep = Value.newBuilder().setListValue(ListValue.newBuilder().addItems(deep));
        }
        ListValue.Builder many = ListValue.newBuilder();
        for (int i = 0; i <= 65_536; i++) {
            many.addItems(Value.newBuilder().setBoolValue(true));
        }
        MapEntry.Builder entry =
                MapEntry.newBuilder().setKey("k").setValue(Value.newBuilder().setIntValue(1));
        return Stream.of(
                bad("Create", value(Value.newBuilder()), RejectReason.VALUE_INVALID),
                bad("Create", value(Value.newBuilder().setNullValueValue(3)), RejectReason.VALUE_INVALID),
                bad("Create", value(Value.newBuilder().setDoubleValue(Double.NaN)), RejectReason.NUMBER_RANGE),
                bad(
                        "Create",
                        value(Value.newBuilder().setDoubleValue(Double.NEGATIVE_INFINITY)),
                        RejectReason.NUMBER_RANGE),
                bad("Create", value(deep), RejectReason.VALUE_INVALID),
                bad("Create", value(Value.newBuilder().setListValue(many)), RejectReason.VALUE_INVALID),
                bad(
                        "Create",
                        value(Value.newBuilder()
                                .setMapValue(
                                        MapValue.newBuilder().addEntries(entry).addEntries(entry))),
                        RejectReason.VALUE_INVALID),
                bad(
                        "Create",
                        value(Value.newBuilder()
                                .setMapValue(MapValue.newBuilder()
                                        .addEntries(MapEntry.newBuilder().setKey("k".repeat(513))))),
                        RejectReason.VALUE_INVALID),
                bad(
                        "Create",
                        value(Value.newBuilder()
                                .setListValue(ListValue.newBuilder().addItems(Value.newBuilder()))),
                        RejectReason.VALUE_INVALID),
                bad(
                        "Create",
                        create("/v").setData(Payload.newBuilder().setRaw(ByteString.copyFrom(new byte[1 << 20]))),
                        RejectReason.VALUE_TOO_LARGE),
                bad(
                        "Set",
                        set("/a")
                                .setData(Payload.newBuilder()
                                        .setValue(Value.newBuilder().setStringValue("s".repeat(1 << 20)))),
                        RejectReason.VALUE_TOO_LARGE),
                bad("Create", create("/v").setData(json("{")), RejectReason.JSON_INVALID),
                bad("Create", create("/v").setData(json("")), RejectReason.JSON_INVALID),
                bad("Create", create("/v").setData(json("{\"a\":1,\"a\":1}")), RejectReason.JSON_INVALID),
                bad("Create", create("/v").setData(json("1e999")), RejectReason.NUMBER_RANGE),
                bad("Create", create("/v").setData(json("\"\\ud800\"")), RejectReason.VALUE_INVALID),
                bad("Create", create("/v").setData(json("[".repeat(40) + "]".repeat(40))), RejectReason.VALUE_INVALID));
    }

    private static Stream<Arguments> writes() {
        FieldCondition.Builder field = FieldCondition.newBuilder().setPointer("/n");
        TransactRequest.Builder many = TransactRequest.newBuilder();
        for (int i = 0; i < 129; i++) {
            many.addThen(TransactOperation.newBuilder()
                    .setGet(GetRequest.newBuilder().setPath("/a")));
        }
        PatchRequest.Builder manyFields = PatchRequest.newBuilder().setPath("/map");
        for (int i = 0; i < 129; i++) {
            manyFields.addOperations(FieldOperation.newBuilder()
                    .setType(FieldOperation.Type.TYPE_INCREMENT)
                    .setPointer("/x"));
        }
        return Stream.of(
                bad("Create", create("/a"), RejectReason.NODE_EXISTS),
                bad("Create", create("/none/b"), RejectReason.PARENT_NOT_FOUND),
                bad("Create", create("/"), RejectReason.ROOT_IMMUTABLE),
                bad("Create", create("/_sys/x"), RejectReason.PATH_INVALID),
                bad("Create", create("/zookeeper"), RejectReason.PATH_INVALID),
                bad("Create", create("/k").setKindValue(77), RejectReason.ARGUMENT_INVALID),
                bad("Create", create("/k").setKindValue(4), RejectReason.ARGUMENT_INVALID),
                bad("Create", create("/k").setKindValue(4).setTtlMs(999), RejectReason.ARGUMENT_INVALID),
                bad("Create", create("/k").setKindValue(4).setTtlMs(315_360_000_001L), RejectReason.ARGUMENT_INVALID),
                bad("Create", create("/k").setTtlMs(5_000), RejectReason.ARGUMENT_INVALID),
                bad("Create", create("/k").setKindValue(2), RejectReason.ARGUMENT_INVALID),
                bad("Create", create("/k").setSession(SessionKey.newBuilder().setId(4)), RejectReason.ARGUMENT_INVALID),
                bad("Create", create("/k").setCreateParents(true).setParentKindValue(4), RejectReason.ARGUMENT_INVALID),
                bad(
                        "Create",
                        create("/k").setData(json("1").toBuilder().setContentType("c".repeat(128))),
                        RejectReason.ARGUMENT_INVALID),
                bad("Create", create("/k").setRequestId(RequestId.newBuilder()), RejectReason.ARGUMENT_INVALID),
                bad(
                        "Create",
                        create("/k").setRequestId(RequestId.newBuilder().setClientId("c")),
                        RejectReason.ARGUMENT_INVALID),
                bad(
                        "Create",
                        create("/k")
                                .setRequestId(RequestId.newBuilder()
                                        .setClientId("c".repeat(65))
                                        .setSequence(1)),
                        RejectReason.ARGUMENT_INVALID),
                bad(
                        "Create",
                        create("/k")
                                .setRequestId(RequestId.newBuilder()
                                        .setClientId("c")
                                        .setSequence(1)
                                        .setAcknowledgedBelow(2)),
                        RejectReason.ARGUMENT_INVALID),
                bad("Set", set("/none"), RejectReason.NODE_NOT_FOUND),
                bad("Set", set("/a").setExpectedVersion(9), RejectReason.VERSION_MISMATCH),
                bad("Set", set("/a").setExpectedRevision(999), RejectReason.VERSION_MISMATCH),
                bad("Set", set("/a").setExpectedVersion(-1), RejectReason.ARGUMENT_INVALID),
                bad("Set", set("/a").setNextSequenceAtLeast(-1), RejectReason.ARGUMENT_INVALID),
                bad("Set", set("/a").setNextSequenceAtLeast(1_000_000_000_000_000_001L), RejectReason.ARGUMENT_INVALID),
                bad("Set", set("/a").setValueFormatValue(9), RejectReason.ARGUMENT_INVALID),
                bad("Delete", DeleteRequest.newBuilder().setPath("/full"), RejectReason.NODE_NOT_EMPTY),
                bad("Delete", DeleteRequest.newBuilder().setPath("/none"), RejectReason.NODE_NOT_FOUND),
                bad("Delete", DeleteRequest.newBuilder().setPath("/"), RejectReason.ROOT_IMMUTABLE),
                bad("Patch", PatchRequest.newBuilder().setPath("/map"), RejectReason.ARGUMENT_INVALID),
                bad("Patch", manyFields, RejectReason.ARGUMENT_INVALID),
                bad("Patch", patch(FieldOperation.Type.TYPE_UNSPECIFIED, "/n"), RejectReason.ARGUMENT_INVALID),
                bad("Patch", patch(FieldOperation.Type.TYPE_INCREMENT, "n"), RejectReason.POINTER_INVALID),
                bad("Patch", patch(FieldOperation.Type.TYPE_INCREMENT, "/n"), RejectReason.INT_OVERFLOW),
                bad("Patch", patch(FieldOperation.Type.TYPE_INCREMENT, "/s"), RejectReason.FIELD_TYPE),
                bad("Patch", patch(FieldOperation.Type.TYPE_REMOVE, "/none"), RejectReason.FIELD_NOT_FOUND),
                bad("Patch", patch(FieldOperation.Type.TYPE_TEST, "/n"), RejectReason.TEST_FAILED),
                bad("Patch", patch(FieldOperation.Type.TYPE_LIST_INSERT, "/n"), RejectReason.ARGUMENT_INVALID),
                bad(
                        "Patch",
                        PatchRequest.newBuilder()
                                .setPath("/map")
                                .addOperations(FieldOperation.newBuilder().setTypeValue(99)),
                        RejectReason.ARGUMENT_INVALID),
                bad("Transact", many, RejectReason.ARGUMENT_INVALID),
                bad(
                        "Transact",
                        TransactRequest.newBuilder().addThen(TransactOperation.newBuilder()),
                        RejectReason.ARGUMENT_INVALID),
                bad("Transact", condition(Condition.newBuilder().setPath("/a")), RejectReason.ARGUMENT_INVALID),
                bad(
                        "Transact",
                        condition(Condition.newBuilder().setPath("a").setExists(true)),
                        RejectReason.PATH_INVALID),
                bad(
                        "Transact",
                        condition(Condition.newBuilder().setPath("/a").setField(field)),
                        RejectReason.ARGUMENT_INVALID),
                bad(
                        "Transact",
                        condition(Condition.newBuilder()
                                .setPath("/a")
                                .setField(field.clone().setComparisonValue(50))),
                        RejectReason.ARGUMENT_INVALID),
                bad(
                        "Transact",
                        TransactRequest.newBuilder()
                                .addThen(TransactOperation.newBuilder().setCreate(create("/fine")))
                                .addThen(TransactOperation.newBuilder().setCreate(create("/a"))),
                        RejectReason.NODE_EXISTS));
    }

    private static Stream<Arguments> reads() {
        GetRequest.Builder get = GetRequest.newBuilder().setPath("/a");
        BatchGetRequest.Builder many = BatchGetRequest.newBuilder();
        for (int i = 0; i < 101; i++) {
            many.addPaths("/a");
        }
        ListChildrenRequest.Builder list = ListChildrenRequest.newBuilder().setPath("/");
        return Stream.of(
                bad("Get", GetRequest.newBuilder().setPath("/none"), RejectReason.NODE_NOT_FOUND),
                bad("Get", get.clone().setViewValue(9), RejectReason.ARGUMENT_INVALID),
                bad("Get", get.clone().setValueFormatValue(9), RejectReason.ARGUMENT_INVALID),
                bad(
                        "Get",
                        get.clone().setOptions(ReadOptions.newBuilder().setConsistencyValue(9)),
                        RejectReason.ARGUMENT_INVALID),
                bad(
                        "Get",
                        get.clone().setOptions(ReadOptions.newBuilder().setMinRevision(-1)),
                        RejectReason.ARGUMENT_INVALID),
                bad(
                        "Get",
                        get.clone().setOptions(ReadOptions.newBuilder().setMinRevision(1 << 30)),
                        RejectReason.REVISION_IN_FUTURE),
                bad(
                        "Get",
                        get.clone().setOptions(ReadOptions.newBuilder().setMaxStalenessMs(-1)),
                        RejectReason.ARGUMENT_INVALID),
                bad("BatchGet", BatchGetRequest.newBuilder(), RejectReason.ARGUMENT_INVALID),
                bad("BatchGet", many, RejectReason.ARGUMENT_INVALID),
                bad("BatchGet", BatchGetRequest.newBuilder().addPaths("/a").addPaths("b"), RejectReason.PATH_INVALID),
                bad("ListChildren", list.clone().setPath("/none"), RejectReason.NODE_NOT_FOUND),
                bad("ListChildren", list.clone().setPageSize(1_001), RejectReason.ARGUMENT_INVALID),
                bad("ListChildren", list.clone().setPageSize(-1), RejectReason.ARGUMENT_INVALID),
                bad("ListChildren", list.clone().setNamePrefix("a/b"), RejectReason.ARGUMENT_INVALID),
                bad("ListChildren", list.clone().setStartAfter("n".repeat(256)), RejectReason.ARGUMENT_INVALID),
                bad("ListChildren", list.clone().setPageToken("AAAA"), RejectReason.PAGE_TOKEN_INVALID));
    }

    @ParameterizedTest(name = "{0} {2} #{index}")
    @MethodSource("badRequests")
    void isRefusedWithItsReasonAndChangesNothing(String method, Message request, RejectReason reason) {
        long revision = wire.direct.view().revision();

        StatusRuntimeException error = send(method, request.toByteArray());

        ErrorInfo info = WireFixture.infoOf(error);
        assertThat(info.getReason()).as(error.getStatus().getDescription()).isEqualTo(reason.name());
        assertThat(error.getStatus().getCode()).isEqualTo(ErrorMapper.code(reason));
        assertThat(error.getStatus().getDescription())
                .isNotBlank()
                .doesNotContain("Exception", "\tat ", "io.pathkeeper");
        assertThat(wire.direct.view().revision()).isEqualTo(revision);
    }

    @Test
    void errorsInsideATransactionNameTheirOperation() {
        StatusRuntimeException error = WireFixture.errorOf(() -> wire.soon()
                .transact(TransactRequest.newBuilder()
                        .addThen(TransactOperation.newBuilder()
                                .setGet(GetRequest.newBuilder().setPath("/a")))
                        .addThen(TransactOperation.newBuilder().setSet(set("bad")))
                        .build()));

        assertThat(WireFixture.infoOf(error).getMetadataMap())
                .containsEntry("op_index", "1")
                .containsEntry("list", "then");
        assertThat(error.getStatus().getDescription()).startsWith("then[1]: ");
    }

    @Test
    void missingZnodeTellsTheRevisionThatWasLookedAt() {
        StatusRuntimeException error = WireFixture.errorOf(
                () -> wire.soon().get(GetRequest.newBuilder().setPath("/none").build()));

        assertThat(WireFixture.infoOf(error).getMetadataMap())
                .containsEntry("path", "/none")
                .containsEntry("revision", Long.toString(wire.direct.view().revision()));
    }

    @Test
    void pathThatIsNoUtf8IsRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeByteArray(1, new byte[] {'/', (byte) 0xc3, (byte) 0x28});
        out.flush();

        StatusRuntimeException error = send("Get", bytes.toByteArray());

        assertThat(WireFixture.infoOf(error).getReason()).isEqualTo("ARGUMENT_INVALID");
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void bytesThatAreNoMessageAreRefused() {
        Random random = new Random(7);
        for (String method : List.of("Get", "Create", "Transact", "ListChildren", "Patch")) {
            assertThat(WireFixture.infoOf(send(method, new byte[] {(byte) 0xff, (byte) 0xff, 1}))
                            .getReason())
                    .isEqualTo("ARGUMENT_INVALID");
            for (int i = 0; i < 50; i++) {
                byte[] rubbish = new byte[1 + random.nextInt(200)];
                random.nextBytes(rubbish);
                StatusRuntimeException error = send(method, rubbish);
                assertThat(error == null ? Status.Code.OK : error.getStatus().getCode())
                        .isIn(Status.Code.OK, Status.Code.INVALID_ARGUMENT, Status.Code.NOT_FOUND);
            }
        }
    }

    @Test
    void nestingBeyondTheReadersDepthIsRefused() {
        byte[] inner = {};
        for (int i = 0; i < 300; i++) {
            inner = wrap(7, wrap(1, inner));
        }
        byte[] request = wrap(2, wrap(1, inner));

        assertThat(WireFixture.infoOf(send("Create", request)).getReason()).isEqualTo("ARGUMENT_INVALID");
    }

    private static byte[] wrap(int field, byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            out.writeByteArray(field, content);
            out.flush();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    @Test
    void oversizeRequestIsRefusedWithSizeAndLimit() {
        byte[] request = CreateRequest.newBuilder()
                .setPath("/large")
                .setData(Payload.newBuilder().setRaw(ByteString.copyFrom(new byte[(2 << 20) + 100])))
                .build()
                .toByteArray();

        ErrorInfo info = WireFixture.infoOf(send("Create", request));

        assertThat(info.getReason()).isEqualTo("REQUEST_TOO_LARGE");
        assertThat(info.getMetadataMap())
                .containsEntry("actual", Integer.toString(request.length))
                .containsEntry("limit", Integer.toString(2 << 20));
    }

    @Test
    void hugeRequestEndsTheCallAndNothingElse() {
        StatusRuntimeException error = send("Create", new byte[20 << 20]);

        assertThat(error.getStatus().getCode()).isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
        assertThat(wire.soon()
                        .get(GetRequest.newBuilder().setPath("/a").build())
                        .getPath())
                .isEqualTo("/a");
    }

    @Test
    void unknownMethodIsUnimplemented() {
        assertThat(send("Frobnicate", new byte[0]).getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    }

    @Test
    void failuresOfTheStoreKeepTheirOutcome() {
        for (RejectReason reason : List.of(
                RejectReason.NO_LEADER, RejectReason.NO_QUORUM, RejectReason.SHUTTING_DOWN, RejectReason.OVERLOADED)) {
            wire.direct.readFailure = DirectStore.failure(reason, Outcome.NOT_APPLIED);
            try {
                StatusRuntimeException error = WireFixture.errorOf(() ->
                        wire.soon().get(GetRequest.newBuilder().setPath("/a").build()));
                assertThat(WireFixture.infoOf(error).getReason()).isEqualTo(reason.name());
                assertThat(WireFixture.infoOf(error).getMetadataMap()).containsEntry("outcome", "NOT_APPLIED");
            } finally {
                wire.direct.readFailure = null;
            }
        }
    }

    @Test
    void answerThatClientsCouldNotTakeInIsRefused() {
        for (int i = 0; i < 4; i++) {
            wire.soon()
                    .create(CreateRequest.newBuilder()
                            .setPath("/huge" + i)
                            .setData(Payload.newBuilder().setRaw(ByteString.copyFrom(new byte[1_000_000])))
                            .build());
        }
        BatchGetRequest.Builder batch = BatchGetRequest.newBuilder();
        for (int i = 0; i < 4; i++) {
            batch.addPaths("/huge" + i);
        }

        assertThat(WireFixture.infoOf(send("BatchGet", batch.build().toByteArray()))
                        .getReason())
                .isEqualTo("REQUEST_TOO_LARGE");
    }

    @Test
    void randomBytesOnThePortStopNothing() throws IOException {
        Random random = new Random(3);
        for (int i = 0; i < 60; i++) {
            try (Socket socket = new Socket("127.0.0.1", wire.server.port())) {
                byte[] rubbish = new byte[random.nextInt(3_000)];
                random.nextBytes(rubbish);
                if (i % 3 == 0) {
                    socket.getOutputStream()
                            .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                } else if (i % 3 == 1) {
                    socket.getOutputStream()
                            .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                }
                socket.getOutputStream().write(rubbish);
            } catch (java.net.SocketException e) {
                assertThat(e.getMessage())
                        .as("the server may close such a connection")
                        .isNotNull();
            }
        }
        assertThat(wire.soon()
                        .get(GetRequest.newBuilder().setPath("/a").build())
                        .getPath())
                .isEqualTo("/a");
    }

    @Test
    void allMethodsOfTheServiceAreCountedByName() {
        assertThat(RpcServer.methodNames())
                .hasSize(15 + 7 + 5 + 5 + 19 + 7 + 1 + 3
                        + 4) // members, backups, alarms and log levels, then quotas last
                .contains(StoreServiceGrpc.getPipelineMethod().getFullMethodName());
    }
}
