package io.pathkeeper.pathctl.transfer;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** What a transfer did. Counters may be advanced by any thread. */
public final class TransferSummary {
    /** Why an entry was left out, as a small closed set for counting. */
    public enum LeftOut {
        /** The name cannot be a name in a path. */
        NAME("names that no path may have"),
        /** The path would be too long or too deep. */
        PATH("paths that are too long or too deep"),
        /** The value is larger than the store takes. */
        SIZE("values over the limit"),
        /** A socket, a pipe or a device. */
        SPECIAL("sockets, pipes and devices"),
        /** It could not be read. */
        UNREADABLE("unreadable"),
        /** The store refused it. */
        REFUSED("refused by the store"),
        /** It belongs to a session at its source. */
        EPHEMERAL("ephemeral znodes"),
        /** The value has no form as a file: a value beside children. */
        FORM("values beside children, which a directory cannot hold");

        private final String meaning;

        LeftOut(String meaning) {
            this.meaning = meaning;
        }

        /** Returns the reason in words, plural. */
        public String meaning() {
            return meaning;
        }
    }

    final AtomicLong directories = new AtomicLong();
    final AtomicLong files = new AtomicLong();
    final AtomicLong symlinks = new AtomicLong();
    final AtomicLong znodes = new AtomicLong();
    final AtomicLong bytes = new AtomicLong();
    final AtomicLong created = new AtomicLong();
    final AtomicLong updated = new AtomicLong();
    final AtomicLong unchanged = new AtomicLong();
    final AtomicLong deleted = new AtomicLong();
    private final Map<LeftOut, Long> leftOut = new TreeMap<>();

    /** One more entry was left out. */
    synchronized void leaveOut(LeftOut reason) {
        leftOut.merge(reason, 1L, Long::sum);
    }

    /** Counts a znode that would be created, or else would get another value. */
    public void count(boolean create) {
        (create ? created : updated).incrementAndGet();
    }

    /** Returns how many entries were left out, by reason. */
    public synchronized Map<LeftOut, Long> leftOut() {
        return new TreeMap<>(leftOut);
    }

    /** Returns how many entries were left out in all. */
    public synchronized long leftOutCount() {
        return leftOut.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Returns how many directories were carried, the root included. */
    public long directories() {
        return directories.get();
    }

    /** Returns how many files were carried. */
    public long files() {
        return files.get();
    }

    /** Returns how many symlinks were carried. */
    public long symlinks() {
        return symlinks.get();
    }

    /** Returns how many znodes of a typed subtree were carried. */
    public long znodes() {
        return znodes.get();
    }

    /** Returns the bytes of all files carried. */
    public long bytes() {
        return bytes.get();
    }

    /** Returns how many znodes were created. */
    public long created() {
        return created.get();
    }

    /** Returns how many znodes got another value. */
    public long updated() {
        return updated.get();
    }

    /** Returns how many znodes had the value already. */
    public long unchanged() {
        return unchanged.get();
    }

    /** Returns how many znodes were deleted because their files are gone. */
    public long deleted() {
        return deleted.get();
    }
}
