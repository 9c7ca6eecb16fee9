package io.pathkeeper.server.snapshot;

import io.pathkeeper.server.coordination.LockEntry;
import io.pathkeeper.server.encoding.ByteSink;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.Rejection;
import java.util.Map;
import java.util.TreeMap;

/** Writes results of commands. Of one thread. */
final class ResultEncoder {
    static final int CREATED = 1;
    static final int UPDATED = 2;
    static final int DELETED = 3;
    static final int FOUND = 4;
    static final int TRANSACTED = 5;
    static final int REJECTED = 6;
    static final int DONE = 7;
    static final int SESSION_OPENED = 8;
    static final int SESSION_ENDED = 9;
    static final int ACQUIRED = 10;
    static final int RELEASED = 11;
    static final int PROCLAIMED = 12;

    /** How deep results stand inside results at most: transactions hold no transactions. */
    static final int MAX_DEPTH = 2;

    private final ByteSink sink;
    private final ZnodeEncoder znodes;
    private final CoordinationEncoder coordination;

    ResultEncoder(ByteSink sink, ZnodeEncoder znodes) {
        this.sink = sink;
        this.znodes = znodes;
        this.coordination = new CoordinationEncoder(sink, znodes);
    }

    void result(CommandResult result) {
        if (result instanceof CommandResult.Created created) {
            sink.putByte(CREATED);
            znodes.path(created.path());
            znodes.detached(created.znode());
            sink.putVarint(created.sequence());
            sink.putVarint(created.revision());
        } else if (result instanceof CommandResult.Updated updated) {
            sink.putByte(UPDATED);
            znodes.path(updated.path());
            znodes.detached(updated.znode());
            sink.putByte((updated.created() ? 1 : 0) | (updated.changed() ? 2 : 0));
            znodes.detached(updated.previous());
            sink.putVarint(updated.revision());
        } else if (result instanceof CommandResult.Deleted deleted) {
            sink.putByte(DELETED);
            znodes.path(deleted.path());
            sink.putVarint(deleted.deletedCount());
            znodes.detached(deleted.previous());
            sink.putVarint(deleted.revision());
        } else if (result instanceof CommandResult.Found found) {
            sink.putByte(FOUND);
            znodes.path(found.path());
            znodes.detached(found.znode());
        } else if (result instanceof CommandResult.Transacted transacted) {
            transacted(transacted);
        } else if (result instanceof CommandResult.Rejected rejected) {
            sink.putByte(REJECTED);
            rejection(rejected.rejection());
        } else if (result instanceof CommandResult.Done done) {
            sink.putByte(DONE);
            sink.putVarint(done.revision());
        } else {
            coordinated(result);
        }
    }

    private void coordinated(CommandResult result) {
        if (result instanceof CommandResult.SessionOpened opened) {
            sink.putByte(SESSION_OPENED);
            coordination.session(opened.session());
            sink.putVarint(opened.revision());
        } else if (result instanceof CommandResult.SessionEnded ended) {
            sink.putByte(SESSION_ENDED);
            sink.putVarint(ended.deletedCount());
            sink.putVarint(ended.revision());
        } else if (result instanceof CommandResult.Acquired acquired) {
            acquired(acquired);
        } else if (result instanceof CommandResult.Released released) {
            sink.putByte(RELEASED);
            sink.putVarint(released.revision());
        } else if (result instanceof CommandResult.Proclaimed proclaimed) {
            sink.putByte(PROCLAIMED);
            sink.putVarint(proclaimed.revision());
        } else {
            throw new IllegalArgumentException("no binary form for " + result.getClass());
        }
    }

    private void acquired(CommandResult.Acquired acquired) {
        LockEntry entry = acquired.entry();
        sink.putByte(ACQUIRED);
        sink.putByte(entry == null ? 0 : 1);
        if (entry != null) {
            coordination.entry(entry);
        }
        sink.putVarint(acquired.position());
        sink.putVarint(acquired.holders().size());
        for (LockEntry holder : acquired.holders()) {
            coordination.entry(holder);
        }
        sink.putVarint(acquired.revision());
    }

    private void transacted(CommandResult.Transacted transacted) {
        sink.putByte(TRANSACTED);
        sink.putByte(transacted.succeeded() ? 1 : 0);
        sink.putVarint(transacted.revision());
        sink.putVarint(transacted.results().size());
        for (CommandResult inner : transacted.results()) {
            result(inner);
        }
    }

    private void rejection(Rejection rejection) {
        sink.putVarint(rejection.reason().ordinal());
        sink.putText(rejection.message());
        Map<String, String> sorted = new TreeMap<>(rejection.metadata());
        sink.putVarint(sorted.size());
        for (Map.Entry<String, String> fact : sorted.entrySet()) {
            sink.putText(fact.getKey());
            sink.putText(fact.getValue());
        }
    }
}
