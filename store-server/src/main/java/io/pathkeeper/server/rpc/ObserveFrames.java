package io.pathkeeper.server.rpc;

import io.pathkeeper.server.metrics.ObserveMeters.ResetCause;
import io.pathkeeper.server.observe.EventForm;
import io.pathkeeper.server.observe.EventType;
import io.pathkeeper.server.observe.FrameEncoder;
import io.pathkeeper.server.tree.ChangeCause;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.v1.Event;
import io.pathkeeper.v1.EventCause;
import io.pathkeeper.v1.ObserveCreated;
import io.pathkeeper.v1.ObserveEvents;
import io.pathkeeper.v1.ObserveExisting;
import io.pathkeeper.v1.ObserveProgress;
import io.pathkeeper.v1.ObserveReset;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.ObserveSynced;
import io.pathkeeper.v1.ValueFormat;
import io.pathkeeper.v1.View;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Makes the messages that observers get. Pure; called on the threads of the observers' loops. */
public final class ObserveFrames implements FrameEncoder {
    private final Headers headers;
    private final Owners owners;

    /** Makes the encoder for one server. */
    public ObserveFrames(Headers headers, Owners owners) {
        this.headers = headers;
        this.owners = owners;
    }

    /** A whole frame as it goes over the wire: serialized once, whatever the number of observers. The array is never changed. */
    record Frame(byte[] bytes) implements Encoded {
        @Override
        public int sizeBytes() {
            return bytes.length;
        }
    }

    private record EncodedEvent(Event message) implements Encoded {
        @Override
        public int sizeBytes() {
            return message.getSerializedSize();
        }
    }

    private record EncodedZnode(io.pathkeeper.v1.Znode message) implements Encoded {
        @Override
        public int sizeBytes() {
            return message.getSerializedSize();
        }
    }

    @Override
    public Encoded created(long startRevision) {
        return frame(response(startRevision - 1)
                .setCreated(ObserveCreated.newBuilder().setStartRevision(startRevision)));
    }

    @Override
    public Encoded event(long revision, TreeChange change, EventForm form) {
        Event.Builder event = Event.newBuilder()
                .setType(type(change))
                .setCause(cause(change.cause()))
                .setPath(change.path().toString())
                .setRevision(revision);
        Znode before = change.before();
        Znode after = change.after();
        ValueFormat format = format(form);
        if (form.view() != EventForm.View.NAME) {
            event.setStat(Stats.stat(after != null ? after : Objects.requireNonNull(before), owners));
        }
        if (form.view() == EventForm.View.VALUE && after != null) {
            event.setData(Payloads.payload(after.value(), after.contentType(), format));
        }
        if (form.previous() && before != null) {
            event.setPrevious(Stats.znode(change.path(), before, view(form), format, owners));
        }
        return new EncodedEvent(event.build());
    }

    @Override
    public Encoded events(long revision, List<Encoded> events, boolean more) {
        ObserveEvents.Builder frame =
                ObserveEvents.newBuilder().setRevision(revision).setMore(more);
        for (int i = 0; i < events.size(); i++) {
            frame.addEvents(((EncodedEvent) events.get(i)).message());
        }
        return frame(response(revision).setEvents(frame));
    }

    @Override
    public Encoded znode(ZnodePath path, Znode znode, EventForm form) {
        return new EncodedZnode(Stats.znode(path, znode, view(form), format(form), owners));
    }

    @Override
    public Encoded existing(long revision, List<Encoded> znodes) {
        ObserveExisting.Builder frame = ObserveExisting.newBuilder().setRevision(revision);
        for (int i = 0; i < znodes.size(); i++) {
            frame.addZnodes(((EncodedZnode) znodes.get(i)).message());
        }
        return frame(response(revision).setExisting(frame));
    }

    @Override
    public Encoded synced(long revision) {
        return frame(response(revision).setSynced(ObserveSynced.newBuilder().setRevision(revision)));
    }

    @Override
    public Encoded progress(long revision) {
        return frame(response(revision).setProgress(ObserveProgress.newBuilder().setRevision(revision)));
    }

    @Override
    public Encoded reset(long revision, ResetCause cause) {
        String text = cause.name().toLowerCase(Locale.ROOT);
        return frame(response(revision)
                .setReset(ObserveReset.newBuilder().setRevision(revision).setCause(text)));
    }

    private static Frame frame(ObserveResponse.Builder response) {
        return new Frame(response.build().toByteArray());
    }

    private ObserveResponse.Builder response(long revision) {
        return ObserveResponse.newBuilder().setHeader(headers.header(revision));
    }

    private static io.pathkeeper.v1.EventType type(TreeChange change) {
        return switch (EventType.of(change)) {
            case CREATED -> io.pathkeeper.v1.EventType.EVENT_TYPE_CREATED;
            case UPDATED -> io.pathkeeper.v1.EventType.EVENT_TYPE_UPDATED;
            case DELETED -> io.pathkeeper.v1.EventType.EVENT_TYPE_DELETED;
            case ACL_CHANGED -> io.pathkeeper.v1.EventType.EVENT_TYPE_ACL_CHANGED;
        };
    }

    private static EventCause cause(ChangeCause cause) {
        return switch (cause) {
            case CLIENT -> EventCause.EVENT_CAUSE_CLIENT;
            case SESSION_CLOSED -> EventCause.EVENT_CAUSE_SESSION_CLOSED;
            case SESSION_EXPIRED -> EventCause.EVENT_CAUSE_SESSION_EXPIRED;
            case TTL -> EventCause.EVENT_CAUSE_TTL;
            case CONTAINER -> EventCause.EVENT_CAUSE_CONTAINER;
        };
    }

    private static View view(EventForm form) {
        return switch (form.view()) {
            case NAME -> View.VIEW_NAME;
            case STAT -> View.VIEW_STAT;
            case VALUE -> View.VIEW_FULL;
        };
    }

    private static ValueFormat format(EventForm form) {
        return switch (form.values()) {
            case VALUE -> ValueFormat.VALUE_FORMAT_VALUE;
            case JSON -> ValueFormat.VALUE_FORMAT_JSON;
            case RAW -> ValueFormat.VALUE_FORMAT_RAW;
        };
    }
}
