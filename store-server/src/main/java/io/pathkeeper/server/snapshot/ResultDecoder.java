package io.pathkeeper.server.snapshot;

import io.pathkeeper.server.coordination.LockEntry;
import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads what {@link ResultEncoder} wrote. Of one thread. */
final class ResultDecoder {
    private static final RejectReason[] REASONS = RejectReason.values();

    private final ZnodeDecoder znodes;
    private final CoordinationDecoder coordination;

    ResultDecoder(ZnodeDecoder znodes) {
        this.znodes = znodes;
        this.coordination = new CoordinationDecoder(znodes);
    }

    CommandResult result(ByteSource source) throws CorruptBytesException {
        return result(source, 1);
    }

    private CommandResult result(ByteSource source, int depth) throws CorruptBytesException {
        int kind = source.getByte();
        return switch (kind) {
            case ResultEncoder.CREATED -> created(source);
            case ResultEncoder.UPDATED -> updated(source);
            case ResultEncoder.DELETED -> deleted(source);
            case ResultEncoder.FOUND -> found(source);
            case ResultEncoder.TRANSACTED -> transacted(source, depth);
            case ResultEncoder.REJECTED -> new CommandResult.Rejected(rejection(source));
            case ResultEncoder.DONE -> new CommandResult.Done(source.getVarint());
            case ResultEncoder.SESSION_OPENED ->
                new CommandResult.SessionOpened(coordination.session(source), source.getVarint());
            case ResultEncoder.SESSION_ENDED -> new CommandResult.SessionEnded(source.getVarint(), source.getVarint());
            case ResultEncoder.ACQUIRED -> acquired(source);
            case ResultEncoder.RELEASED -> new CommandResult.Released(source.getVarint());
            case ResultEncoder.PROCLAIMED -> new CommandResult.Proclaimed(source.getVarint());
            default -> throw source.corrupt("kind of result " + kind + " is unknown");
        };
    }

    private CommandResult acquired(ByteSource source) throws CorruptBytesException {
        LockEntry entry = CoordinationDecoder.truth(source, "presence of a hold") ? coordination.entry(source) : null;
        int position = source.getInt(Integer.MAX_VALUE, "place in a queue");
        int count = source.getCount(9, "holders of a lock");
        List<LockEntry> holders = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            holders.add(coordination.entry(source));
        }
        return new CommandResult.Acquired(entry, position, List.copyOf(holders), source.getVarint());
    }

    private CommandResult created(ByteSource source) throws CorruptBytesException {
        ZnodePath path = znodes.path(source);
        Znode znode = znodes.presentDetached(path, source);
        return new CommandResult.Created(path, znode, source.getVarint(), source.getVarint());
    }

    private CommandResult updated(ByteSource source) throws CorruptBytesException {
        ZnodePath path = znodes.path(source);
        Znode znode = znodes.presentDetached(path, source);
        int flags = source.getByte();
        if (flags > 3) {
            throw source.corrupt("flags of an update are " + flags + ", at most 3 is possible");
        }
        Znode previous = znodes.detached(path, source);
        return new CommandResult.Updated(path, znode, (flags & 1) != 0, (flags & 2) != 0, previous, source.getVarint());
    }

    private CommandResult deleted(ByteSource source) throws CorruptBytesException {
        ZnodePath path = znodes.path(source);
        long count = source.getVarint();
        return new CommandResult.Deleted(path, count, znodes.detached(path, source), source.getVarint());
    }

    private CommandResult found(ByteSource source) throws CorruptBytesException {
        ZnodePath path = znodes.path(source);
        return new CommandResult.Found(path, znodes.detached(path, source));
    }

    private CommandResult transacted(ByteSource source, int depth) throws CorruptBytesException {
        if (depth == ResultEncoder.MAX_DEPTH) {
            throw source.corrupt("a transaction's result stands inside another one");
        }
        int succeeded = source.getByte();
        if (succeeded > 1) {
            throw source.corrupt("success of a transaction is " + succeeded + ", 0 or 1 is expected");
        }
        long revision = source.getVarint();
        int count = source.getCount(2, "results of a transaction");
        List<CommandResult> results = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            results.add(result(source, depth + 1));
        }
        return new CommandResult.Transacted(succeeded == 1, List.copyOf(results), revision);
    }

    private static Rejection rejection(ByteSource source) throws CorruptBytesException {
        RejectReason reason = REASONS[source.getInt(REASONS.length - 1, "reason of a rejection")];
        String message = source.getText("message of a rejection");
        int count = source.getCount(2, "facts of a rejection");
        Map<String, String> facts = new HashMap<>();
        for (int i = 0; i < count; i++) {
            facts.put(source.getText("name of a fact"), source.getText("fact"));
        }
        return new Rejection(reason, message, facts);
    }
}
