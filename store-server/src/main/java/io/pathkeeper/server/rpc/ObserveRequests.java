package io.pathkeeper.server.rpc;

import io.pathkeeper.server.observe.EventForm;
import io.pathkeeper.server.observe.EventType;
import io.pathkeeper.server.observe.NameGlob;
import io.pathkeeper.server.observe.ObserveFilter;
import io.pathkeeper.server.observe.ObserveOptions;
import io.pathkeeper.server.observe.ObserveScope;
import io.pathkeeper.server.observe.ObserveTarget;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.tree.InvalidPathException;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.v1.ObserveRequest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and checks requests to observe. */
final class ObserveRequests {
    /** Most targets of one observation. */
    static final int MAX_TARGETS = 100;

    private static final long DEFAULT_PROGRESS_MILLIS = 10_000;
    private static final long MIN_PROGRESS_MILLIS = 1_000;
    private static final long MAX_PROGRESS_MILLIS = 600_000;

    private ObserveRequests() {}

    /**
     * Reads a request.
     *
     * @throws RejectedException ARGUMENT_INVALID or PATH_INVALID
     */
    static ObserveOptions read(ObserveRequest request) {
        notNegative("start_revision", request.getStartRevision());
        notNegative("min_revision", request.getMinRevision());
        notNegative("max_depth", request.getMaxDepth());
        if (request.getInitialState() && request.getStartRevision() != 0) {
            throw RejectedException.argument(
                    "start_revision",
                    "is " + request.getStartRevision()
                            + " with initial_state: the initial state begins now, leave it 0");
        }
        ObserveFilter filter = new ObserveFilter(
                targets(request), types(request), kinds(request), glob(request), request.getMaxDepth());
        return new ObserveOptions(
                filter,
                request.getStartRevision(),
                request.getInitialState(),
                request.getResync(),
                progressMillis(request),
                request.getProgressWhenQuiet(),
                request.getCoalesce(),
                request.getOnce(),
                new EventForm(view(request), request.getIncludePrevious(), values(request)));
    }

    private static void notNegative(String field, long value) {
        if (value < 0) {
            throw RejectedException.argument(field, "is " + value + ": it must be 0 or more");
        }
    }

    private static long progressMillis(ObserveRequest request) {
        long millis = request.getProgressIntervalMs();
        if (millis == 0) {
            return DEFAULT_PROGRESS_MILLIS;
        }
        if (millis < MIN_PROGRESS_MILLIS || millis > MAX_PROGRESS_MILLIS) {
            throw RejectedException.argument(
                    "progress_interval_ms",
                    "is " + millis + ": it must be 0 or from " + MIN_PROGRESS_MILLIS + " to " + MAX_PROGRESS_MILLIS);
        }
        return millis;
    }

    private static List<ObserveTarget> targets(ObserveRequest request) {
        int count = request.getTargetsCount();
        if (count == 0 || count > MAX_TARGETS) {
            throw RejectedException.argument(
                    "targets", "has " + count + " entries: it must have from 1 to " + MAX_TARGETS);
        }
        List<ObserveTarget> targets = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            io.pathkeeper.v1.ObserveTarget target = request.getTargets(i);
            targets.add(new ObserveTarget(path(target.getPath(), i), scope(target, i)));
        }
        return targets;
    }

    private static ZnodePath path(String path, int index) {
        try {
            return ZnodePath.parse(path);
        } catch (InvalidPathException e) {
            throw new RejectedException(Rejection.of(
                    RejectReason.PATH_INVALID,
                    String.valueOf(e.getMessage()),
                    "path",
                    path,
                    "field",
                    "targets[" + index + "].path"));
        }
    }

    private static ObserveScope scope(io.pathkeeper.v1.ObserveTarget target, int index) {
        return switch (target.getScope()) {
            case OBSERVE_SCOPE_UNSPECIFIED, OBSERVE_SCOPE_NODE -> ObserveScope.NODE;
            case OBSERVE_SCOPE_CHILDREN -> ObserveScope.CHILDREN;
            case OBSERVE_SCOPE_SUBTREE -> ObserveScope.SUBTREE;
            case UNRECOGNIZED -> throw unknown("targets[" + index + "].scope", target.getScopeValue());
        };
    }

    private static EventForm.View view(ObserveRequest request) {
        return switch (request.getView()) {
            case OBSERVE_VIEW_UNSPECIFIED, OBSERVE_VIEW_VALUE -> EventForm.View.VALUE;
            case OBSERVE_VIEW_STAT -> EventForm.View.STAT;
            case OBSERVE_VIEW_NAME -> EventForm.View.NAME;
            case UNRECOGNIZED -> throw unknown("view", request.getViewValue());
        };
    }

    private static EventForm.ValueForm values(ObserveRequest request) {
        return switch (request.getValueFormat()) {
            case VALUE_FORMAT_UNSPECIFIED, VALUE_FORMAT_VALUE -> EventForm.ValueForm.VALUE;
            case VALUE_FORMAT_JSON -> EventForm.ValueForm.JSON;
            case VALUE_FORMAT_RAW -> EventForm.ValueForm.RAW;
            case UNRECOGNIZED -> throw unknown("value_format", request.getValueFormatValue());
        };
    }

    private static Set<EventType> types(ObserveRequest request) {
        Set<EventType> types = EnumSet.noneOf(EventType.class);
        for (int i = 0; i < request.getTypesCount(); i++) {
            types.add(
                    switch (request.getTypes(i)) {
                        case EVENT_TYPE_CREATED -> EventType.CREATED;
                        case EVENT_TYPE_UPDATED -> EventType.UPDATED;
                        case EVENT_TYPE_DELETED -> EventType.DELETED;
                        case EVENT_TYPE_ACL_CHANGED -> EventType.ACL_CHANGED;
                        case EVENT_TYPE_UNSPECIFIED, UNRECOGNIZED ->
                            throw unknown("types[" + i + "]", request.getTypesValue(i));
                    });
        }
        return types;
    }

    private static Set<ZnodeKind> kinds(ObserveRequest request) {
        Set<ZnodeKind> kinds = EnumSet.noneOf(ZnodeKind.class);
        for (int i = 0; i < request.getKindsCount(); i++) {
            kinds.add(
                    switch (request.getKinds(i)) {
                        case ZNODE_KIND_UNSPECIFIED, ZNODE_KIND_PERSISTENT -> ZnodeKind.PERSISTENT;
                        case ZNODE_KIND_EPHEMERAL -> ZnodeKind.EPHEMERAL;
                        case ZNODE_KIND_CONTAINER -> ZnodeKind.CONTAINER;
                        case ZNODE_KIND_TTL -> ZnodeKind.TTL;
                        case UNRECOGNIZED -> throw unknown("kinds[" + i + "]", request.getKindsValue(i));
                    });
        }
        return kinds;
    }

    private static @Nullable NameGlob glob(ObserveRequest request) {
        if (request.getNameGlob().isEmpty()) {
            return null;
        }
        try {
            return NameGlob.parse(request.getNameGlob());
        } catch (IllegalArgumentException e) {
            throw RejectedException.argument("name_glob", "cannot be read: " + e.getMessage());
        }
    }

    private static RejectedException unknown(String field, int number) {
        return RejectedException.argument(field, "has the value " + number + ", which this server does not know");
    }
}
