package io.pathkeeper.it.cluster;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A piece of network in front of a server that can become a black hole: connections stay open and new ones are accepted, but no byte comes through in
 * either direction, nor a refusal. Two threads a connection. Safe to use from any thread; close it at the end.
 */
public final class SwallowingProxy implements AutoCloseable {
    private final ServerSocket listening;
    private final InetSocketAddress target;
    private final ExecutorService threads = Executors.newCachedThreadPool(run -> {
        Thread thread = new Thread(run, "swallowing-proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean swallowing;

    /** Listens on a free port of this machine in front of {@code host:port}, and lets everything through. */
    public SwallowingProxy(String target) {
        int colon = target.lastIndexOf(':');
        this.target = new InetSocketAddress(target.substring(0, colon), Integer.parseInt(target.substring(colon + 1)));
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** The address to dial instead of the server's. */
    public String address() {
        return "127.0.0.1:" + listening.getLocalPort();
    }

    /** From now on every byte is lost. */
    public void swallow() {
        swallowing = true;
    }

    /** Lets new connections through again; those that lost bytes are cut. */
    public void heal() {
        swallowing = false;
        sockets.forEach(SwallowingProxy::closeQuietly);
    }

    @Override
    public void close() {
        closeQuietly(listening);
        sockets.forEach(SwallowingProxy::closeQuietly);
        threads.shutdownNow();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                sockets.add(client);
                threads.execute(() -> connect(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        sockets.add(server);
        try {
            if (!swallowing) {
                server.connect(target);
                threads.execute(() -> copy(server, client));
            }
            copy(client, server);
        } catch (IOException e) {
            end(client, server); // there is no server now
        }
    }

    private void copy(Socket from, Socket to) {
        byte[] buffer = new byte[16 << 10];
        try {
            InputStream in = from.getInputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (!swallowing) {
                    OutputStream out = to.getOutputStream();
                    out.write(buffer, 0, count);
                    out.flush();
                }
            }
        } catch (IOException e) {
            // ended by either side or by the test; both are closed below
        } finally {
            end(from, to);
        }
    }

    private void end(Socket one, Socket other) {
        if (!swallowing) { // an end is lost in the hole like everything else
            closeQuietly(one);
            closeQuietly(other);
            sockets.remove(one);
            sockets.remove(other);
        }
    }

    private static void closeQuietly(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            // it is of no use any more
        }
    }
}
