package io.pathkeeper.pathctl.text;

import io.pathkeeper.client.model.Stat;
import io.pathkeeper.client.model.Value;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The stat of a znode as JSON and as lines. Field names are those of the API; times are UTC, ISO 8601. */
public final class StatView {
    private StatView() {}

    /** Returns the stat as a map. */
    public static Value value(Stat stat) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("kind", Value.of(Kinds.kind(stat.kind())));
        fields.put("version", Value.of(stat.version()));
        fields.put("created_revision", Value.of(stat.createdRevision()));
        fields.put("modified_revision", Value.of(stat.modifiedRevision()));
        fields.put("children_revision", Value.of(stat.childrenRevision()));
        fields.put("created_at", Value.of(stat.createdAt().toString()));
        fields.put("modified_at", Value.of(stat.modifiedAt().toString()));
        fields.put("children_version", Value.of(stat.childrenVersion()));
        fields.put("acl_version", Value.of(stat.aclVersion()));
        fields.put("acl_revision", Value.of(stat.aclRevision()));
        fields.put("data_bytes", Value.of(stat.dataBytes()));
        fields.put("child_count", Value.of(stat.childCount()));
        fields.put("descendant_count", Value.of(stat.descendantCount()));
        fields.put("next_sequence", Value.of(stat.nextSequence()));
        if (!stat.ttl().isZero()) {
            fields.put("ttl_ms", Value.of(stat.ttl().toMillis()));
        }
        if (stat.ownerSession() != 0) {
            fields.put("owner_session", Value.of(stat.ownerSession()));
            fields.put("owner_identity", Value.of(stat.ownerIdentity()));
        }
        fields.put("content_hash", Value.of(hash(stat.contentHash())));
        return Value.of(fields);
    }

    /** Prints the stat, a field a line. */
    public static void print(PrintStream out, String path, Stat stat) {
        line(out, "path", path);
        value(stat)
                .asMap()
                .forEach((name, field) ->
                        line(out, name, field.type() == Value.Type.STRING ? field.asString() : field.toJson()));
    }

    /** Returns a 64-bit hash as 16 hexadecimal digits. */
    public static String hash(long hash) {
        return String.format(Locale.ROOT, "%016x", hash);
    }

    private static void line(PrintStream out, String name, String field) {
        out.printf("%-18s %s%n", name, PathText.printable(field));
    }
}
