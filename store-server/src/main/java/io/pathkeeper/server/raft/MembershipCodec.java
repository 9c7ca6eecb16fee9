package io.pathkeeper.server.raft;

import io.pathkeeper.server.encoding.ByteSink;
import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.MembershipChange;
import io.pathkeeper.server.store.StoreFailure;
import java.util.HashMap;
import java.util.Map;

/** Changes of the members and their ends, as they travel between servers. Nothing of it is kept. */
final class MembershipCodec {
    private static final int ADD = 1;
    private static final int REMOVE = 2;
    private static final int UPDATE = 3;
    private static final int REPLACE = 4;
    private static final int PROMOTE = 5;
    private static final int DEMOTE = 6;
    private static final int TRANSFER = 7;

    private static final int DONE = 1;
    private static final int REJECTED = 2;
    private static final int FAILED = 3;
    private static final int ELSEWHERE = 4;

    private MembershipCodec() {}

    static byte[] encode(MembershipChange change) {
        ByteSink sink = new ByteSink(128);
        if (change instanceof MembershipChange.Add add) {
            put(sink, ADD, add.memberId(), add.raftAddress(), add.clientAddress());
            sink.putByte(add.listener() ? 1 : 0);
            sink.putZigzag(add.priority());
        } else if (change instanceof MembershipChange.Update update) {
            put(sink, UPDATE, update.memberId(), update.raftAddress(), update.clientAddress());
            sink.putZigzag(update.priority());
        } else if (change instanceof MembershipChange.Replace replace) {
            put(sink, REPLACE, replace.memberId(), replace.raftAddress(), replace.clientAddress());
            sink.putText(replace.newMemberId());
        } else {
            put(sink, kind(change), change.memberId());
        }
        return sink.toByteArray();
    }

    private static int kind(MembershipChange change) {
        if (change instanceof MembershipChange.Remove) {
            return REMOVE;
        }
        if (change instanceof MembershipChange.Promote) {
            return PROMOTE;
        }
        return change instanceof MembershipChange.Demote ? DEMOTE : TRANSFER;
    }

    private static void put(ByteSink sink, int kind, String... texts) {
        sink.putByte(kind);
        for (String text : texts) {
            sink.putText(text);
        }
    }

    static MembershipChange decode(byte[] bytes) throws CorruptBytesException {
        ByteSource source = new ByteSource(bytes);
        int kind = source.getByte();
        String id = source.getText("member");
        MembershipChange change = switch (kind) {
            case ADD ->
                new MembershipChange.Add(
                        id, source.getText("address"), source.getText("address"), source.getByte() == 1, (int)
                                source.getZigzag());
            case REMOVE -> new MembershipChange.Remove(id);
            case UPDATE ->
                new MembershipChange.Update(
                        id, source.getText("address"), source.getText("address"), (int) source.getZigzag());
            case REPLACE -> replace(id, source);
            case PROMOTE -> new MembershipChange.Promote(id);
            case DEMOTE -> new MembershipChange.Demote(id);
            case TRANSFER -> new MembershipChange.Transfer(id);
            default -> throw source.corrupt("change of unknown kind " + kind);
        };
        source.requireEnd();
        return change;
    }

    private static MembershipChange replace(String id, ByteSource source) throws CorruptBytesException {
        String raft = source.getText("address");
        String client = source.getText("address");
        return new MembershipChange.Replace(id, source.getText("member"), raft, client);
    }

    static byte[] encode(ChangeEnd end) {
        ByteSink sink = new ByteSink(128);
        if (end instanceof ChangeEnd.Rejected rejected) {
            sink.putByte(REJECTED);
            put(sink, rejected.rejection());
        } else if (end instanceof ChangeEnd.Failed failed) {
            sink.putByte(FAILED);
            sink.putByte(failed.failure().outcome().ordinal());
            put(sink, failed.failure().rejection());
        } else {
            sink.putByte(end instanceof ChangeEnd.Done ? DONE : ELSEWHERE);
        }
        return sink.toByteArray();
    }

    private static void put(ByteSink sink, Rejection rejection) {
        sink.putText(rejection.reason().name());
        sink.putText(rejection.message());
        sink.putVarint(rejection.metadata().size());
        rejection.metadata().forEach((name, value) -> {
            sink.putText(name);
            sink.putText(value);
        });
    }

    static ChangeEnd decodeEnd(byte[] bytes) throws CorruptBytesException {
        ByteSource source = new ByteSource(bytes);
        int kind = source.getByte();
        return switch (kind) {
            case DONE -> new ChangeEnd.Done();
            case ELSEWHERE -> new ChangeEnd.Elsewhere();
            case REJECTED -> new ChangeEnd.Rejected(rejection(source));
            case FAILED -> {
                StoreFailure.Outcome outcome = source.getEnum(StoreFailure.Outcome.values(), "outcome");
                yield new ChangeEnd.Failed(new StoreFailure(rejection(source), outcome));
            }
            default -> throw source.corrupt("end of unknown kind " + kind);
        };
    }

    private static Rejection rejection(ByteSource source) throws CorruptBytesException {
        String name = source.getText("reason");
        String message = source.getText("message");
        Map<String, String> facts = new HashMap<>();
        int count = source.getCount(2, "facts");
        for (int i = 0; i < count; i++) {
            facts.put(source.getText("fact"), source.getText("fact"));
        }
        try {
            return new Rejection(RejectReason.valueOf(name), message, facts);
        } catch (IllegalArgumentException e) {
            throw source.corrupt("reason '" + name + "' is not known here");
        }
    }
}
