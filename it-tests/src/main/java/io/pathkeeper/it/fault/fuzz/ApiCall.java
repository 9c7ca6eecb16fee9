package io.pathkeeper.it.fault.fuzz;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.pathkeeper.server.session.Session;
import io.pathkeeper.v1.AuthServiceGrpc;
import io.pathkeeper.v1.ClusterServiceGrpc;
import io.pathkeeper.v1.ElectionServiceGrpc;
import io.pathkeeper.v1.LockServiceGrpc;
import io.pathkeeper.v1.MaintenanceServiceGrpc;
import io.pathkeeper.v1.ObserveServiceGrpc;
import io.pathkeeper.v1.SessionServiceGrpc;
import io.pathkeeper.v1.StoreServiceGrpc;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * A call of the API.
 *
 * @param method its full name
 * @param type whether it is a stream
 * @param request its request without any field
 * @param response its response without any field
 */
record ApiCall(String method, MethodDescriptor.MethodType type, Message request, Message response) {
    private static final int SEEDS_OF_EACH = 12;
    /** How often a good request stands among them, so that many of the changed ones are good, too. */
    private static final int GOOD_OF_EACH = 12;

    private static final int MOST_DEPTH = 5;
    private static final List<String> PATHS = List.of("/a", "/a/b", "/c", "/q/n-", "/");
    private static final List<String> JSONS = List.of("{\"a\":[1,2.5,\"x\"],\"b\":null}", "17", "\"t\"");
    private static final List<String> POINTERS = List.of("", "/a", "/a/0", "/b/c");
    private static final long[] NUMBERS = {0, 0, 1, 1, 2, 7, 1_000, 5_000, -1, Long.MAX_VALUE};

    /** All calls of all services, in the order of their names. */
    static List<ApiCall> all() {
        return Stream.of(
                        AuthServiceGrpc.getServiceDescriptor(),
                        ClusterServiceGrpc.getServiceDescriptor(),
                        ElectionServiceGrpc.getServiceDescriptor(),
                        LockServiceGrpc.getServiceDescriptor(),
                        MaintenanceServiceGrpc.getServiceDescriptor(),
                        ObserveServiceGrpc.getServiceDescriptor(),
                        SessionServiceGrpc.getServiceDescriptor(),
                        StoreServiceGrpc.getServiceDescriptor())
                .flatMap(ApiCall::of)
                .toList();
    }

    private static Stream<ApiCall> of(ServiceDescriptor service) {
        return service.getMethods().stream()
                .map(method -> new ApiCall(
                        method.getFullMethodName(),
                        method.getType(),
                        prototype(method.getRequestMarshaller()),
                        prototype(method.getResponseMarshaller())))
                .sorted((a, b) -> a.method.compareTo(b.method));
    }

    private static Message prototype(MethodDescriptor.Marshaller<?> marshaller) {
        return (Message) ((MethodDescriptor.PrototypeMarshaller<?>) marshaller).getMessagePrototype();
    }

    /** Requests of this call: a good one, several times, then whole messages, of which many are refused for what they say. */
    List<byte[]> seeds() {
        SplittableRandom dice = new SplittableRandom(method.hashCode());
        List<byte[]> seeds = new ArrayList<>(Collections.nCopies(GOOD_OF_EACH, GoodRequests.of(this)));
        for (int i = 0; i < SEEDS_OF_EACH; i++) {
            seeds.add(filled(request, dice, 0).toByteArray());
        }
        return seeds;
    }

    /** Seeds of all calls, with the number of the call in front. */
    static List<byte[]> numberedSeeds(List<ApiCall> calls) {
        List<byte[]> seeds = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            for (byte[] seed : calls.get(i).seeds()) {
                byte[] numbered = new byte[seed.length + 1];
                numbered[0] = (byte) i;
                System.arraycopy(seed, 0, numbered, 1, seed.length);
                seeds.add(numbered);
            }
        }
        return seeds;
    }

    private static Message filled(Message prototype, SplittableRandom dice, int depth) {
        Message.Builder builder = prototype.newBuilderForType();
        for (FieldDescriptor field : prototype.getDescriptorForType().getFields()) {
            boolean message = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
            if (dice.nextInt(3) == 0 && !field.getName().equals("path") || message && depth >= MOST_DEPTH) {
                continue;
            }
            if (field.isRepeated()) {
                for (int i = dice.nextInt(3); i > 0; i--) {
                    builder.addRepeatedField(field, value(builder, field, dice, depth));
                }
            } else {
                builder.setField(field, value(builder, field, dice, depth));
            }
        }
        return builder.build();
    }

    private static Object value(Message.Builder builder, FieldDescriptor field, SplittableRandom dice, int depth) {
        long number = NUMBERS[dice.nextInt(NUMBERS.length)];
        return switch (field.getJavaType()) {
            case INT -> (int) number;
            case LONG -> number;
            case FLOAT -> (float) number;
            case DOUBLE -> (double) number;
            case BOOLEAN -> dice.nextInt(3) == 0;
            case STRING -> text(field.getName(), dice);
            case BYTE_STRING ->
                ByteString.copyFrom(
                        new byte
                                [field.getName().equals("secret") && dice.nextInt(4) > 0
                                        ? Session.SECRET_BYTES
                                        : dice.nextInt(3) * 8]);
            case ENUM ->
                field.getEnumType()
                        .getValues()
                        .get(dice.nextInt(field.getEnumType().getValues().size()));
            case MESSAGE -> filled(builder.newBuilderForField(field).build(), dice, depth + 1);
        };
    }

    private static String text(String field, SplittableRandom dice) {
        List<String> texts = field.contains("path") || field.contains("prefix")
                ? PATHS
                : field.contains("json") ? JSONS : field.contains("pointer") ? POINTERS : List.of("", "text", "s1");
        return texts.get(dice.nextInt(texts.size()));
    }
}
