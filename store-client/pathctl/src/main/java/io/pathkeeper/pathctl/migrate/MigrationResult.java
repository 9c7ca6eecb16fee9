package io.pathkeeper.pathctl.migrate;

import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.PathText;
import io.pathkeeper.pathctl.text.Units;
import io.pathkeeper.pathctl.transfer.Progress;
import io.pathkeeper.pathctl.transfer.TransferSummary;
import java.io.PrintStream;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What a migration did, counted. Belongs to its thread; {@link TransferSummary} to any. */
final class MigrationResult {
    private static final int NAMED = 20;

    final TransferSummary transfer = new TransferSummary();

    long read;
    long bytes;
    long equal;
    long conflicts;
    long verified;
    long caughtUp;
    long different;
    long atTarget;
    long extras;
    long copiedRevision;
    private final Map<Source.Note, Long> notes = new EnumMap<>(Source.Note.class);

    /** Counts a note and names the first ones. */
    void note(Source.Note note, String name, Progress progress) {
        long count = notes.merge(note, 1L, Long::sum);
        if (count <= NAMED) {
            progress.say("pathctl: " + PathText.printable(name) + ": such entries " + note.meaning());
        }
    }

    /** Counts a znode without a counterpart and names the first ones. */
    void extra(String path, Progress progress) {
        if (++extras <= NAMED) {
            progress.say("pathctl: not at the source: " + PathText.printable(path)
                    + (extras == NAMED ? " (further ones are only counted)" : ""));
        }
    }

    ExitCode exitCode(boolean skipUnsupported) {
        if (conflicts > 0) {
            return ExitCode.EXISTS;
        }
        boolean leftOut = transfer.leftOutCount() > 0 && !skipUnsupported;
        return leftOut || different > 0 ? ExitCode.INCOMPLETE : ExitCode.OK;
    }

    void lines(PrintStream err, String from, String to, boolean dryRun, double seconds) {
        long created = transfer.created();
        long updated = transfer.updated();
        err.println(
                (dryRun ? "would migrate " : "migrated ") + PathText.printable(from) + " to " + PathText.printable(to)
                        + ": " + read + " read (" + Units.bytes(bytes) + ")"
                        + String.format(Locale.ROOT, " in %.1f s", seconds));
        err.println(
                "created " + created + ", updated " + updated + ", equal already " + equal + ", refused " + conflicts);
        transfer.leftOut().forEach((reason, count) -> err.println("left out " + count + ": " + reason.meaning()));
        notes.forEach((note, count) -> err.println(count + " " + note.meaning()));
        if (!dryRun) {
            err.println("verified: " + verified + " equal on both sides, " + caughtUp
                    + " changed at the source meanwhile and copied again, " + different + " differ, " + extras
                    + " at the target are not at the source");
        }
    }

    Value document(boolean dryRun, double seconds) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("command", Value.of("migrate"));
        fields.put("dry_run", Value.of(dryRun));
        fields.put("read", Value.of(read));
        fields.put("bytes", Value.of(bytes));
        fields.put("created", Value.of(transfer.created()));
        fields.put("updated", Value.of(transfer.updated()));
        fields.put("equal", Value.of(equal));
        fields.put("refused", Value.of(conflicts));
        Map<String, Value> leftOut = new LinkedHashMap<>();
        transfer.leftOut()
                .forEach((reason, count) -> leftOut.put(reason.name().toLowerCase(Locale.ROOT), Value.of(count)));
        fields.put("left_out", Value.of(leftOut));
        Map<String, Value> noted = new LinkedHashMap<>();
        notes.forEach((note, count) -> noted.put(note.name().toLowerCase(Locale.ROOT), Value.of(count)));
        fields.put("notes", Value.of(noted));
        fields.put("verified", Value.of(verified));
        fields.put("changed_meanwhile", Value.of(caughtUp));
        fields.put("different", Value.of(different));
        fields.put("not_at_source", Value.of(extras));
        fields.put("seconds", Value.of(seconds));
        return Value.of(fields);
    }
}
