package io.pathkeeper.it.fault.cluster;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What the other servers dial in place of a server. Bytes are held while their way is cut, and go on when it is open again, as with a network that sends again what was lost; a delay
 * holds each piece that was read, so it is once to twice what was asked for. Two threads a connection.
 */
final class PeerProxy implements AutoCloseable {
    private static final int BUFFER = 64 << 10;
    private static final int BACKLOG = 50;

    private final ServerSocket listening;
    private final InetSocketAddress target;
    private final int server;
    private final ProxyPaths paths;
    private final SocketOwner owners;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(run -> {
        Thread thread = new Thread(run, "peer-proxy");
        thread.setDaemon(true);
        return thread;
    });

    PeerProxy(int port, int targetPort, int server, ProxyPaths paths, SocketOwner owners) {
        this.target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
        this.server = server;
        this.paths = paths;
        this.owners = owners;
        try {
            listening = new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    @Override
    public void close() {
        closeQuietly(listening);
        threads.shutdownNow();
        sockets.forEach(PeerProxy::closeQuietly);
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket dialled = listening.accept();
                sockets.add(dialled);
                threads.execute(() -> connect(dialled));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void connect(Socket dialled) {
        Socket onward = new Socket();
        sockets.add(onward);
        OptionalInt from = owners.of(dialled.getPort(), listening.getLocalPort());
        if (from.isEmpty()) {
            end(dialled, onward); // whoever it was has gone
            return;
        }
        int dialling = from.getAsInt();
        try {
            paths.connect(dialling, server);
            dialled.setTcpNoDelay(true);
            onward.setTcpNoDelay(true);
            onward.connect(target);
            threads.execute(() -> copy(onward, dialled, server, dialling));
            copy(dialled, onward, dialling, server);
        } catch (IOException e) {
            end(dialled, onward); // there is no server now
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end(dialled, onward);
        }
    }

    private void copy(Socket source, Socket sink, int from, int to) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = source.getInputStream();
            int count;
            do {
                count = in.read(buffer);
                paths.pass(from, to); // an end of the stream is held like everything else
                if (count > 0) {
                    sink.getOutputStream().write(buffer, 0, count);
                }
            } while (count >= 0);
        } catch (IOException e) {
            // ended by either side; both are closed below
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end(source, sink);
        }
    }

    private void end(Socket one, Socket other) {
        closeQuietly(one);
        closeQuietly(other);
        sockets.remove(one);
        sockets.remove(other);
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            // it is of no use any more
        }
    }
}
