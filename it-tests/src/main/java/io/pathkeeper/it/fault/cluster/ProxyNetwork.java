package io.pathkeeper.it.fault.cluster;

import io.pathkeeper.it.process.FreePorts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All servers on the loopback address; the others reach each through a proxy, which knows who dials. Needs no privilege. */
final class ProxyNetwork implements Network {
    private static final int PORTS = 4;

    private final List<Place> places = new ArrayList<>();
    private final List<PeerProxy> proxies = new ArrayList<>();
    private final ProxyPaths paths;
    private final SocketOwner owners;

    ProxyNetwork(int servers) {
        paths = new ProxyPaths(servers);
        owners = new SocketOwner(servers);
        List<Integer> ports = FreePorts.find(PORTS * servers);
        for (int i = 0; i < servers; i++) {
            int raft = ports.get(PORTS * i + 1);
            int proxied = ports.get(PORTS * i + 2);
            places.add(new Place(
                    "127.0.0.1:" + ports.get(PORTS * i),
                    "127.0.0.1:" + raft,
                    "127.0.0.1:" + proxied,
                    "127.0.0.1:" + ports.get(PORTS * i + 3)));
            proxies.add(new PeerProxy(proxied, raft, i, paths, owners));
        }
    }

    @Override
    public String name() {
        return "proxy";
    }

    @Override
    public Place place(int server) {
        return places.get(server);
    }

    @Override
    public List<String> placed(int server, List<String> command) {
        return command;
    }

    @Override
    public void started(int server, long pid) {
        owners.started(server, pid);
    }

    @Override
    public void cutOneWay(int from, int to) {
        paths.cutOneWay(from, to);
    }

    @Override
    public Optional<String> whyNoDelay() {
        return Optional.empty();
    }

    @Override
    public void delay(int server, Duration delay) {
        paths.delay(server, delay);
    }

    @Override
    public Optional<String> whyNoLoss() {
        return Optional.of("a proxy has no packets to lose; --network namespaces can");
    }

    @Override
    public void lose(int server, double share) {
        throw new UnsupportedOperationException("a proxy has no packets to lose");
    }

    @Override
    public long hindered() {
        return paths.hindered();
    }

    @Override
    public void heal() {
        paths.heal();
    }

    @Override
    public void close() {
        proxies.forEach(PeerProxy::close);
    }
}
