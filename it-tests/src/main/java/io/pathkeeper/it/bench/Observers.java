package io.pathkeeper.it.bench;

/** Observers of one subtree that all stand, until they are closed. */
interface Observers extends AutoCloseable {
    /** Is told what the observers see; called by many threads. */
    interface Sink {
        /** An observer has learnt that a znode has this value. */
        void changed(byte[] value);

        /** An observer is over that was not closed. */
        void broken(String error);
    }

    @Override
    void close();
}
