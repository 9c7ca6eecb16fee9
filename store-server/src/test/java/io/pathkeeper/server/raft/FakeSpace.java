package io.pathkeeper.server.raft;

import io.pathkeeper.server.disk.SpaceLevel;
import io.pathkeeper.server.disk.SpaceView;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A disk whose level the test sets. */
final class FakeSpace implements SpaceView {
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile SpaceLevel level = SpaceLevel.ENOUGH;

    void set(SpaceLevel newLevel) {
        level = newLevel;
        listeners.forEach(Runnable::run);
    }

    @Override
    public SpaceLevel level() {
        return level;
    }

    @Override
    public SpaceLevel lookAgain() {
        return level;
    }

    @Override
    public boolean mayWrite() {
        return level != SpaceLevel.FULL;
    }

    @Override
    public void onLook(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }
}
