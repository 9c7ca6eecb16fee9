package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.AsyncStore;
import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.error.AccessDeniedException;
import io.pathkeeper.client.model.Limits;
import io.pathkeeper.client.model.Member;
import io.pathkeeper.client.model.MemberRole;
import io.pathkeeper.client.model.MemberStatus;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.FailureReport;
import io.pathkeeper.pathctl.text.StatView;
import io.pathkeeper.pathctl.text.Table;
import io.pathkeeper.pathctl.text.Units;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code pathctl status}. */
@Command(
        name = "status",
        header = "Show the state of all servers.",
        description = {
            "Asks one server for the members and then each member itself; one that does not answer is shown as unreachable.",
            "Exit code 1 when no server says that it leads, or when two servers have different digests at one revision."
        })
public final class StatusCommand extends StoreCommand {
    /** A member and what it answered, or why it did not. */
    private record Row(Member member, @Nullable MemberStatus status, String problem) {}

    /** Made by the table of commands. */
    public StatusCommand(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() {
        PathkeeperClient client = context.client();
        List<Row> rows = rows(client.async(), client.store().listMembers());
        boolean leader =
                rows.stream().anyMatch(r -> r.status() != null && r.status().role() == MemberRole.LEADER);
        List<String> diverged = diverged(rows);
        if (json()) {
            List<Value> members = new ArrayList<>();
            rows.forEach(row -> members.add(document(row)));
            printJson(Value.map(
                    "leader",
                    leader,
                    "diverged",
                    diverged,
                    "limits",
                    limits(client.store().clusterInfo().limits()),
                    "members",
                    Value.of(members)));
        } else {
            print(rows);
        }
        if (!leader) {
            err().println("pathctl: no server says that it leads; start the missing servers, or wait for the election");
        }
        diverged.forEach(line -> err().println("pathctl: " + line));
        return leader && diverged.isEmpty() ? ExitCode.OK : ExitCode.UNAVAILABLE;
    }

    private static Value limits(Limits limits) {
        return Value.map(
                "value_bytes", limits.maxValueBytes(),
                "path_bytes", limits.maxPathBytes(),
                "name_bytes", limits.maxNameBytes(),
                "depth", limits.maxDepth(),
                "request_bytes", limits.maxRequestBytes(),
                "transaction_operations", limits.maxTransactionOperations(),
                "batch_paths", limits.maxBatchPaths(),
                "page_size", limits.maxPageSize(),
                "recursive_delete", limits.maxRecursiveDelete(),
                "observe_targets", limits.maxObserveTargets(),
                "observations", limits.maxObservations());
    }

    private List<Row> rows(AsyncStore store, List<Member> members) {
        List<CompletableFuture<MemberStatus>> answers =
                members.stream().map(m -> store.memberStatus(m.clientAddress())).toList();
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            try {
                rows.add(new Row(members.get(i), answers.get(i).join(), ""));
            } catch (CompletionException e) {
                if (FailureReport.unwrap(e) instanceof AccessDeniedException refusal) {
                    throw refusal; // by rights or credentials, which are the same everywhere
                }
                rows.add(new Row(
                        members.get(i),
                        null,
                        FailureReport.line(e, members.get(i).clientAddress())));
            }
        }
        return rows;
    }

    /** Returns a line for each pair of servers whose trees differ although their revisions do not. */
    private static List<String> diverged(List<Row> rows) {
        Map<Long, Row> byRevision = new LinkedHashMap<>();
        List<String> lines = new ArrayList<>();
        for (Row row : rows) {
            MemberStatus status = row.status();
            if (status == null) {
                continue;
            }
            Row other = byRevision.putIfAbsent(status.header().revision(), row);
            if (other != null && other.status() != null && other.status().digest() != status.digest()) {
                lines.add("servers " + other.member().memberId() + " and "
                        + row.member().memberId() + " have different digests at revision "
                        + status.header().revision());
            }
        }
        return lines;
    }

    private void print(List<Row> rows) {
        Table table = new Table(
                "MEMBER",
                "ADDRESS",
                "ROLE",
                "READY",
                ">TERM",
                ">COMMIT",
                ">APPLIED",
                ">REVISION",
                ">ZNODES",
                ">DATA",
                "DIGEST",
                ">UPTIME");
        List<String> problems = new ArrayList<>();
        for (Row row : rows) {
            MemberStatus status = row.status();
            String id = row.member().memberId();
            if (status != null) {
                status.alarms().forEach(alarm -> problems.add(id + ": alarm: " + alarm));
            }
            if (status == null) {
                table.row(
                        id, row.member().clientAddress(), "unreachable", "no", "-", "-", "-", "-", "-", "-", "-", "-");
                problems.add(id + ": " + row.problem());
                continue;
            }
            table.row(
                    id,
                    row.member().clientAddress(),
                    name(status.role()),
                    status.ready() ? "yes" : "no",
                    status.header().term(),
                    status.commitIndex(),
                    status.appliedIndex(),
                    status.header().revision(),
                    status.znodeCount(),
                    Units.bytes(status.dataBytes()),
                    StatView.hash(status.digest()),
                    Units.span(status.uptime()));
        }
        table.print(out());
        problems.forEach(out()::println);
    }

    private static Value document(Row row) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("member_id", Value.of(row.member().memberId()));
        fields.put("address", Value.of(row.member().clientAddress()));
        fields.put("reachable", Value.of(row.status() != null));
        MemberStatus status = row.status();
        if (status == null) {
            fields.put("problem", Value.of(row.problem()));
            return Value.of(fields);
        }
        fields.put("role", Value.of(name(status.role())));
        fields.put("ready", Value.of(status.ready()));
        fields.put("version", Value.of(status.version()));
        fields.put("term", Value.of(status.header().term()));
        fields.put("commit_index", Value.of(status.commitIndex()));
        fields.put("applied_index", Value.of(status.appliedIndex()));
        fields.put("revision", Value.of(status.header().revision()));
        fields.put("oldest_revision", Value.of(status.oldestRevision()));
        fields.put("znode_count", Value.of(status.znodeCount()));
        fields.put("data_bytes", Value.of(status.dataBytes()));
        fields.put("digest", Value.of(StatView.hash(status.digest())));
        fields.put("snapshot_index", Value.of(status.snapshotIndex()));
        fields.put("observation_count", Value.of(status.observationCount()));
        fields.put("uptime_ms", Value.of(status.uptime().toMillis()));
        fields.put("heap_used_bytes", Value.of(status.heapUsedBytes()));
        fields.put("disk_free_bytes", Value.of(status.diskFreeBytes()));
        fields.put("alarms", Value.of(status.alarms().stream().map(Value::of).toList()));
        return Value.of(fields);
    }

    private static String name(MemberRole role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
