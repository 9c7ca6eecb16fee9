package io.pathkeeper.it.fault.fuzz;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.pathkeeper.it.fault.fuzz.Decoder.Allowance;
import io.pathkeeper.v1.AccessRule;
import io.pathkeeper.v1.AcquireLockRequest;
import io.pathkeeper.v1.Binding;
import io.pathkeeper.v1.CampaignRequest;
import io.pathkeeper.v1.ElectionServiceObserveRequest;
import io.pathkeeper.v1.Namespace;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.Quota;
import io.pathkeeper.v1.Role;
import io.pathkeeper.v1.SetBindingRequest;
import io.pathkeeper.v1.SetNamespaceRequest;
import io.pathkeeper.v1.SetQuotaRequest;
import io.pathkeeper.v1.SetRoleRequest;
import io.pathkeeper.v1.SetUserRequest;
import io.pathkeeper.v1.TryAcquireLockRequest;
import io.pathkeeper.v1.Verb;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Calls of the API on a {@link ServerUnderFuzz}: the first byte chooses the call and whether it is made in a namespace, the rest are the bytes of its one
 * message. A call must end: well, or with a reason of the documentation that is no defect. What it answers must be readable, what is refused must have changed nothing, and
 * nothing may stand in the server's log as an error, or be left behind.
 */
final class CallDecoder implements Decoder.Decoding, AutoCloseable {
    private static final Metadata.Key<String> NAMESPACE =
            Metadata.Key.of("pathkeeper-namespace", Metadata.ASCII_STRING_MARSHALLER);
    private static final Set<Class<?>> ENDLESS = Set.of(
            AcquireLockRequest.class,
            CampaignRequest.class,
            ElectionServiceObserveRequest.class,
            ObserveRequest.class,
            TryAcquireLockRequest.class);
    /** What requests name beside what {@link ServerUnderFuzz} has. */
    private static final List<Message> RECORDS = List.of(
            namespace("n"),
            namespace("m"),
            role("q"),
            role("r"),
            SetUserRequest.newBuilder().setName("v").build(),
            SetBindingRequest.newBuilder()
                    .setBinding(Binding.newBuilder().setName("b").setRole("q").addGroups("g"))
                    .build(),
            quota("k", "/a"),
            quota("q", "/q"));

    private static final int CALLS_OF_ONE_SERVER = 1_000;
    private static final int IN_NAMESPACE = 0x80;
    private static final long ANSWER_MILLIS = 5_000;
    /** For calls that may wait as long as their clients want. */
    private static final long FIRST_ANSWER_MILLIS = 50;

    private static final long MORE_MILLIS = 1;

    private final List<ApiCall> calls = ApiCall.all();
    private final ServerUnderFuzz.StoreMaker maker;
    private final Set<String> accepted = new TreeSet<>();
    private @Nullable Troubles troubles;
    private @Nullable ServerUnderFuzz server;
    private int made;

    CallDecoder(ServerUnderFuzz.StoreMaker maker) {
        this.maker = maker;
    }

    private static Message namespace(String name) {
        return SetNamespaceRequest.newBuilder()
                .setNamespace(Namespace.newBuilder().setName(name).setPath("/a"))
                .build();
    }

    private static Message role(String name) {
        return SetRoleRequest.newBuilder()
                .setRole(Role.newBuilder()
                        .setName(name)
                        .addRules(AccessRule.newBuilder().setPath("/a").addVerbs(Verb.VERB_READ)))
                .build();
    }

    private static Message quota(String name, String path) {
        return SetQuotaRequest.newBuilder()
                .setQuota(Quota.newBuilder().setName(name).setPath(path).setMaxZnodes(1_000))
                .build();
    }

    static Decoder decoder() {
        return decoder(new CallDecoder(InlineStore::new));
    }

    static Decoder decoder(CallDecoder decoding) {
        return new Decoder(
                "call",
                ApiCall.numberedSeeds(decoding.calls),
                Set.of(RefusedException.NAME),
                // a server is made anew now and then, and an answer may have all znodes
                new Allowance(16 << 20, 4_096),
                decoding);
    }

