package io.pathkeeper.it.coordination;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.coordination.LockGrant;
import io.pathkeeper.client.coordination.LockRequest;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.model.SetOptions;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.session.PathkeeperSession;
import io.pathkeeper.client.session.SessionOptions;
import io.pathkeeper.client.session.SessionState;
import java.time.Duration;

/**
 * A program that takes a lock with the client library, writes under its guard ten times a second, and does not ask whether it still holds it. It says
 * HELD, WROTE, REFUSED with the reason, and LOST when the library tells it that the session is over, a line each. To be paused by somebody else.
 */
public final class HolderProgram {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final long PAUSE_MILLIS = 100;

    private HolderProgram() {}

    /** Arguments: addresses of the servers with commas, the lock, the znode to write. Runs until it is killed. */
    public static void main(String[] arguments) throws InterruptedException {
        String path = arguments[1];
        String value = arguments[2];
        try (PathkeeperClient client = PathkeeperClient.builder()
                        .servers(arguments[0].split(","))
                        .build();
                PathkeeperSession session =
                        client.sessions().open(SessionOptions.defaults().timeout(TIMEOUT))) {
            LockGrant grant = client.locks().acquire(LockRequest.exclusive(path, session));
            session.addListener((lost, state) -> {
                if (state == SessionState.LOST) {
                    say("LOST session " + lost.state() + ", lock held " + grant.isHeld());
                }
            });
            say("HELD token " + grant.token());
            SetOptions guarded = SetOptions.defaults().allowMissing(true).guards(grant.guards());
            for (int i = 0; true; i++) {
                try {
                    say("WROTE revision "
                            + client.store().set(value, Value.of(i), guarded).revision());
                } catch (PathkeeperException e) {
                    say("REFUSED " + e.reason() + " " + e.getMessage());
                }
                Thread.sleep(PAUSE_MILLIS); // the pace of the writes; nothing is waited for
            }
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
