package io.pathkeeper.client.internal;

import io.pathkeeper.client.coordination.Leader;
import io.pathkeeper.client.coordination.LockHolder;
import io.pathkeeper.client.coordination.LockInfo;
import io.pathkeeper.client.coordination.LockMode;
import io.pathkeeper.client.coordination.LockRequest;
import io.pathkeeper.v1.Lock;
import io.pathkeeper.v1.LockEntry;

/** Writes locks and elections in the form of the wire, and reads them from it. */
final class CoordinationProto {
    private CoordinationProto() {}

    /**
     * Writes what is asked of a lock.
     *
     * @param holderId the holder id in place of the request's
     */
    static io.pathkeeper.v1.LockRequest lock(LockRequest request, String holderId) {
        return io.pathkeeper.v1.LockRequest.newBuilder()
                .setPath(request.path())
                .setSession(SessionProto.usableKey(request.session()))
                .setHolderId(holderId)
                .setMode(
                        switch (request.mode()) {
                            case EXCLUSIVE -> io.pathkeeper.v1.LockMode.LOCK_MODE_EXCLUSIVE;
                            case SHARED -> io.pathkeeper.v1.LockMode.LOCK_MODE_SHARED;
                            case PERMITS -> io.pathkeeper.v1.LockMode.LOCK_MODE_PERMITS;
                        })
                .setPermits(request.permits())
                .setMaxPermits(request.maxPermits())
                .setLockDelayMs(request.lockDelay().toMillis())
                .setNote(request.note())
                .build();
    }

    static LockInfo info(Lock lock) {
        return new LockInfo(
                lock.getPath(),
                lock.getHoldersList().stream().map(CoordinationProto::holder).toList(),
                lock.getWaitersList().stream().map(CoordinationProto::holder).toList(),
                lock.getWaiterCount(),
                lock.getMaxPermits(),
                lock.getElection());
    }

    private static LockHolder holder(LockEntry entry) {
        return new LockHolder(
                entry.getSessionId(),
                entry.getClientIdentity(),
                entry.getHolderId(),
                switch (entry.getMode()) {
                    case LOCK_MODE_SHARED -> LockMode.SHARED;
                    case LOCK_MODE_PERMITS -> LockMode.PERMITS;
                    default -> LockMode.EXCLUSIVE;
                },
                entry.getPermits(),
                entry.getToken(),
                entry.getQueuedRevision(),
                entry.getNote());
    }

    static Leader leader(io.pathkeeper.v1.Leader leader) {
        return new Leader(
                leader.getTerm(),
                leader.getSessionId(),
                leader.getCandidateId(),
                leader.getClientIdentity(),
                FromProto.value(leader.getData()),
                leader.getRevision());
    }
}
