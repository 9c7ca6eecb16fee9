package io.pathkeeper.client.internal;

import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.model.BackupEnd;
import io.pathkeeper.client.model.BackupInfo;
import io.pathkeeper.client.model.BackupPart;
import io.pathkeeper.client.model.BackupSummary;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Writes a backup part by part: the next one is asked for when one is written. Callbacks put in, one other thread takes out; the queue holds two parts and
 * one end at most, since no more is asked for.
 */
final class BackupDownload implements Flow.Subscriber<BackupPart> {
    private record Failure(Throwable error) {}

    private final BlockingQueue<Object> arrived = new LinkedBlockingQueue<>();
    private final OutputStream out;
    private final MessageDigest digest = sha256();
    private volatile Flow.@Nullable Subscription subscription;
    private @Nullable BackupInfo info;
    private long bytes;

    BackupDownload(OutputStream out) {
        this.out = out;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription started) {
        subscription = started;
        started.request(2);
    }

    @Override
    public void onNext(BackupPart part) {
        arrived.add(part);
    }

    @Override
    public void onError(Throwable error) {
        arrived.add(new Failure(error));
    }

    @Override
    public void onComplete() {
        // the last part tells it
    }

    /** Waits for the end of the backup and writes what comes until then. */
    BackupSummary write() throws IOException {
        try {
            while (true) {
                Object next = arrived.take();
                if (!(next instanceof BackupPart part)) {
                    throw failed(((Failure) next).error());
                }
                BackupEnd end = take(part);
                if (end != null) {
                    return finished(end);
                }
                ask();
            }
        } catch (InterruptedException e) {
            throw BlockingStore.interrupted(e);
        } finally {
            Flow.Subscription running = subscription;
            if (running != null) {
                running.cancel();
            }
        }
    }

    private void ask() {
        Flow.Subscription running = subscription;
        if (running != null) {
            running.request(1);
        }
    }

    private @Nullable BackupEnd take(BackupPart part) throws IOException {
        if (part.info() != null) {
            info = part.info();
        }
        ByteBuffer buffer = part.bytes();
        byte[] chunk = new byte[buffer.remaining()];
        buffer.get(chunk);
        out.write(chunk);
        digest.update(chunk);
        bytes += chunk.length;
        return part.end();
    }

    private BackupSummary finished(BackupEnd end) throws IOException {
        BackupInfo known = info;
        if (known == null) {
            throw new IOException("the backup does not say what it is: take it again");
        }
        String computed = HexFormat.of().formatHex(digest.digest());
        if (end.fileBytes() != bytes || !end.sha256().equals(computed)) {
            throw new IOException("the backup was damaged on its way: the server sent " + end.fileBytes()
                    + " bytes with checksum " + end.sha256() + ", " + bytes + " bytes with checksum " + computed
                    + " arrived: take it again");
        }
        return new BackupSummary(known, end);
    }

    private static RuntimeException failed(Throwable error) {
        if (error instanceof PathkeeperException failure) {
            failure.fillInStackTrace();
            return failure;
        }
        return new IllegalStateException("the backup failed in an unknown way", error);
    }
}
