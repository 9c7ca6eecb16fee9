package io.pathkeeper.client.internal;

import io.pathkeeper.client.observe.Event;
import io.pathkeeper.client.observe.EventCause;
import io.pathkeeper.client.observe.EventType;
import io.pathkeeper.client.observe.ObserveScope;
import io.pathkeeper.client.observe.ObserveView;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveTarget;

/** Writes observations in, and reads events from, the form of the wire. */
final class ObserveProto {
    private ObserveProto() {}

    static ObserveRequest request(io.pathkeeper.client.observe.ObserveRequest request) {
        ObserveRequest.Builder out = ObserveRequest.newBuilder()
                .setStartRevision(request.startRevision())
                .setInitialState(request.initialState())
                .setResync(request.resync())
                .setProgressIntervalMs(request.progressInterval().toMillis())
                .setProgressWhenQuiet(request.progressWhenQuiet())
                .setCoalesce(request.coalesce())
                .setOnce(request.once())
                .setView(view(request.view()))
                .setIncludePrevious(request.includePrevious())
                .setValueFormat(ReadProto.format(request.format()))
                .setNameGlob(request.nameGlob())
                .setMaxDepth(request.maxDepth());
        request.targets()
                .forEach(target -> out.addTargets(
                        ObserveTarget.newBuilder().setPath(target.path()).setScope(scope(target.scope()))));
        request.types().forEach(type -> out.addTypes(type(type)));
        request.kinds().forEach(kind -> out.addKinds(ToProto.kind(kind)));
        return out.build();
    }

    private static io.pathkeeper.v1.ObserveScope scope(ObserveScope scope) {
        return switch (scope) {
            case NODE -> io.pathkeeper.v1.ObserveScope.OBSERVE_SCOPE_NODE;
            case CHILDREN -> io.pathkeeper.v1.ObserveScope.OBSERVE_SCOPE_CHILDREN;
            case SUBTREE -> io.pathkeeper.v1.ObserveScope.OBSERVE_SCOPE_SUBTREE;
        };
    }

    private static io.pathkeeper.v1.ObserveView view(ObserveView view) {
        return switch (view) {
            case NAME -> io.pathkeeper.v1.ObserveView.OBSERVE_VIEW_NAME;
            case STAT -> io.pathkeeper.v1.ObserveView.OBSERVE_VIEW_STAT;
            case VALUE -> io.pathkeeper.v1.ObserveView.OBSERVE_VIEW_VALUE;
        };
    }

    private static io.pathkeeper.v1.EventType type(EventType type) {
        return switch (type) {
            case CREATED -> io.pathkeeper.v1.EventType.EVENT_TYPE_CREATED;
            case UPDATED -> io.pathkeeper.v1.EventType.EVENT_TYPE_UPDATED;
            case DELETED -> io.pathkeeper.v1.EventType.EVENT_TYPE_DELETED;
            case ACL_CHANGED -> io.pathkeeper.v1.EventType.EVENT_TYPE_ACL_CHANGED;
            case UNKNOWN -> io.pathkeeper.v1.EventType.EVENT_TYPE_UNSPECIFIED;
        };
    }

    static Event event(io.pathkeeper.v1.Event event, ObserveView view) {
        EventType type = switch (event.getType()) {
            case EVENT_TYPE_CREATED -> EventType.CREATED;
            case EVENT_TYPE_UPDATED -> EventType.UPDATED;
            case EVENT_TYPE_DELETED -> EventType.DELETED;
            case EVENT_TYPE_ACL_CHANGED -> EventType.ACL_CHANGED;
            default -> EventType.UNKNOWN;
        };
        boolean valued = event.hasData() || (view == ObserveView.VALUE && type != EventType.DELETED);
        return new Event(
                type,
                cause(event.getCause()),
                event.getPath(),
                event.getRevision(),
                event.hasStat() ? FromProto.stat(event.getStat()) : null,
                valued ? FromProto.value(event.getData()) : null,
                event.getData().getContentType(),
                FromProto.previous(event.hasPrevious(), event.getPrevious(), event.getRevision()));
    }

    private static EventCause cause(io.pathkeeper.v1.EventCause cause) {
        return switch (cause) {
            case EVENT_CAUSE_CLIENT -> EventCause.CLIENT;
            case EVENT_CAUSE_SESSION_CLOSED -> EventCause.SESSION_CLOSED;
            case EVENT_CAUSE_SESSION_EXPIRED -> EventCause.SESSION_EXPIRED;
            case EVENT_CAUSE_TTL -> EventCause.TTL;
            case EVENT_CAUSE_CONTAINER -> EventCause.CONTAINER;
            default -> EventCause.UNKNOWN;
        };
    }
}
