package io.pathkeeper.pathctl.migrate;

import io.pathkeeper.pathctl.transfer.TransferSummary.LeftOut;
import java.util.List;

/** Where a migration reads. One thread; a broken connection is waited for as long as the time limit says. */
interface Source extends AutoCloseable {
    /** Gets what a walk finds. */
    interface Visitor {
        /** A few entries, parents before children. */
        void entries(List<SourceEntry> batch) throws InterruptedException;

        /** Something that is not carried; what is below it is left out, too, when {@code subtree} says so. */
        void leaveOut(LeftOut reason, String name, String why);

        /** Something is carried but for a part of it, which has no form here. */
        void note(Note note, String name);

        /** Returns whether a path can be had here; names it when not. */
        boolean accepts(String name, String path);

        /** Returns whether the value that these bytes become is carried: whether it is small enough. */
        boolean takes(byte[] data);
    }

    /** What is not carried of an entry that is. */
    enum Note {
        /** Access rules of its own. */
        ACL("had access rules of their own, which are not carried: give rights with pathctl auth roles"),
        /** It was listed and gone when it was read. */
        VANISHED("were deleted at the source while it was read");

        private final String meaning;

        Note(String meaning) {
            this.meaning = meaning;
        }

        String meaning() {
            return meaning;
        }
    }

    /** Returns what it is, for messages. */
    String title();

    /** Reads everything once, in memory that does not grow with the tree but for the children of one znode. */
    void walk(Visitor visitor) throws InterruptedException;

    /** Returns which of these paths of the target, 100 at most, something at the source stands for. */
    List<Boolean> present(List<String> paths) throws InterruptedException;

    @Override
    void close();
}
