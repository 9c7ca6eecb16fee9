package io.pathkeeper.server.disk;

/** What the parts of a server that write ask about its disk. Any thread; never waits. */
public interface SpaceView {
    /** A disk that never runs out. For tests. */
    SpaceView ENDLESS = new SpaceView() {
        @Override
        public SpaceLevel level() {
            return SpaceLevel.ENOUGH;
        }

        @Override
        public SpaceLevel lookAgain() {
            return SpaceLevel.ENOUGH;
        }

        @Override
        public boolean mayWrite() {
            return true;
        }

        @Override
        public void onLook(Runnable listener) {
            // nobody looks
        }

        @Override
        public void onChange(Runnable listener) {
            // nothing ever changes
        }
    };

    /** The level as it was found last. */
    SpaceLevel level();

    /** The level, looked at anew if that was not done in the last few milliseconds: for those who are about to write. */
    SpaceLevel lookAgain();

    /** Whether the log may be written now, looked at as by {@link #lookAgain}: not on a full disk, nor while somebody takes what is left. */
    boolean mayWrite();

    /** Runs a task on the disk's own thread behind every look of that thread, five times a second. It must not block for long. */
    void onLook(Runnable listener);

    /** Runs a task on the disk's own thread behind every change of the level. It must not block for long. */
    void onChange(Runnable listener);
}
