package io.pathkeeper.server.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Where a listing goes on: opaque text for clients. Holds a format version, the revision that all pages show, a hash of the
 * listing's parameters, the last name given out and the member that keeps the revision, under a checksum that the cluster's
 * identity goes into.
 *
 * @param revision revision of all pages
 * @param query hash of what is listed ({@link #query})
 * @param lastName name behind which the next page begins
 * @param memberId server that made the token
 */
record PageToken(long revision, long query, byte[] lastName, String memberId) {
    private static final byte VERSION = 1;
    private static final int HEADER = 1 + 8 + 8 + 2;
    private static final int MOST_CHARS = 2048;

    /** The text for the client. */
    String encode(String clusterId) {
        byte[] member = memberId.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(HEADER + lastName.length + member.length + 4);
        out.put(VERSION).putLong(revision).putLong(query).putShort((short) lastName.length);
        out.put(lastName).put(member);
        out.putInt(checksum(out.array(), out.position(), clusterId));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(out.array());
    }

    /** Reads a client's text; null when it is none of ours. */
    static @Nullable PageToken decode(String text, String clusterId) {
        if (text.length() > MOST_CHARS) {
            return null;
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
        int body = bytes.length - 4;
        if (body < HEADER || bytes[0] != VERSION) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.getInt(body) != checksum(bytes, body, clusterId)) {
            return null;
        }
        in.get();
        long revision = in.getLong();
        long query = in.getLong();
        int length = in.getShort() & 0xffff;
        if (length > body - HEADER) {
            return null;
        }
        byte[] name = new byte[length];
        in.get(name);
        String member = new String(bytes, HEADER + length, body - HEADER - length, StandardCharsets.UTF_8);
        return new PageToken(revision, query, name, member);
    }

    /** Hash of a listing's parameters: the same for all pages of one listing. */
    static long query(byte[] path, byte[] prefix, byte[] startAfter) {
        long hash = 0xcbf29ce484222325L;
        for (byte[] part : new byte[][] {path, prefix, startAfter}) {
            for (byte b : part) {
                hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
            }
            hash = (hash ^ 0x100) * 0x100000001b3L; // no byte has this value: parts do not run together
        }
        return hash;
    }

    private static int checksum(byte[] bytes, int length, String clusterId) {
        CRC32C crc = new CRC32C();
        crc.update(clusterId.getBytes(StandardCharsets.UTF_8));
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
