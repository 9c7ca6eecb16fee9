package io.pathkeeper.it.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * ZooKeeper's sessions in its own protocol, by one thread: its client has two threads for each session, and shares nothing between them. A session is a connection; one whose server has
 * closed it, as servers do with sessions that are over, is over.
 *
 * <p>All fields of connections belong to the thread. Life: made, {@link #open}, {@link #silence}, closed.
 */
final class ZooKeeperSessions implements SessionCrowd {
    private static final int MESSAGE_BYTES = 256;
    private static final long OPEN_SECONDS = 300;

    private final List<InetSocketAddress> servers;
    private final Duration timeout;
    private final Selector selector;
    private final AtomicLong renewed = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong alive = new AtomicLong();
    private final AtomicReference<@Nullable String> firstLoss = new AtomicReference<>();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final List<Connection> opened = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "zookeeper-sessions");
    private volatile CountDownLatch toOpen = new CountDownLatch(0);
    private volatile boolean silent;
    private volatile boolean stopping;
    private int wanted;
    private int begun;

    private static final class Connection {
        private final ByteBuffer received = ByteBuffer.allocate(MESSAGE_BYTES);
        private final SocketChannel channel;
        private boolean isOpen;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }
    }

    ZooKeeperSessions(List<Integer> ports, Duration timeout) throws IOException {
        this.servers = ports.stream()
                .map(port -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .toList();
        this.timeout = timeout;
        this.selector = Selector.open();
        thread.setDaemon(true);
    }

    @Override
    public void open(int count) throws Exception {
        wanted = count;
        CountDownLatch all = new CountDownLatch(count);
        toOpen = all;
        thread.start();
        boolean open = all.await(OPEN_SECONDS, TimeUnit.SECONDS);
        Exception error = failure.get();
        if (error != null) {
            throw error;
        }
        if (!open) {
            throw new IllegalStateException(all.getCount() + " of " + count
                    + " sessions of ZooKeeper were not opened within " + OPEN_SECONDS + " s");
        }
    }

    private void run() {
        Turns turns = new Turns(Math.max(1, wanted), timeout.toNanos() / 3, System.nanoTime());
        try {
            while (!stopping) {
                while (begun < wanted && begun - opened.size() < OPENING) {
                    begin();
                }
                if (!silent) {
                    ping(turns);
                }
                selector.select(1);
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.attachment() instanceof Connection connection) {
                        serve(key, connection);
                    }
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException | RuntimeException e) {
            failure.compareAndSet(null, e);
            while (toOpen.getCount() > 0) {
                toOpen.countDown();
            }
        }
    }

    private void begin() throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        boolean connected = channel.connect(servers.get(begun % servers.size()));
        Connection connection = new Connection(channel);
        channel.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, connection);
        begun++;
        if (connected) {
            greet(connection);
        }
    }

    private void greet(Connection connection) throws IOException {
        connection.channel.write(ZooKeeperWire.connect((int) timeout.toMillis()));
    }

    private void ping(Turns turns) throws IOException {
        for (int next = turns.next(System.nanoTime()); next >= 0; next = turns.next(System.nanoTime())) {
            if (next < opened.size() && opened.get(next).isOpen) {
                // twelve bytes, while the answer to those before is awaited for seconds: the socket has room for them
                opened.get(next).channel.write(ZooKeeperWire.ping());
            }
        }
    }

    private void serve(SelectionKey key, Connection connection) throws IOException {
        if (key.isConnectable()) {
            connection.channel.finishConnect();
            key.interestOps(SelectionKey.OP_READ);
            greet(connection);
            return;
        }
        int count;
        try {
            count = connection.channel.read(connection.received);
        } catch (IOException e) {
            count = -1;
        }
        if (count < 0) {
            over(key, connection);
            return;
        }
        connection.received.flip();
        for (int length = ZooKeeperWire.nextLength(connection.received);
                length >= 0 && connection.received.remaining() >= ZooKeeperWire.LENGTH + length;
                length = ZooKeeperWire.nextLength(connection.received)) {
            int end = connection.received.position() + ZooKeeperWire.LENGTH + length;
            connection.received.position(connection.received.position() + ZooKeeperWire.LENGTH);
            take(connection);
            connection.received.position(end);
        }
        connection.received.compact();
    }

    private void take(Connection connection) throws IOException {
        if (!connection.isOpen) {
            int granted = ZooKeeperWire.grantedMillis(connection.received);
            if (granted != timeout.toMillis()) {
                throw new IOException("ZooKeeper grants a timeout of " + granted + " ms instead of "
                        + timeout.toMillis() + ": it allows 4 s to 40 s");
            }
            connection.isOpen = true;
            opened.add(connection);
            alive.incrementAndGet();
            toOpen.countDown();
        } else if (ZooKeeperWire.isPing(connection.received)) {
            renewed.incrementAndGet();
        }
    }

    private void over(SelectionKey key, Connection connection) throws IOException {
        key.cancel();
        connection.channel.close();
        if (!connection.isOpen) {
            throw new IOException("a ZooKeeper server closed a connection instead of opening a session");
        }
        connection.isOpen = false;
        alive.decrementAndGet();
        if (!silent) {
            lost.incrementAndGet();
            firstLoss.compareAndSet(null, "its server closed the connection");
        }
    }

    @Override
    public long renewedCount() {
        return renewed.get();
    }

    @Override
    public long lostCount() {
        return lost.get();
    }

    @Override
    public String firstLoss() {
        String why = firstLoss.get();
        return why == null ? "" : why;
    }

    @Override
    public void silence() {
        silent = true;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException when the thread has failed
     */
    @Override
    public int aliveCount() {
        Exception error = failure.get();
        if (error != null) {
            throw new IllegalStateException("the connections to ZooKeeper: " + error.getMessage(), error);
        }
        return (int) alive.get();
    }

    @Override
    public void close() {
        stopping = true;
        selector.wakeup();
        try {
            thread.join();
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
