package io.pathkeeper.client.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How children are listed. By default: linearizable, pages of 100 names.
 *
 * <p>Immutable: every setter returns a changed copy.
 */
public final class ListOptions implements Cloneable {
    private static final ListOptions DEFAULTS = new ListOptions();

    private int pageSize = 100;
    private String pageToken = "";
    private String namePrefix = "";
    private String startAfter = "";
    private View view = View.NAME;
    private ValueFormat format = ValueFormat.TYPED;
    private Consistency consistency = Consistency.LINEARIZABLE;
    private long minRevision = 0;
    private Duration maxStaleness = Duration.ZERO;
    private @Nullable Duration timeout;

    private ListOptions() {}

    /** Returns the defaults. */
    public static ListOptions defaults() {
        return DEFAULTS;
    }

    /** Returns the defaults with {@link Consistency#LOCAL}: the fastest read, never older than what this client has seen. */
    public static ListOptions local() {
        return DEFAULTS.consistency(Consistency.LOCAL);
    }

    /** Returns the defaults with {@link Consistency#AT_LEAST} and the revision. */
    public static ListOptions atLeast(long minRevision) {
        return DEFAULTS.consistency(Consistency.AT_LEAST).minRevision(minRevision);
    }

    /**
     * Sets how many children a page has at most: 1 to 1,000. A page also ends at 1 MiB.
     *
     * @throws IllegalArgumentException when it is out of range
     */
    public ListOptions pageSize(int pageSize) {
        Checks.range("pageSize", pageSize, 1, 1_000);
        ListOptions copy = copy();
        copy.pageSize = pageSize;
        return copy;
    }

    /**
     * Sets the token of the page before; the other options must be as they were.
     */
    public ListOptions pageToken(String pageToken) {
        ListOptions copy = copy();
        copy.pageToken = pageToken;
        return copy;
    }

    /**
     * Lists only names that begin with this.
     */
    public ListOptions namePrefix(String namePrefix) {
        ListOptions copy = copy();
        copy.namePrefix = namePrefix;
        return copy;
    }

    /**
     * Lists only names behind this one.
     */
    public ListOptions startAfter(String startAfter) {
        ListOptions copy = copy();
        copy.startAfter = startAfter;
        return copy;
    }

    /**
     * Sets how much of each child is read; names only by default.
     */
    public ListOptions view(View view) {
        ListOptions copy = copy();
        copy.view = view;
        return copy;
    }

    /**
     * Sets the form of returned values; typed by default.
     */
    public ListOptions format(ValueFormat format) {
        ListOptions copy = copy();
        copy.format = format;
        return copy;
    }

    /**
     * Sets how the read relates to the writes before it; linearizable by default.
     */
    public ListOptions consistency(Consistency consistency) {
        ListOptions copy = copy();
        copy.consistency = consistency;
        return copy;
    }

    /**
     * Sets a revision that the answer must have reached. With {@link Consistency#AT_LEAST} and {@link Consistency#LOCAL} the client
     * raises it to what it has seen already, unless the client was built without monotonic reads.
     *
     * @throws IllegalArgumentException when it is negative
     */
    public ListOptions minRevision(long minRevision) {
        Checks.notNegative("minRevision", minRevision);
        ListOptions copy = copy();
        copy.minRevision = minRevision;
        return copy;
    }

    /**
     * With {@link Consistency#LOCAL}: refuses with {@code STALE} when the server has not heard from its leader for longer. Zero: no
     * bound.
     */
    public ListOptions maxStaleness(Duration maxStaleness) {
        ListOptions copy = copy();
        copy.maxStaleness = maxStaleness;
        return copy;
    }

    /**
     * Sets how long the call may take, retries included: 1 ms to 5 minutes. Without it the request timeout of the client counts.
     *
     * @throws IllegalArgumentException when it is out of range
     */
    public ListOptions timeout(Duration timeout) {
        Checks.timeout(timeout);
        ListOptions copy = copy();
        copy.timeout = timeout;
        return copy;
    }

    /** Returns how many children a page has at most. */
    public int pageSize() {
        return pageSize;
    }

    /** Returns the token of the page before; empty for the first page. */
    public String pageToken() {
        return pageToken;
    }

    /** Returns what the names begin with. */
    public String namePrefix() {
        return namePrefix;
    }

    /** Returns the name behind which the listing starts. */
    public String startAfter() {
        return startAfter;
    }

    /** Returns how much of each child is read. */
    public View view() {
        return view;
    }

    /** Returns the form of returned values. */
    public ValueFormat format() {
        return format;
    }

    /** Returns how the read relates to the writes before it. */
    public Consistency consistency() {
        return consistency;
    }

    /** Returns the revision that the answer must have reached; 0 when none was set. */
    public long minRevision() {
        return minRevision;
    }

    /** Returns the bound of staleness; zero when there is none. */
    public Duration maxStaleness() {
        return maxStaleness;
    }

    /** Returns the time limit of the call; null for the one of the client. */
    public @Nullable Duration timeout() {
        return timeout;
    }

    private ListOptions copy() {
        try {
            return (ListOptions) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}
