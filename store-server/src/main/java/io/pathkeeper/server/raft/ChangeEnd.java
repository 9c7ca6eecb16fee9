package io.pathkeeper.server.raft;

import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.StoreFailure;

/** How a change of the members ended. */
sealed interface ChangeEnd {
    /** It is done. */
    record Done() implements ChangeEnd {}

    /** Refused; nothing has changed. */
    record Rejected(Rejection rejection) implements ChangeEnd {}

    /** Not carried out, or nobody knows. */
    record Failed(StoreFailure failure) implements ChangeEnd {}

    /** This server does not lead, or not any more: nothing has changed, the leader has to do it. */
    record Elsewhere() implements ChangeEnd {}
}
