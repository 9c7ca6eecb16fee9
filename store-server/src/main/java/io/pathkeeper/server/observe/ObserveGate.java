package io.pathkeeper.server.observe;

import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.tree.ZnodePath;
import org.jspecify.annotations.Nullable;

/** What an observer may be told. Port. Asked on the thread of a loop for every event and znode; never blocks. */
public interface ObserveGate {
    /** Lets everything pass. */
    ObserveGate OPEN = new ObserveGate() {
        @Override
        public Object rules() {
            return this;
        }

        @Override
        public @Nullable Rejection refusal() {
            return null;
        }

        @Override
        public boolean shows(ZnodePath path) {
            return true;
        }
    };

    /** What stands for the present rules: another object when they have changed. */
    Object rules();

    /** Why the observation must end now; null when it may go on. */
    @Nullable
    Rejection refusal();

    /** Whether what is at a path may be shown. */
    boolean shows(ZnodePath path);
}
