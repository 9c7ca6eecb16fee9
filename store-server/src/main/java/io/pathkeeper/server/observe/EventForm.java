package io.pathkeeper.server.observe;

/**
 * How an event is told. Observers with the same form share encoded events.
 *
 * @param view how much of the znode
 * @param previous whether updates and deletions carry the znode as it was before
 * @param values the form of the values
 */
public record EventForm(View view, boolean previous, ValueForm values) {
    /** Number of different forms; {@link #index} is below it. */
    public static final int COUNT = View.values().length * 2 * ValueForm.values().length;

    /** How much of the znode an event tells. */
    public enum View {
        /** Type, path and revision. */
        NAME,
        /** The stat, too. */
        STAT,
        /** The value, too. */
        VALUE
    }

    /** The form of the values. */
    public enum ValueForm {
        /** Typed. */
        VALUE,
        /** JSON text. */
        JSON,
        /** Raw bytes. */
        RAW
    }

    /** A small number for this form, from 0. */
    public int index() {
        return (view.ordinal() * 2 + (previous ? 1 : 0)) * ValueForm.values().length + values.ordinal();
    }
}
