package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.Limits;
import io.pathkeeper.client.model.MemberStatus;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.StatView;
import io.pathkeeper.pathctl.text.Table;
import io.pathkeeper.pathctl.text.Units;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code pathctl status}. */
@Command(
        name = "status",
        header = "Show the state of all servers.",
        description = {
            "Asks one server for the members and then each member itself; one that does not answer is shown as unreachable.",
            "LAG is the number of committed log entries that a server has not applied yet, by what the leader says.",
            "Exit code 1 when no server says that it leads, or when two servers have different digests at one revision."
        })
public final class StatusCommand extends StoreCommand {
    private static final int COLUMNS = 14;

    /** Made by the table of commands. */
    public StatusCommand(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() {
        PathkeeperClient client = context.client();
        List<ServerStatus> rows = ServerStatus.ofAll(client);
        MemberStatus leading = ServerStatus.leader(rows);
        boolean leader = leading != null;
        List<String> diverged = diverged(rows);
        if (json()) {
            List<Value> members = new ArrayList<>();
            rows.forEach(row -> members.add(document(row, leading)));
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
            print(rows, leading);
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

    /** Returns a line for each pair of servers whose trees differ although their revisions do not. */
    private static List<String> diverged(List<ServerStatus> rows) {
        Map<Long, ServerStatus> byRevision = new LinkedHashMap<>();
        List<String> lines = new ArrayList<>();
        for (ServerStatus row : rows) {
            MemberStatus status = row.status();
            if (status == null) {
                continue;
            }
            ServerStatus other = byRevision.putIfAbsent(status.header().revision(), row);
            if (other != null && other.status() != null && other.status().digest() != status.digest()) {
                lines.add("servers " + other.member().memberId() + " and "
                        + row.member().memberId() + " have different digests at revision "
                        + status.header().revision());
            }
        }
        return lines;
    }

    private void print(List<ServerStatus> rows, @Nullable MemberStatus leading) {
        Table table = new Table(
                "MEMBER",
                "ADDRESS",
                "ROLE",
                "READY",
                ">TERM",
                ">COMMIT",
                ">APPLIED",
                ">LAG",
                ">REVISION",
                ">ZNODES",
                ">DATA",
                "DIGEST",
                ">DISK FREE",
                ">UPTIME");
        List<String> problems = new ArrayList<>();
        for (ServerStatus row : rows) {
            MemberStatus status = row.status();
            String id = row.member().memberId();
            if (status != null) {
                status.alarms().forEach(alarm -> problems.add(id + ": alarm: " + alarm));
            }
            if (status == null) {
                List<String> cells = new ArrayList<>(List.of(id, row.member().clientAddress(), row.role(), "no"));
                cells.addAll(Collections.nCopies(COLUMNS - cells.size(), "-"));
                table.row(cells.toArray());
                problems.add(id + ": " + row.problem());
                continue;
            }
            table.row(
                    id,
                    row.member().clientAddress(),
                    row.role(),
                    status.ready() ? "yes" : "no",
                    status.header().term(),
                    status.commitIndex(),
                    status.appliedIndex(),
                    row.lag(leading).isPresent() ? row.lag(leading).getAsLong() : "-",
                    status.header().revision(),
                    status.znodeCount(),
                    Units.bytes(status.dataBytes()),
                    StatView.hash(status.digest()),
                    Units.bytes(status.diskFreeBytes()),
                    Units.span(status.uptime()));
        }
        table.print(out());
        problems.forEach(out()::println);
    }

    private static Value document(ServerStatus row, @Nullable MemberStatus leading) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("member_id", Value.of(row.member().memberId()));
        fields.put("address", Value.of(row.member().clientAddress()));
        fields.put("reachable", Value.of(row.status() != null));
        MemberStatus status = row.status();
        if (status == null) {
            fields.put("problem", Value.of(row.problem()));
            return Value.of(fields);
        }
        fields.put("role", Value.of(row.role()));
        fields.put("ready", Value.of(status.ready()));
        fields.put("version", Value.of(status.version()));
        fields.put("term", Value.of(status.header().term()));
        fields.put("commit_index", Value.of(status.commitIndex()));
        fields.put("applied_index", Value.of(status.appliedIndex()));
        row.lag(leading).ifPresent(lag -> fields.put("lag_entries", Value.of(lag)));
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
        fields.put("session_count", Value.of(status.sessionCount()));
        fields.put("lock_count", Value.of(status.lockCount()));
        fields.put("alarms", Value.of(status.alarms().stream().map(Value::of).toList()));
        return Value.of(fields);
    }
}