    /** Names of the calls of which one at least was accepted. */
    Set<String> accepted() {
        return accepted;
    }

    @Override
    public void decode(byte[] input) throws Throwable {
        if (input.length == 0) {
            throw new RefusedException();
        }
        ServerUnderFuzz to = server();
        ApiCall call = calls.get((input[0] & IN_NAMESPACE - 1) % calls.size());
        byte[] message = Arrays.copyOfRange(input, 1, input.length);
        boolean taken = false;
        BrokenPromiseException wrong = null;
        try {
            taken = make(to, to.method(call.method()), call, message, (input[0] & IN_NAMESPACE) != 0);
        } catch (BrokenPromiseException e) {
            wrong = e;
        }
        String besides = troubles().take(); // says more than what the call ended with
        if (besides != null || wrong != null) {
            throw new BrokenPromiseException(
                    call.method() + ": " + (besides == null && wrong != null ? wrong.getMessage() : besides));
        }
        if (!taken) {
            throw new RefusedException();
        }
        accepted.add(call.method());
    }

    private Troubles troubles() {
        Troubles known = troubles;
        return known == null ? troubles = new Troubles() : known;
    }

    private ServerUnderFuzz server() throws Exception {
        ServerUnderFuzz known = server;
        if (known != null && ++made < CALLS_OF_ONE_SERVER) {
            return known;
        }
        stop();
        made = 0;
        ServerUnderFuzz fresh = new ServerUnderFuzz(maker, troubles());
        for (Message request : RECORDS) {
            ApiCall call = calls.stream()
                    .filter(each -> each.request().getClass() == request.getClass())
                    .findFirst()
                    .orElseThrow();
            if (!make(fresh, fresh.method(call.method()), call, request.toByteArray(), false)) {
                throw new IllegalStateException("the server of the fuzzer refuses " + request);
            }
        }
        server = fresh;
        return fresh;
    }

    /** Makes a call as the transport does; whether it was accepted. */
    private <Q, R> boolean make(
            ServerUnderFuzz to, ServerMethodDefinition<Q, R> method, ApiCall api, byte[] message, boolean inNamespace)
            throws Exception {
        Q request = method.getMethodDescriptor().parseRequest(new ByteArrayInputStream(message));
        if (request instanceof SetUserRequest user && !user.getPassword().isEmpty() && message.length % 16 != 0) {
            return false; // hashing takes tenths of a second
        }
        Metadata headers = new Metadata();
        if (inNamespace) {
            headers.put(NAMESPACE, "n");
        }
        long before = to.revision();
        FuzzedCall<Q, R> call = new FuzzedCall<>(method.getMethodDescriptor(), api.response());
        ServerCall.Listener<Q> listener = method.getServerCallHandler().startCall(call, headers);
        listener.onReady();
        listener.onMessage(request);
        listener.onHalfClose();
        if (!ends(call, request)) {
            call.cancel();
            listener.onCancel();
        } else {
            listener.onComplete();
        }
        call.require();
        boolean taken = call.isAccepted();
        if (!taken
                && api.type() == MethodType.UNARY
                && !ENDLESS.contains(api.request().getClass())
                && to.revision() != before) {
            throw new BrokenPromiseException("a refused call has changed the state");
        }
        return taken;
    }

    /** Waits for the end of a call, which not every call must have. */
    private static boolean ends(FuzzedCall<?, ?> call, Object request) throws Exception {
        if (!ENDLESS.contains(request.getClass())) {
            if (!call.awaitEnd(ANSWER_MILLIS)) {
                throw new BrokenPromiseException("a call has no end");
            }
            return true;
        }
        call.awaitAnswer(FIRST_ANSWER_MILLIS);
        return call.awaitEnd(MORE_MILLIS);
    }

    private void stop() throws BrokenPromiseException {
        ServerUnderFuzz old = server;
        server = null;
        if (old != null) {
            try {
                old.check();
            } finally {
                old.close();
            }
        }
    }

    @Override
    public void close() throws BrokenPromiseException {
        try {
            stop();
        } finally {
            if (troubles != null) {
                troubles.close();
                troubles = null;
            }
        }
    }
}
