package io.pathkeeper.pathctl.top;

import io.pathkeeper.client.model.MemberStatus;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.command.ServerStatus;
import io.pathkeeper.pathctl.text.Table;
import io.pathkeeper.pathctl.text.Units;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is shown of two answers of all servers. */
final class Screen {
    private static final int MOST_METHODS = 10;

    private final List<ServerStatus> now;
    private final Map<String, Rates> rates = new LinkedHashMap<>();
    private final @Nullable MemberStatus leader;

    Screen(List<ServerStatus> before, List<ServerStatus> now) {
        this.now = now;
        this.leader = ServerStatus.leader(now);
        Map<String, MemberStatus> old = new LinkedHashMap<>();
        for (ServerStatus server : before) {
            MemberStatus status = server.status();
            if (status != null) {
                old.put(server.member().memberId(), status);
            }
        }
        for (ServerStatus server : now) {
            MemberStatus status = server.status();
            MemberStatus known = old.get(server.member().memberId());
            if (status != null && known != null) {
                rates.put(server.member().memberId(), Rates.between(known, status));
            }
        }
    }

    void print(PrintStream out) {
        out.println(summary());
        out.println();
        Table servers = new Table(
                "MEMBER",
                "ROLE",
                "READY",
                ">CALLS/S",
                ">AVG MS",
                ">PIPELINE/S",
                ">LAG",
                ">OBSERVATIONS",
                ">HEAP",
                ">DISK FREE",
                ">UPTIME",
                "ALARMS");
        for (ServerStatus server : now) {
            row(servers, server);
        }
        servers.print(out);
        List<Map.Entry<String, Rates.Ended>> methods = methods();
        if (!methods.isEmpty()) {
            out.println();
            Table table = new Table("METHOD", ">CALLS/S", ">AVG MS");
            methods.stream()
                    .limit(MOST_METHODS)
                    .forEach(method -> table.row(
                            method.getKey(),
                            number(perSecond(method.getKey())),
                            number(method.getValue().averageMillis())));
            table.print(out);
            if (methods.size() > MOST_METHODS) {
                out.println("and " + (methods.size() - MOST_METHODS) + " methods that were called less");
            }
        }
    }

    private String summary() {
        MemberStatus leading = leader;
        if (leading == null) {
            return "no server says that it leads";
        }
        Rates made = rates.get(leading.header().memberId());
        return "revision " + leading.header().revision()
                + (made == null ? "" : " (" + number(made.revisions() / made.seconds()) + " a second)")
                + ", znodes " + leading.znodeCount()
                + ", data " + Units.bytes(leading.dataBytes())
                + ", sessions " + leading.sessionCount()
                + ", locks " + leading.lockCount();
    }

    private void row(Table table, ServerStatus server) {
        MemberStatus status = server.status();
        String id = server.member().memberId();
        if (status == null) {
            table.row(id, server.role(), "no", "-", "-", "-", "-", "-", "-", "-", "-", server.problem());
            return;
        }
        Rates rate = rates.get(id);
        OptionalLong lag = server.lag(leader);
        Rates.Ended all = rate == null ? new Rates.Ended(0, 0) : rate.all();
        table.row(
                id,
                server.role(),
                status.ready() ? "yes" : "no",
                rate == null ? "-" : number(all.count() / rate.seconds()),
                all.count() == 0 ? "-" : number(all.averageMillis()),
                rate == null ? "-" : number(rate.operations() / rate.seconds()),
                lag.isPresent() ? lag.getAsLong() : "-",
                status.observationCount(),
                Units.bytes(status.heapUsedBytes()),
                Units.bytes(status.diskFreeBytes()),
                Units.span(status.uptime()),
                status.alarms().isEmpty() ? "-" : status.alarms().size());
    }

    /** The methods of all servers together, those with the most calls first. */
    private List<Map.Entry<String, Rates.Ended>> methods() {
        Map<String, Rates.Ended> all = new TreeMap<>();
        rates.values()
                .forEach(rate -> rate.calls().forEach((method, ended) -> all.merge(method, ended, Rates.Ended::plus)));
        List<Map.Entry<String, Rates.Ended>> sorted = new ArrayList<>(all.entrySet());
        sorted.sort(Comparator.comparingLong(method -> -method.getValue().count()));
        return sorted;
    }

    private double perSecond(String method) {
        return rates.values().stream()
                .filter(rate -> rate.calls().containsKey(method))
                .mapToDouble(rate -> rate.calls().get(method).count() / rate.seconds())
                .sum();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value);
    }

    Value document() {
        List<Value> members = new ArrayList<>();
        for (ServerStatus server : now) {
            members.add(document(server));
        }
        Map<String, Value> fields = new LinkedHashMap<>();
        MemberStatus leading = leader;
        if (leading != null) {
            fields.put("leader", Value.of(leading.header().memberId()));
            fields.put("revision", Value.of(leading.header().revision()));
            fields.put("znode_count", Value.of(leading.znodeCount()));
            fields.put("data_bytes", Value.of(leading.dataBytes()));
            fields.put("session_count", Value.of(leading.sessionCount()));
            fields.put("lock_count", Value.of(leading.lockCount()));
        }
        fields.put("members", Value.of(members));
        return Value.of(fields);
    }

    private Value document(ServerStatus server) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("member_id", Value.of(server.member().memberId()));
        fields.put("role", Value.of(server.role()));
        MemberStatus status = server.status();
        if (status == null) {
            fields.put("problem", Value.of(server.problem()));
            return Value.of(fields);
        }
        fields.put("ready", Value.of(status.ready()));
        server.lag(leader).ifPresent(lag -> fields.put("lag_entries", Value.of(lag)));
        fields.put("observation_count", Value.of(status.observationCount()));
        fields.put("heap_used_bytes", Value.of(status.heapUsedBytes()));
        fields.put("disk_free_bytes", Value.of(status.diskFreeBytes()));
        fields.put("uptime_ms", Value.of(status.uptime().toMillis()));
        fields.put("alarms", Value.of(status.alarms().stream().map(Value::of).toList()));
        Rates rate = rates.get(server.member().memberId());
        if (rate != null) {
            fields.put("seconds", Value.of(rate.seconds()));
            fields.put("pipeline_operations", Value.of(rate.operations()));
            Map<String, Value> calls = new LinkedHashMap<>();
            rate.calls()
                    .forEach((method, ended) ->
                            calls.put(method, Value.map("count", ended.count(), "average_ms", ended.averageMillis())));
            fields.put("calls", Value.of(calls));
        }
        return Value.of(fields);
    }
}
