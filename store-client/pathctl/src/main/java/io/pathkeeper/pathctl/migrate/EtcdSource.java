package io.pathkeeper.pathctl.migrate;

import com.google.protobuf.ByteString;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.etcd.AuthGrpc;
import io.pathkeeper.pathctl.etcd.AuthenticateRequest;
import io.pathkeeper.pathctl.etcd.KVGrpc;
import io.pathkeeper.pathctl.etcd.KeyValue;
import io.pathkeeper.pathctl.etcd.RangeRequest;
import io.pathkeeper.pathctl.etcd.RangeResponse;
import io.pathkeeper.pathctl.text.PathText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The keys of etcd with a prefix, read page by page at one revision; when that was compacted away meanwhile, the rest is read at the newest one, and
 * the second walk finds what changed. One server after the other is asked while one does not answer.
 */
final class EtcdSource implements Source {
    private static final int PAGE = 100;
    private static final int MAX_ANSWER_BYTES = 256 << 20;
    private static final long CALL_SECONDS = 10;
    private static final long PAUSE_MILLIS = 200;
    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
    private static final ByteString SLASH = ByteString.copyFromUtf8("/");
    /** Behind the slash in the order of bytes. */
    private static final ByteString BEHIND_SLASH = ByteString.copyFromUtf8("0");

    private static final ByteString FIRST = ByteString.copyFrom(new byte[1]);

    private final String servers;
    private final String prefix;
    private final String target;
    private final Duration patience;
    private final @Nullable String credential;
    private final List<ManagedChannel> channels = new ArrayList<>();
    private int current;
    private String token = "";

    /**
     * Connects.
     *
     * @param prefix as {@link EtcdKeys#prefix} returns it
     * @param credential {@code name:password}, or null
     * @throws CommandFailure when no server answers in time or there is no such key
     */
    EtcdSource(
            String servers,
            ChannelCredentials security,
            String prefix,
            String target,
            Duration patience,
            @Nullable String credential)
            throws InterruptedException {
        this.servers = servers;
        this.prefix = prefix;
        this.target = target;
        this.patience = patience;
        this.credential = credential;
        for (String server : servers.split(",", -1)) {
            channels.add(Grpc.newChannelBuilder(server.strip(), security)
                    .maxInboundMessageSize(MAX_ANSWER_BYTES)
                    .build());
        }
        try {
            if (!anyBelow(prefix)) {
                throw new CommandFailure(ExitCode.NOT_FOUND, title() + ": there is no such key, nor one below it");
            }
        } catch (RuntimeException | InterruptedException e) {
            close();
            throw e;
        }
    }

    @Override
    public String title() {
        return "etcd " + servers + " " + (prefix.isEmpty() ? "(all keys)" : prefix);
    }

    @Override
    public void walk(Visitor visitor) throws InterruptedException {
        try {
            boolean slashes = prefix.isEmpty() && anyIn(SLASH, BEHIND_SLASH);
            EtcdKeys keys = new EtcdKeys(prefix, target, visitor, first -> slashes && anyBelow("/" + first));
            if (prefix.isEmpty()) {
                read(keys, FIRST, FIRST, 0); // from the first key to the end
            } else {
                ByteString top = ByteString.copyFromUtf8(prefix);
                // what lies between the two in the order of bytes is not below the prefix
                long revision = read(keys, top, ByteString.EMPTY, 0);
                read(keys, top.concat(SLASH), top.concat(BEHIND_SLASH), revision);
            }
            keys.end();
        } catch (StatusRuntimeException e) {
            throw failure(e);
        }
    }

