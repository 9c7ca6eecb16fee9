package io.pathkeeper.server.rpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.pathkeeper.server.audit.AuditEntry;
import io.pathkeeper.server.audit.AuditLog;
import io.pathkeeper.server.auth.Identity;
import io.pathkeeper.server.rpc.MethodRule.Audited;
import io.pathkeeper.v1.AcquireLockResponse;
import io.pathkeeper.v1.CampaignResponse;
import io.pathkeeper.v1.CreateSessionResponse;
import io.pathkeeper.v1.PipelineOperation;
import io.pathkeeper.v1.PipelineRequest;
import io.pathkeeper.v1.PipelineResponse;
import io.pathkeeper.v1.PipelineResult;
import io.pathkeeper.v1.ResponseHeader;
import io.pathkeeper.v1.SessionKey;
import io.pathkeeper.v1.TransactRequest;
import io.pathkeeper.v1.TryAcquireLockResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Notes what one call does, for the audit log: its target as the request comes, its revision as the answer goes, and one entry at its end. A
 * pipeline has an entry for each operation, as its results come in the order of its operations. Under its own monitor.
 */
final class AuditTrail {
    private static final int MOST_TARGETS = 8;
    private static final int MOST_CHARACTERS = 1_024;
    private static final List<String> NAMES = List.of(
            "path",
            "paths",
            "targets",
            "lock",
            "name",
            "user",
            "id",
            "role",
            "binding",
            "namespace",
            "quota",
            "principal",
            "session",
            "member_id",
            "logger");

    private final AuditLog log;
    private final String method;
    private Audited audited;
    private final String peer;
    private final String namespace;
    private Identity identity = Identity.NONE;
    private String target = "";
    private long revision;
    private boolean ended;
    /** Of a pipeline, as many as the transport lets it have without an answer. */
    private final Queue<PipelineOperation> operations = new ArrayDeque<>();

    AuditTrail(AuditLog log, String method, Audited audited, String peer, String namespace) {
        this.log = log;
        this.method = method;
        this.audited = audited;
        this.peer = peer;
        this.namespace = namespace;
    }

    synchronized void madeBy(Identity maker) {
        identity = maker;
    }

    /** A message of the client. */
    synchronized void came(Object request) {
        if (request instanceof PipelineRequest pipeline) {
            operations.addAll(pipeline.getOperationsList());
        } else if (request instanceof Message message && target.isEmpty()) {
            target = target(message);
        }
    }

    /** A message for the client. */
    synchronized void goes(Object response) {
        if (response instanceof PipelineResponse pipeline) {
            for (PipelineResult result : pipeline.getResultsList()) {
                PipelineOperation operation = operations.poll();
                if (operation != null) {
                    answered(operation, result);
                }
            }
        } else if (response instanceof Message message) {
            revision = Math.max(revision, revision(message));
            if (audited == Audited.ADMINISTRATION) {
                revision = Math.max(revision, headerRevision(message));
            }
            if (message instanceof AcquireLockResponse lock && lock.hasGranted()
                    || message instanceof CampaignResponse campaign && campaign.hasElected()) {
                obtained();
            } else if (message instanceof CreateSessionResponse created) {
                target = Long.toString(created.getSession().getId());
            }
        }
    }

    /** A lock or a leadership is noted when it begins, as its call may go on for days; behind that only that it was refused. */
    private void obtained() {
        if (isWanted(audited, Status.Code.OK.name())) {
            log.write(entry(method, target, revision, Status.Code.OK.name(), ""));
        }
        audited = Audited.READS;
    }

    private void answered(PipelineOperation operation, PipelineResult result) {
        boolean write = OperationRules.isWrite(operation);
        if (!result.hasError() && !(write && log.takesWrites())) {
            return;
        }
        String outcome = Status.Code.OK.name();
        String reason = "";
        long made = 0;
        if (result.hasError()) {
            outcome =
                    Status.fromCodeValue(result.getError().getCode()).getCode().name();
            reason = ErrorMapper.reason(result.getError());
        } else {
            Object answer = result.getAllFields().entrySet().stream()
                    .filter(field -> field.getKey().getContainingOneof() != null)
                    .map(java.util.Map.Entry::getValue)
                    .findFirst()
                    .orElse("");
            made = answer instanceof Message message ? revision(message) : 0;
        }
        note(operation, write, made, outcome, reason);
    }

