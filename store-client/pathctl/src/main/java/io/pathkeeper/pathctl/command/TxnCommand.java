package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.model.CreateResult;
import io.pathkeeper.client.model.DeleteResult;
import io.pathkeeper.client.model.OperationResult;
import io.pathkeeper.client.model.PatchResult;
import io.pathkeeper.client.model.ReadResult;
import io.pathkeeper.client.model.SetResult;
import io.pathkeeper.client.model.TransactResult;
import io.pathkeeper.client.model.Transaction;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.ExactJson;
import io.pathkeeper.pathctl.text.JsonText;
import io.pathkeeper.pathctl.text.TransactionDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pathctl txn}. */
@Command(
        name = "txn",
        header = "Check conditions and carry out one of two lists of operations, at one revision.",
        description = {
            "Reads a JSON document {\"if\": [...], \"then\": [...], \"else\": [...]} from FILE or standard input. When all",
            "conditions hold, `then` is carried out and the exit code is 0; otherwise `else` is, and the exit code is 5.",
            "Prints a line for each operation."
        })
public final class TxnCommand extends StoreCommand {
    private static final long MAX_DOCUMENT_BYTES = 64L * 1024 * 1024;

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "The document; - or nothing: standard input.")
    String file = "-";

    @Option(
            names = {"-j", "--json"},
            paramLabel = "JSON",
            description = "The document itself.")
    @Nullable
    String document;

    @Mixin
    LockGuardOptions lockGuard = new LockGuardOptions();

    /** Made by the table of commands. */
    public TxnCommand(CommandContext context) {
        super(context);
    }

    /** Puts the forms of the document behind the options of the help. */
    @Spec(Spec.Target.SELF)
    void spec(CommandSpec spec) {
        List<String> footer = new ArrayList<>();
        footer.add("");
        footer.addAll(TransactionDocument.HELP);
        footer.add("Example:");
        footer.add("  pathctl txn <<'END'");
        footer.add("  {\"if\":   [{\"path\": \"/config\", \"field\": \"/port\", \"equal\": 8080}],");
        footer.add("   \"then\": [{\"patch\": \"/config\", \"operations\": [{\"set\": \"/port\", \"value\": 9090}]},");
        footer.add(
                "            {\"create\": \"/changes/c-\", \"sequential\": true, \"parents\": true, \"value\": \"port\"}],");
        footer.add("   \"else\": [{\"get\": \"/config\"}]}");
        footer.add("  END");
        spec.usageMessage().footer(footer.toArray(String[]::new));
    }

    @Override
    protected ExitCode run() throws Exception {
        Transaction transaction =
                TransactionDocument.read(JsonText.read(name(), text())).guards(lockGuard.guards(context));
        TransactResult result = store().transact(transaction);
        if (json()) {
            List<Value> results = new ArrayList<>();
            result.results().forEach(r -> results.add(Value.of(fields(r))));
            printJson(Value.map(
                    "succeeded", result.succeeded(), "revision", result.revision(), "results", Value.of(results)));
        } else {
            out().println((result.succeeded() ? "conditions hold" : "conditions do not hold") + ", revision "
                    + result.revision());
            result.results().forEach(r -> out().println(ExactJson.write(Value.of(fields(r)))));
        }
        return result.succeeded() ? ExitCode.OK : ExitCode.CONDITION_FAILED;
    }

    private String name() {
        return document != null ? "--json" : file.equals("-") ? "standard input" : file;
    }

    private String text() throws IOException, InterruptedException {
        if (document != null) {
            return document;
        }
        if (!file.equals("-")) {
            Path source = Path.of(file);
            if (Files.size(source) > MAX_DOCUMENT_BYTES) {
                throw CommandFailure.usage(file + " has more than " + MAX_DOCUMENT_BYTES + " bytes");
            }
            return Files.readString(source);
        }
        if (context.interactive()) {
            throw CommandFailure.usage("in the shell, give a FILE or --json");
        }
        if (context.streams().inTerminal()) {
            err().println("pathctl: reading the transaction from the terminal; end it with Ctrl-D");
            return new String(context.streams().in().readAllBytes(), StandardCharsets.UTF_8);
        }
        return new String(ValueOptions.input(context), StandardCharsets.UTF_8);
    }

    private static Map<String, Value> fields(OperationResult result) {
        Map<String, Value> fields = new LinkedHashMap<>();
        if (result instanceof CreateResult created) {
            fields.put("create", Value.of(created.path()));
            fields.put("version", Value.of(created.stat().version()));
        } else if (result instanceof SetResult set) {
            fields.put("set", Value.of(set.path()));
            fields.put("version", Value.of(set.stat().version()));
            fields.put("created", Value.of(set.created()));
            fields.put("changed", Value.of(set.changed()));
        } else if (result instanceof PatchResult patched) {
            fields.put("patch", Value.of(patched.path()));
            fields.put("version", Value.of(patched.stat().version()));
        } else if (result instanceof DeleteResult deleted) {
            fields.put("delete", Value.of(deleted.path()));
            fields.put("deleted_count", Value.of(deleted.deletedCount()));
        } else if (result instanceof ReadResult read) {
            fields.put("get", Value.of(read.path()));
            fields.put("found", Value.of(read.znode().isPresent()));
            if (read.znode().isPresent()) {
                Znode znode = read.znode().get();
                fields.put("data", znode.value());
                fields.put("version", Value.of(znode.stat().version()));
            }
        }
        return fields;
    }
}
