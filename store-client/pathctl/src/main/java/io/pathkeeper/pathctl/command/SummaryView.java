package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.text.ExactJson;
import io.pathkeeper.pathctl.text.PathText;
import io.pathkeeper.pathctl.text.Units;
import io.pathkeeper.pathctl.transfer.TransferSummary;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The summary of an import or export: lines on standard error, so that standard output stays free for data; one JSON object on
 * standard output with {@code --output json}.
 */
final class SummaryView {
    private SummaryView() {}

    static void print(
            CommandContext context,
            String command,
            String from,
            String to,
            TransferSummary summary,
            double seconds,
            long revision) {
        if (context.options().json()) {
            context.streams().out().println(ExactJson.write(document(command, summary, seconds, revision)));
        } else {
            lines(context.streams().err(), command, from, to, summary, seconds, revision);
        }
    }

    private static void lines(
            PrintStream err,
            String command,
            String from,
            String to,
            TransferSummary summary,
            double seconds,
            long revision) {
        String carried = summary.znodes() > 0
                ? summary.znodes() + " znodes"
                : summary.files() + " files (" + Units.bytes(summary.bytes()) + "), " + summary.directories()
                        + " directories, " + summary.symlinks() + " symlinks";
        err.println(command + "ed " + PathText.printable(from) + " to " + PathText.printable(to) + ": " + carried
                + String.format(Locale.ROOT, " in %.1f s", seconds)
                + (revision > 0 ? ", as of revision " + revision : ""));
        if (command.equals("import")) {
            err.println("created " + summary.created() + ", updated " + summary.updated() + ", unchanged "
                    + summary.unchanged() + ", deleted " + summary.deleted());
        }
        if (summary.leftOutCount() > 0) {
            err.println("left out " + summary.leftOutCount() + ": "
                    + summary.leftOut().entrySet().stream()
                            .map(e -> e.getValue() + " " + e.getKey().meaning())
                            .collect(Collectors.joining("; ")));
        }
    }

    private static Value document(String command, TransferSummary summary, double seconds, long revision) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("command", Value.of(command));
        fields.put("files", Value.of(summary.files()));
        fields.put("directories", Value.of(summary.directories()));
        fields.put("symlinks", Value.of(summary.symlinks()));
        fields.put("znodes", Value.of(summary.znodes()));
        fields.put("bytes", Value.of(summary.bytes()));
        fields.put("created", Value.of(summary.created()));
        fields.put("updated", Value.of(summary.updated()));
        fields.put("unchanged", Value.of(summary.unchanged()));
        fields.put("deleted", Value.of(summary.deleted()));
        Map<String, Value> leftOut = new LinkedHashMap<>();
        summary.leftOut()
                .forEach((reason, count) -> leftOut.put(reason.name().toLowerCase(Locale.ROOT), Value.of(count)));
        fields.put("left_out", Value.of(leftOut));
        fields.put("left_out_count", Value.of(summary.leftOutCount()));
        if (revision > 0) {
            fields.put("revision", Value.of(revision));
        }
        fields.put("seconds", Value.of(seconds));
        return Value.of(fields);
    }
}
