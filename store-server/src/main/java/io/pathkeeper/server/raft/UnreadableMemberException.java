package io.pathkeeper.server.raft;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a member has on its disk cannot be made into a state. The message says what is missing or damaged. */
public final class UnreadableMemberException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreadableMemberException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