    private void note(PipelineOperation operation, boolean write, long made, String outcome, String reason) {
        if (isWanted(write ? Audited.WRITES : Audited.READS, outcome)) {
            String kind = operation.getOperationCase().name().toLowerCase(Locale.ROOT);
            log.write(entry(method + "/" + kind, target(operation), made, outcome, reason));
        }
    }

    /** The call has ended. */
    synchronized void ended(Status status, @Nullable Metadata trailers) {
        if (ended) {
            return;
        }
        ended = true;
        for (PipelineOperation left = operations.poll(); left != null; left = operations.poll()) {
            // its answer was never sent: it may have been made
            note(left, OperationRules.isWrite(left), 0, Status.Code.CANCELLED.name(), "");
        }
        String outcome = status.getCode().name();
        if (!isWanted(audited, outcome)) {
            return;
        }
        com.google.rpc.Status full =
                status.isOk() ? null : StatusProto.fromThrowable(new StatusRuntimeException(status, trailers));
        log.write(entry(method, target, revision, outcome, full == null ? "" : ErrorMapper.reason(full)));
    }

    private boolean isWanted(Audited kind, String outcome) {
        return switch (kind) {
            case ADMINISTRATION, SIGN_IN -> log.isOn();
            case WRITES -> log.takesWrites() || isRefusal(outcome);
            case READS -> isRefusal(outcome);
        };
    }

    private boolean isRefusal(String outcome) {
        return log.isOn()
                && (outcome.equals(Status.Code.PERMISSION_DENIED.name())
                        || outcome.equals(Status.Code.UNAUTHENTICATED.name()));
    }

    private AuditEntry entry(String what, String where, long made, String outcome, String reason) {
        return new AuditEntry(
                System.currentTimeMillis(),
                identity.principal(),
                identity.kind().name().toLowerCase(Locale.ROOT),
                peer,
                what,
                bounded(namespace),
                bounded(where),
                made,
                outcome,
                reason);
    }

    /** What a request is about: the paths in it, or the name of a record, or the id of a session. */
    private static String target(Message request) {
        if (request instanceof SessionKey session) {
            return session.getId() == 0 ? "" : Long.toString(session.getId());
        }
        if (request instanceof TransactRequest transact) {
            List<String> paths = new ArrayList<>();
            transact.getThenList().forEach(operation -> paths.add(target(operation)));
            transact.getOtherwiseList().forEach(operation -> paths.add(target(operation)));
            return joined(paths);
        }
        Descriptor type = request.getDescriptorForType();
        for (String name : NAMES) {
            FieldDescriptor field = type.findFieldByName(name);
            if (field != null) {
                return text(request.getField(field));
            }
        }
        // operations of pipelines and transactions hold one message
        return request.getAllFields().entrySet().stream()
                .filter(field -> field.getKey().getContainingOneof() != null)
                .filter(field -> field.getValue() instanceof Message)
                .map(field -> target((Message) field.getValue()))
                .findFirst()
                .orElse("");
    }

    private static String text(Object value) {
        if (value instanceof List<?> many) {
            return joined(many.stream().map(AuditTrail::text).toList());
        }
        return value instanceof Message message ? target(message) : value.toString();
    }

    private static String joined(List<String> targets) {
        List<String> distinct = targets.stream().distinct().toList();
        int shown = Math.min(distinct.size(), MOST_TARGETS);
        String text = String.join(" ", distinct.subList(0, shown));
        return shown == distinct.size() ? text : text + " and " + (distinct.size() - shown) + " more";
    }

    /** A line has an end, whatever a client sends. */
    private static String bounded(String text) {
        return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "...";
    }

    private static long revision(Message response) {
        FieldDescriptor own = response.getDescriptorForType().findFieldByName("revision");
        if (own != null && response.getField(own) instanceof Long made) {
            return made;
        }
        if (response instanceof AcquireLockResponse granted) {
            return granted.getGranted().getToken();
        }
        if (response instanceof CampaignResponse elected) {
            return elected.getElected().getTerm();
        }
        return response instanceof TryAcquireLockResponse tried ? tried.getToken() : 0;
    }

    /** Changes of users and roles have their revision in the header alone. */
    private static long headerRevision(Message response) {
        FieldDescriptor header = response.getDescriptorForType().findFieldByName("header");
        return header != null && response.getField(header) instanceof ResponseHeader made ? made.getRevision() : 0;
    }
}
