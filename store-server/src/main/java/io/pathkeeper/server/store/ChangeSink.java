package io.pathkeeper.server.store;

import io.pathkeeper.server.state.RevisionChanges;
import java.util.List;

/** Is told what was published. Called on the apply thread: must hand over and return. */
public interface ChangeSink {
    /** These changes are in the published view and in the history now; ascending revisions, never empty. */
    void published(List<RevisionChanges> changes);

    /** Whether anybody waits for changes now: this server then asks to be told of commits at once. Any thread. */
    default boolean isObserved() {
        return false;
    }

    /** A snapshot replaced the whole state: the history starts anew and revisions may have been jumped over. */
    void replaced();

    /** A sink that tells this one and then the other one. */
    default ChangeSink and(ChangeSink other) {
        ChangeSink first = this;
        return new ChangeSink() {
            @Override
            public void published(List<RevisionChanges> changes) {
                first.published(changes);
                other.published(changes);
            }

            @Override
            public boolean isObserved() {
                return first.isObserved() || other.isObserved();
            }

            @Override
            public void replaced() {
                first.replaced();
                other.replaced();
            }
        };
    }
}
