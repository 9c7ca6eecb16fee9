package io.pathkeeper.server.raft;

import io.pathkeeper.server.encoding.ByteSink;
import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.store.ClusterAlarms;
import io.pathkeeper.server.store.StoreUse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames between servers, on a stream that one server opens to another.
 *
 * <pre>
 * opener to acceptor: HELLO version cluster member | BEGIN term origin | FORWARD term origin first count bytes
 *                     | TERM id [refusal [full limit]] | READ_INDEX id [patient] | RENEW id count session... | CHANGE id millis change | WHO id [alarms [digest [lost-term last-term last-index]]]
 * acceptor to opener: BEGUN term next | TERM_IS id term [level] | READ_INDEX_IS id ok index | GAP term
 *                     | RENEWED id ok index count refused-session... | CHANGED id end
 *                     | IT_IS id member origin is-member term index [count alarm...]
 * </pre>
 *
 * <p>What stands in brackets is left out by older servers, and whatever follows the last number of a frame is not looked at: so servers of either age
 * understand each other. {@code refusal} is the {@link SpaceRefusal} of an opener that leads, {@code level} how the acceptor's disk stands
 * ({@link io.pathkeeper.server.disk.SpaceLevel}), each as its number; left out they mean 0. {@code full} is the
 * {@link io.pathkeeper.server.store.StoreUse.Kind} of the limit of the store for which growth is refused, 0 when it is for the disks; servers that do not know it refuse
 * all growth. {@code digest} is a {@link DigestWord}. With {@code alarms} 1 the answer has the alarms that stand on the acceptor, unless it is older.
 * {@code lost-term} is the {@link LostLeader.Report} of an opener that has lost the leader of that term, 0 when it has not.
 * An opener that is {@code patient} (1) has nobody who waits for commits.
 */
final class PeerFrames {
    static final int VERSION = 2;

    static final int HELLO = 1;
    static final int BEGIN = 2;
    static final int FORWARD = 3;
    static final int TERM = 4;
    static final int READ_INDEX = 5;
    static final int RENEW = 6;
    static final int CHANGE = 7;
    static final int WHO = 8;
    static final int BEGUN = 16;
    static final int TERM_IS = 17;
    static final int READ_INDEX_IS = 18;
    static final int GAP = 19;
    static final int RENEWED = 20;
    static final int CHANGED = 21;
    static final int IT_IS = 22;

    private PeerFrames() {}

    static byte[] hello(String clusterId, String memberId) {
        ByteSink sink = new ByteSink(64);
        sink.putByte(HELLO);
        sink.putVarint(VERSION);
        sink.putText(clusterId);
        sink.putText(memberId);
        return sink.toByteArray();
    }

    /** The question for the term, and what the opener refuses if it leads. */
    static byte[] term(long id, Refusal refusal) {
        StoreUse.Full full = refusal.full();
        long space = refusal.forOlder().ordinal();
        return full == null
                ? numbers(TERM, id, space)
                : numbers(TERM, id, space, full.kind().number(), full.limit());
    }

    /** The limit of the store behind the refusal of the question for the term; null when growth is not refused for one. */
    static StoreUse.@Nullable Full readFull(ByteSource source) throws CorruptBytesException {
        StoreUse.Kind kind = StoreUse.Kind.of(readAddition(source));
        return kind == null ? null : new StoreUse.Full(kind, readAddition(source));
    }

    /** Tells of the loss of a leader. */
    static byte[] lost(long id, LostLeader.Report report) {
        return numbers(WHO, id, 0, DigestWord.NONE.ordinal(), report.term(), report.lastTerm(), report.lastIndex());
    }

    /** What the opener tells of the loss of a leader; null when it has not lost any. */
    static LostLeader.@Nullable Report readLost(ByteSource source) throws CorruptBytesException {
        long term = readAddition(source);
        return term == 0 ? null : new LostLeader.Report(term, source.getVarint(), source.getVarint());
    }

    static byte[] begin(long term, long origin) {
        return numbers(BEGIN, term, origin);
    }

    static byte[] forward(long origin, SentBatch batch) {
        ByteSink sink = new ByteSink(batch.bytes().length + 48);
        sink.putByte(FORWARD);
        sink.putVarint(batch.term());
        sink.putVarint(origin);
        sink.putVarint(batch.firstSequence());
        sink.putVarint(batch.commands().length);
        sink.putBytes(batch.bytes());
        return sink.toByteArray();
    }

