package io.pathkeeper.pathctl.text;

import io.pathkeeper.client.coordination.Leader;
import io.pathkeeper.client.coordination.LockHolder;
import io.pathkeeper.client.coordination.LockInfo;
import io.pathkeeper.client.coordination.LockMode;
import io.pathkeeper.client.model.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Locks, those who hold them and those who wait, as JSON and as words. Field names are those of the API. */
public final class LockView {
    private LockView() {}

    /** Returns a holder in words: {@code session 5 (worker-7: nightly), token 17}. */
    public static String who(LockHolder holder) {
        String said = holder.identity()
                + (holder.identity().isEmpty() || holder.note().isEmpty() ? "" : ": ")
                + holder.note();
        return "session " + holder.sessionId() + (said.isEmpty() ? "" : " (" + said + ")")
                + (holder.token() == 0 ? "" : ", token " + holder.token());
    }

    /** Returns how it is held or wanted: {@code exclusive}, {@code shared}, {@code 2 of 5}; for an election {@code leader}. */
    public static String mode(LockInfo lock, LockHolder entry) {
        if (lock.election()) {
            return entry.token() == 0 ? "candidate" : "leader";
        }
        return entry.mode() == LockMode.PERMITS
                ? entry.permits() + " of " + lock.maxPermits()
                : entry.mode().name().toLowerCase(Locale.ROOT);
    }

    /** Returns a lock as a map. */
    public static Value value(LockInfo lock) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("path", Value.of(lock.path()));
        fields.put("election", Value.of(lock.election()));
        if (lock.maxPermits() != 0) {
            fields.put("max_permits", Value.of(lock.maxPermits()));
        }
        fields.put("holders", entries(lock.holders()));
        fields.put("waiters", entries(lock.waiters()));
        fields.put("waiter_count", Value.of(lock.waiterCount()));
        return Value.of(fields);
    }

    private static Value entries(List<LockHolder> entries) {
        List<Value> documents = new ArrayList<>();
        for (LockHolder entry : entries) {
            Map<String, Value> fields = new LinkedHashMap<>();
            fields.put("session_id", Value.of(entry.sessionId()));
            fields.put("client_identity", Value.of(entry.identity()));
            fields.put("holder_id", Value.of(entry.holderId()));
            fields.put("mode", Value.of(entry.mode().name().toLowerCase(Locale.ROOT)));
            if (entry.mode() == LockMode.PERMITS) {
                fields.put("permits", Value.of(entry.permits()));
            }
            fields.put("token", Value.of(entry.token()));
            fields.put("queued_revision", Value.of(entry.queuedRevision()));
            fields.put("note", Value.of(entry.note()));
            documents.add(Value.of(fields));
        }
        return Value.of(documents);
    }

    /** Returns a leader as a map. */
    public static Value value(Leader leader) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("candidate_id", Value.of(leader.candidateId()));
        fields.put("term", Value.of(leader.term()));
        fields.put("session_id", Value.of(leader.sessionId()));
        fields.put("client_identity", Value.of(leader.identity()));
        fields.put("revision", Value.of(leader.revision()));
        fields.put("data", leader.value());
        return Value.of(fields);
    }
}
