package io.pathkeeper.it.bench;

import java.nio.ByteBuffer;

/**
 * The few messages of ZooKeeper's protocol that open a session and keep it alive, after ConnectRequest, ConnectResponse, RequestHeader and ReplyHeader of ZooKeeper's zookeeper.jute. Every one
 * has its length in front.
 */
final class ZooKeeperWire {
    /** Bytes of the length in front. */
    static final int LENGTH = 4;

    private static final int PASSWORD = 16;
    private static final int PING_XID = -2;
    private static final int PING_TYPE = 11;

    private ZooKeeperWire() {}

    /** Asks for a new session. */
    static ByteBuffer connect(int timeoutMillis) {
        int bytes = 4 + 8 + 4 + 8 + 4 + PASSWORD + 1;
        ByteBuffer message = ByteBuffer.allocate(LENGTH + bytes).putInt(bytes);
        message.putInt(0).putLong(0).putInt(timeoutMillis).putLong(0); // protocol, last zxid seen, timeout, no session
        message.putInt(PASSWORD).put(new byte[PASSWORD]).put((byte) 0); // not read-only
        return message.flip();
    }

    /** Says that the client lives. */
    static ByteBuffer ping() {
        return ByteBuffer.allocate(LENGTH + 8)
                .putInt(8)
                .putInt(PING_XID)
                .putInt(PING_TYPE)
                .flip();
    }

    /** The timeout that the server grants in its answer to {@link #connect}, in milliseconds; 0 when it refuses. */
    static int grantedMillis(ByteBuffer answer) {
        return answer.getInt(answer.position() + 4);
    }

    /** Whether an answer is that to a ping. */
    static boolean isPing(ByteBuffer answer) {
        return answer.getInt(answer.position()) == PING_XID;
    }

    /** The length of the next message, without the length itself; -1 when that is not there yet. */
    static int nextLength(ByteBuffer received) {
        return received.remaining() < LENGTH ? -1 : received.getInt(received.position());
    }
}