    static ForwardedBatches.Batch readForwarded(ByteSource source) throws CorruptBytesException {
        long origin = source.getVarint();
        long first = source.getVarint();
        int count = source.getInt(Integer.MAX_VALUE, "number of commands");
        byte[] bytes = source.getBytes("commands");
        if (count == 0 || count > bytes.length) {
            throw source.corrupt(count + " commands cannot stand in " + bytes.length + " bytes");
        }
        return new ForwardedBatches.Batch(origin, first, count, bytes);
    }

    static byte[] renew(long id, long[] sessions) {
        ByteSink sink = new ByteSink(16 + 10 * sessions.length);
        sink.putByte(RENEW);
        sink.putVarint(id);
        putSessions(sink, sessions);
        return sink.toByteArray();
    }

    static byte[] renewed(long id, boolean ok, long index, long[] refused) {
        ByteSink sink = new ByteSink(32 + 10 * refused.length);
        sink.putByte(RENEWED);
        sink.putVarint(id);
        sink.putVarint(ok ? 1 : 0);
        sink.putVarint(index);
        putSessions(sink, refused);
        return sink.toByteArray();
    }

    /** A change of the members, for the leader, and how long somebody waits for it. */
    static byte[] change(long id, long millis, byte[] change) {
        ByteSink sink = new ByteSink(change.length + 24);
        sink.putByte(CHANGE);
        sink.putVarint(id);
        sink.putVarint(millis);
        sink.putBytes(change);
        return sink.toByteArray();
    }

    static byte[] changed(long id, byte[] end) {
        ByteSink sink = new ByteSink(end.length + 16);
        sink.putByte(CHANGED);
        sink.putVarint(id);
        sink.putBytes(end);
        return sink.toByteArray();
    }

    static byte[] itIs(long id, PeerProbe.Answer.Known self) {
        ByteSink sink = new ByteSink(64);
        sink.putByte(IT_IS);
        sink.putVarint(id);
        sink.putText(self.memberId());
        sink.putFixed64(self.origin());
        sink.putByte(self.isMember() ? 1 : 0);
        sink.putVarint(self.lastTerm());
        sink.putZigzag(self.lastIndex());
        return sink.toByteArray();
    }

    /** The same with the alarms that stand here, for those who asked for them. */
    static byte[] itIs(long id, PeerProbe.Answer.Known self, List<ClusterAlarms.Standing> alarms) {
        ByteSink sink = new ByteSink(256);
        byte[] known = itIs(id, self);
        sink.putRaw(known, 0, known.length);
        sink.putVarint(alarms.size());
        for (ClusterAlarms.Standing alarm : alarms) {
            sink.putText(alarm.type());
            sink.putText(alarm.subject());
            sink.putText(alarm.message());
            sink.putVarint(alarm.sinceMillis());
        }
        return sink.toByteArray();
    }

    /** The alarms behind {@link #readWho}; null when the other server tells of none because it is older. */
    static @Nullable List<ClusterAlarms.Standing> readAlarms(ByteSource source) throws CorruptBytesException {
        if (source.remaining() == 0) {
            return null;
        }
        int count = source.getCount(4, "alarms");
        List<ClusterAlarms.Standing> alarms = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            alarms.add(new ClusterAlarms.Standing(
                    source.getText("type"), source.getText("subject"), source.getText("message"), source.getVarint()));
        }
        return alarms;
    }

    static PeerProbe.Answer.Known readWho(ByteSource source) throws CorruptBytesException {
        return new PeerProbe.Answer.Known(
                source.getText("member"),
                source.getFixed64(),
                source.getByte() == 1,
                source.getVarint(),
                source.getZigzag());
    }

    private static void putSessions(ByteSink sink, long[] sessions) {
        sink.putVarint(sessions.length);
        for (long session : sessions) {
            sink.putVarint(session);
        }
    }

    static long[] readSessions(ByteSource source) throws CorruptBytesException {
        long[] sessions = new long[source.getCount(1, "sessions")];
        for (int i = 0; i < sessions.length; i++) {
            sessions[i] = source.getVarint();
        }
        return sessions;
    }

    /** The number that newer servers put at the end of a frame; 0 when it is not there. */
    static long readAddition(ByteSource source) throws CorruptBytesException {
        return source.remaining() > 0 ? source.getVarint() : 0;
    }

    static byte[] numbers(int kind, long... numbers) {
        ByteSink sink = new ByteSink(1 + 10 * numbers.length);
        sink.putByte(kind);
        for (long number : numbers) {
            sink.putVarint(number);
        }
        return sink.toByteArray();
    }
}
