package io.pathkeeper.it.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/**
 * Observers by ZooKeeper's own client: each a persistent recursive watch, which tells a path, and a read of the value behind each event. A session has one watch of a path at a server however
 * often it asks, so each observer is a session with a connection.
 *
 * <p>Life: made and opened by one thread, closed by it; events come in the clients' threads.
 */
final class ZooKeeperObservers implements Observers {
    private static final int SESSION_MILLIS = 30_000;
    private static final long STAND_SECONDS = 180;

    private final Sink sink;
    private final List<ZooKeeper> sessions = new ArrayList<>();
    private final CountDownLatch standing;
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
    private volatile boolean closing;

    private ZooKeeperObservers(Sink sink, int count) {
        this.sink = sink;
        this.standing = new CountDownLatch(count);
    }

    /**
     * Opens them, dealt out to the servers in turn, and waits until all stand.
     *
     * @throws IllegalStateException when one does not
     */
    static ZooKeeperObservers open(List<Integer> ports, String path, int count, Sink sink) throws Exception {
        ZooKeeperObservers observers = new ZooKeeperObservers(sink, count);
        for (int i = 0; i < count; i++) {
            observers.sessions.add(observers.session(ports.get(i % ports.size()), path));
        }
        boolean stand = observers.standing.await(STAND_SECONDS, TimeUnit.SECONDS);
        String error = observers.failure.get();
        if (!stand || error != null) {
            observers.close();
            throw new IllegalStateException(
                    error != null
                            ? error
                            : observers.standing.getCount() + " of " + count + " observers did not stand within "
                                    + STAND_SECONDS + " s");
        }
        return observers;
    }

    private ZooKeeper session(int port, String path) throws Exception {
        Session session = new Session(path);
        ZooKeeper connection = new ZooKeeper("127.0.0.1:" + port, SESSION_MILLIS, session);
        session.use(connection);
        return connection;
    }

    private void tellOver(String why) {
        if (!closing) {
            failure.compareAndSet(null, why);
            standing.countDown();
            sink.broken(why);
        }
    }

    @Override
    public void close() {
        closing = true;
        // asked all at once: each of them waits for its answer
        sessions.parallelStream().forEach(session -> {
            try {
                session.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** One of them; called by the event thread of its connection, but for {@link #use}. */
    private final class Session implements Watcher {
        private final String path;
        private final CountDownLatch known = new CountDownLatch(1);
        private volatile @Nullable ZooKeeper connection;
        private boolean asked;
        private boolean over;

        Session(String path) {
            this.path = path;
        }

        void use(ZooKeeper connection) {
            this.connection = connection;
            known.countDown();
        }

        /** The connection may tell of itself before its constructor has returned. */
        private ZooKeeper connection() {
            try {
                known.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            ZooKeeper now = connection;
            if (now == null) {
                throw new IllegalStateException("the observer was never used");
            }
            return now;
        }

        @Override
        public void process(WatchedEvent event) {
            if (event.getState() == KeeperState.Disconnected || event.getState() == KeeperState.Expired) {
                over("an observer of ZooKeeper is " + event.getState());
            } else if (event.getType() == EventType.NodeDataChanged) {
                read(event.getPath());
            } else if (event.getState() == KeeperState.SyncConnected && !asked) {
                asked = true;
                connection()
                        .addWatch(
                                path,
                                this,
                                AddWatchMode.PERSISTENT_RECURSIVE,
                                (code, at, context) -> {
                                    if (code == 0) {
                                        standing.countDown();
                                    } else {
                                        over("a watch was refused: " + Code.get(code));
                                    }
                                },
                                null);
            }
        }

        private void over(String why) {
            if (!over) {
                over = true;
                tellOver(why);
            }
        }

        private void read(String changed) {
            connection()
                    .getData(
                            changed,
                            false,
                            (code, at, context, data, stat) -> {
                                if (code == 0) {
                                    sink.changed(data);
                                } else {
                                    over("a value was not read: " + Code.get(code));
                                }
                            },
                            null);
        }
    }
}
