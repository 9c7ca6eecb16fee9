package io.pathkeeper.it.bench;

import java.time.Duration;
import java.util.List;

/** A store without servers, of which a test says what it does. */
abstract class FakeStore implements Store {
    @Override
    public String name() {
        return "a fake";
    }

    @Override
    public void start() {}

    @Override
    public void load(Znodes znodes) {}

    @Override
    public List<Operation> operations(Workload workload, Znodes znodes, int outstanding) {
        throw new UnsupportedOperationException("this test makes no calls");
    }

    @Override
    public Writer writer() {
        throw new UnsupportedOperationException("this test writes nothing");
    }

    @Override
    public Observers observe(String path, int count, int connections, Observers.Sink sink) {
        throw new UnsupportedOperationException("this test observes nothing");
    }

    @Override
    public SessionCrowd sessions(Duration timeout, int connections, int perMessage) {
        throw new UnsupportedOperationException("this test opens no sessions");
    }

    @Override
    public int leader() {
        throw new UnsupportedOperationException("this test asks for no leader");
    }

    @Override
    public void kill(int server) {
        throw new UnsupportedOperationException("this test kills nothing");
    }

    @Override
    public void launch(int server) {
        throw new UnsupportedOperationException("this test starts nothing again");
    }

    @Override
    public void awaitServing(int server) {
        throw new UnsupportedOperationException("this test waits for no server");
    }

    @Override
    public FreshZnodes fresh() {
        return new FreshZnodes();
    }

    @Override
    public List<Long> serverPids() {
        return List.of();
    }

    @Override
    public void close() {}
}