    /** Reads at a revision, 0 for the newest, and returns at which it did. */
    private long read(EtcdKeys keys, ByteString from, ByteString end, long at) throws InterruptedException {
        ByteString next = from;
        long revision = at;
        boolean more = true;
        while (more) {
            RangeRequest.Builder request =
                    RangeRequest.newBuilder().setKey(next).setRangeEnd(end).setLimit(PAGE);
            RangeResponse page;
            try {
                page = range(request.setRevision(revision).build());
            } catch (StatusRuntimeException e) {
                if (e.getStatus().getCode() != Status.Code.OUT_OF_RANGE || revision == 0) {
                    throw e;
                }
                revision = 0; // compacted
                page = range(request.setRevision(revision).build());
            }
            if (revision == 0) {
                revision = page.getHeader().getRevision(); // etcd's newest, whatever was asked for
            }
            for (KeyValue each : page.getKvsList()) {
                keys.key(each.getKey(), each.getValue().toByteArray(), each.getLease() != 0);
            }
            more = page.getMore() && page.getKvsCount() > 0;
            if (more) {
                next = page.getKvs(page.getKvsCount() - 1).getKey().concat(FIRST);
            }
        }
        return revision;
    }

    @Override
    public List<Boolean> present(List<String> paths) throws InterruptedException {
        List<Boolean> present = new ArrayList<>();
        for (String path : paths) {
            String below = PathText.below(target, path);
            if (!prefix.isEmpty()) {
                present.add(anyBelow(below.isEmpty() ? prefix : prefix + "/" + below));
            } else {
                present.add(anyBelow(below) || anyBelow("/" + below)); // keys may begin with a slash or not
            }
        }
        return present;
    }

    /** Whether there is a key, or one below it. */
    private boolean anyBelow(String key) throws InterruptedException {
        RangeRequest.Builder one = RangeRequest.newBuilder().setLimit(1).setKeysOnly(true);
        if (key.isEmpty()) {
            return found(one.setKey(FIRST).setRangeEnd(FIRST));
        }
        ByteString top = ByteString.copyFromUtf8(key);
        return found(one.setKey(top)) || anyIn(top.concat(SLASH), top.concat(BEHIND_SLASH));
    }

    private boolean anyIn(ByteString from, ByteString end) throws InterruptedException {
        return found(RangeRequest.newBuilder()
                .setLimit(1)
                .setKeysOnly(true)
                .setKey(from)
                .setRangeEnd(end));
    }

    private boolean found(RangeRequest.Builder request) throws InterruptedException {
        try {
            return range(request.build()).getKvsCount() > 0;
        } catch (StatusRuntimeException e) {
            throw failure(e);
        }
    }

    /** Asks one server after the other until one answers, or the time is over. */
    private RangeResponse range(RangeRequest request) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean signedIn = false;
        while (true) {
            try {
                if (credential != null && token.isEmpty()) {
                    token = signIn(credential);
                    signedIn = true;
                }
                KVGrpc.KVBlockingStub stub =
                        KVGrpc.newBlockingStub(channels.get(current)).withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS);
                if (!token.isEmpty()) {
                    Metadata headers = new Metadata();
                    headers.put(TOKEN, token);
                    stub = stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
                }
                return stub.range(request);
            } catch (StatusRuntimeException e) {
                Status.Code code = e.getStatus().getCode();
                if (code == Status.Code.UNAUTHENTICATED && credential != null && !signedIn) {
                    token = ""; // it lives five minutes
                    continue;
                }
                boolean passing = code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED;
                if (!passing || System.nanoTime() - deadline >= 0) {
                    throw e;
                }
                current = (current + 1) % channels.size();
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS); // a pace for servers that refuse at once
            }
        }
    }

    private String signIn(String nameAndPassword) {
        String[] parts = nameAndPassword.split(":", 2);
        return AuthGrpc.newBlockingStub(channels.get(current))
                .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                .authenticate(AuthenticateRequest.newBuilder()
                        .setName(parts[0])
                        .setPassword(parts[1])
                        .build())
                .getToken();
    }

    private CommandFailure failure(StatusRuntimeException e) {
        Status status = e.getStatus();
        String why = status.getDescription() == null ? status.getCode().name() : status.getDescription();
        return switch (status.getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED ->
                new CommandFailure(
                        ExitCode.UNAVAILABLE,
                        "no etcd server of " + servers + " answers within " + patience.toSeconds() + " s: " + why,
                        e);
            default ->
                new CommandFailure(
                        ExitCode.UNAVAILABLE,
                        title() + ": " + why + " (give --source-auth-file where it asks who calls)",
                        e);
        };
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
    }
}
