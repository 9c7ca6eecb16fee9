package io.pathkeeper.server.rpc;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RetryInfo;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.DeleteRequest;
import io.pathkeeper.v1.ListLocksRequest;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The tree as a call in a namespace sees it: its root is {@code /}. Makes the paths of requests whole, and takes the root off the paths of
 * answers and errors. A path that could not stand in a request is left as it is, for the endpoint to refuse. Immutable.
 */
final class NamespaceView {
    private static final Set<String> PATHS = Set.of("path", "paths");
    private static final Set<String> FACTS = Set.of("path");

    private static final String MARK = "\u0001";

    private final String root;
    private final Pattern rootAlone;

    NamespaceView(ZnodePath root) {
        this.root = root.isRoot() ? "" : root.toString();
        rootAlone = Pattern.compile(Pattern.quote(this.root) + "(?=[\\s:;,\"')]|$)");
    }

    /** A request with whole paths. */
    Message whole(Message request) {
        if (request instanceof ListLocksRequest locks && locks.getPath().isEmpty()) {
            return locks.toBuilder().setPath(whole("/")).build();
        }
        if (request instanceof DeleteRequest delete && delete.getPath().equals("/")) {
            return delete; // the root is never deleted
        }
        if (request instanceof CreateRequest create
                && create.getSequential()
                && create.getPath().equals("/")) {
            return create.toBuilder().setPath(root + "/").build(); // a name below the root
        }
        return changed(request, true);
    }

    /** An answer without the root. */
    Message seen(Message answer) {
        return changed(answer, false);
    }

    /** A frame of an observation without the root. */
    ObserveFrames.Frame seen(ObserveFrames.Frame frame) {
        try {
            return new ObserveFrames.Frame(
                    seen(ObserveResponse.parseFrom(frame.bytes())).toByteArray());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a frame of this server cannot be read", e);
        }
    }

    private Message changed(Message message, boolean inwards) {
        if (message instanceof Payload) {
            return message;
        }
        if (message instanceof com.google.rpc.Status status) {
            return seen(status);
        }
        Message.Builder out = message.toBuilder();
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            FieldDescriptor type = field.getKey();
            if (type.isMapField()) {
                continue;
            }
            if (type.getJavaType() == JavaType.MESSAGE) {
                out.setField(type, messages(type, field.getValue(), inwards));
            } else if (type.getJavaType() == JavaType.STRING && PATHS.contains(type.getName())) {
                out.setField(type, texts(type, field.getValue(), inwards));
            }
        }
        return out.build();
    }

    private Object messages(FieldDescriptor type, Object value, boolean inwards) {
        if (!type.isRepeated()) {
            return inner((Message) value, inwards);
        }
        List<Message> all = new ArrayList<>();
        ((List<?>) value).forEach(message -> all.add(inner((Message) message, inwards)));
        return all;
    }

    private Message inner(Message message, boolean inwards) {
        return inwards ? whole(message) : seen(message);
    }

    private Object texts(FieldDescriptor type, Object value, boolean inwards) {
        if (!type.isRepeated()) {
            return text((String) value, inwards);
        }
        List<String> all = new ArrayList<>();
        for (Object each : (List<?>) value) {
            String path = (String) each;
            if (inwards || isWithin(path)) {
                all.add(text(path, inwards));
            }
        }
        return all;
    }

    private String text(String path, boolean inwards) {
        return inwards ? whole(path) : seen(path);
    }

    private String whole(String path) {
        if (!path.startsWith("/") || root.isEmpty()) {
            return path;
        }
        return path.equals("/") ? root : root + path;
    }

    private boolean isWithin(String path) {
        return path.equals(root) || path.startsWith(root + "/");
    }

    private String seen(String path) {
        if (root.isEmpty() || !isWithin(path)) {
            return root.isEmpty() ? path : "";
        }
        return path.equals(root) ? "/" : path.substring(root.length());
    }

    /** An error without the root, in its facts and its words. */
    com.google.rpc.Status seen(com.google.rpc.Status status) {
        if (root.isEmpty()) {
            return status;
        }
        com.google.rpc.Status.Builder out = status.toBuilder().clearDetails().setMessage(words(status.getMessage()));
        for (Any detail : status.getDetailsList()) {
            if (detail.is(ErrorInfo.class)) {
                out.addDetails(Any.pack(facts(detail)));
            } else if (detail.is(BadRequest.class)) {
                out.addDetails(Any.pack(violations(detail)));
            } else if (detail.is(RetryInfo.class) || detail.is(QuotaFailure.class)) {
                out.addDetails(detail); // no paths; what is not known here may have some
            }
        }
        return out.build();
    }

    private ErrorInfo facts(Any detail) {
        try {
            ErrorInfo info = detail.unpack(ErrorInfo.class);
            ErrorInfo.Builder out = info.toBuilder();
            FACTS.stream().filter(info::containsMetadata).forEach(name -> {
                String path = info.getMetadataOrThrow(name);
                out.putMetadata(name, isWithin(path) ? seen(path) : path);
            });
            return out.build();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an error of this server cannot be read", e);
        }
    }

    private BadRequest violations(Any detail) {
        try {
            BadRequest.Builder out = detail.unpack(BadRequest.class).toBuilder();
            out.getFieldViolationsBuilderList().forEach(v -> v.setDescription(words(v.getDescription())));
            return out.build();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an error of this server cannot be read", e);
        }
    }

    /** The root is whole where no further part of a name follows. */
    private String words(String message) {
        return rootAlone
                .matcher(message.replace(root + "/", MARK))
                .replaceAll("/")
                .replace(MARK, "/");
    }
}
