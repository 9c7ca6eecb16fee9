package io.pathkeeper.it.fault;

import io.pathkeeper.it.fault.workload.Findings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a run did and found. Filled by one thread, then written. */
final class FaultReport {
    /** Writes are back so soon behind the kill of a leader, of a hundred times in ninety-nine. */
    static final Duration LEADER_KILL_TARGET = Duration.ofSeconds(3);

    /** And so soon behind the end of any fault, when servers that it stopped answer again: twice the longest election timeout and a second. */
    static final Duration HEAL_TARGET = Duration.ofSeconds(3);

    private static final int SHOWN_VIOLATIONS = 20;

    /** So many faults of a kind without effect are no accident. */
    private static final int TRIES = 3;

    private final Map<String, String> facts;
    private final Map<String, String> notRun = new TreeMap<>();
    private final List<FaultRecord> faults = new ArrayList<>();
    private final List<Findings> findings = new ArrayList<>();
    private final List<String> kinds = new ArrayList<>();
    private final List<String> loads = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final RecoveryTimes leaderKills = new RecoveryTimes();
    private final RecoveryTimes heals = new RecoveryTimes();
    private final List<String> notes = new ArrayList<>();
    private String digests = "not compared";
    private @Nullable Findings probe;
    private @Nullable Duration took;

    /** Begins with what is known of a run, in the order in which it shall be shown. */
    FaultReport(Map<String, String> facts) {
        this.facts = facts;
    }

    /** What the run is to do: kinds of faults and loads of which it tells nothing more had no turn, or were not checked. */
    void planned(List<String> nemeses, List<String> workloads) {
        kinds.addAll(nemeses);
        loads.addAll(workloads);
    }

    void notRun(String nemesis, String why) {
        notRun.put(nemesis, why);
    }

    void fault(FaultRecord record) {
        faults.add(record);
        if (record.leaderKillMillis() >= 0) {
            leaderKills.add(record.leaderKillMillis());
        }
        if (record.tookEffect() && record.healedMillis() >= 0) {
            heals.add(record.healedMillis());
        }
    }

    void findings(Findings found) {
        findings.add(found);
        if (found.succeeded() == 0) {
            violation(found.workload() + ": none of its calls was answered well, so nothing of it was checked");
        }
    }

    /** Of the probe, whose writes are no operations of a load: of each znode only the newest one is checked. */
    void probe(Findings found) {
        probe = found;
    }

    void took(Duration time) {
        took = time;
    }

    void violation(String sentence) {
        violations.add(sentence);
    }

    /** Something worth telling that is neither right nor wrong. */
    void note(String sentence) {
        notes.add(sentence);
    }

    void digests(String sentence) {
        digests = sentence;
    }

    /** Faults that took effect. */
    int faultCount() {
        return (int) faults.stream().filter(FaultRecord::tookEffect).count();
    }

    RecoveryTimes leaderKills() {
        return leaderKills;
    }

    RecoveryTimes heals() {
        return heals;
    }

    private List<String> ofTheRun() {
        List<String> all = new ArrayList<>(violations);
        all.addAll(neverEffective());
        return all;
    }

    /** Everything that does not hold: of the run itself, then of the workloads. */
    List<String> violations() {
        List<String> all = new ArrayList<>(ofTheRun());
        checked()
                .forEach(
                        found -> found.violations().forEach(violation -> all.add(found.workload() + ": " + violation)));
        return all;
    }

    /** Checks that held: each workload, and the run itself. */
    int passed() {
        return (int) checked().filter(found -> found.violations().isEmpty()).count()
                + (ofTheRun().isEmpty() ? 1 : 0);
    }

    /** Checks that did not hold: each workload with a violation, and every violation of the run itself. */
    int failed() {
        return (int) checked().filter(found -> !found.violations().isEmpty()).count()
                + ofTheRun().size();
    }

    private Stream<Findings> checked() {
        return Stream.concat(Stream.ofNullable(probe), findings.stream());
    }

    /** What is known of histories with a violation, by the name of a load's object: more than a report may hold. */
    Map<String, String> histories() {
        Map<String, String> histories = new TreeMap<>();
        findings.forEach(found -> histories.putAll(found.histories()));
        return histories;
    }

    /** For people. */
    String markdown(boolean everyFault) {
        StringBuilder text = new StringBuilder("# Faults\n\n");
        facts.forEach((key, value) ->
                text.append("- ").append(key).append(": ").append(value).append('\n'));
        if (took != null) {
            text.append("- duration: ").append(took.toSeconds()).append(" s\n");
        }
        text.append("\n| nemesis | faults | end to write, p50 ms | p99 ms | most ms |\n|---|---:|---:|---:|---:|\n");
        byNemesis().forEach((name, times) -> timesRow(text, name, times));
        withoutEffect().forEach((name, count) -> row(text, "| %s, without effect | %d | | | |", name, count));
        notRun().forEach((name, why) -> row(text, "| %s | not run: %s |", name, why));
        timesRow(text, "all, " + byNemesis().size() + " kinds", heals);
        text.append(
                "\n| workload | checked | refused | unknown | told | violations | why |\n|---|---:|---:|---:|---:|---:|---|\n");
        findings.forEach(found -> findingsRow(text, found));
        notChecked().forEach(load -> row(text, "| %s | not checked |", load));
        row(
                text,
                "| all loads | %,d | %,d | %,d | %,d | %,d | |",
                operations(),
                sum(Findings::refusedCount),
                sum(Findings::unknownCount),
                sum(Findings::told),
                sum(found -> found.violations().size()));
        if (probe != null) {
            findingsRow(text, probe);
        }
        text.append(
                "\n| writes are back | times | p50 ms | p99 ms | most ms | wanted |\n|---|---:|---:|---:|---:|---|\n");
        recovery(
                text,
                "behind a leader's SIGKILL",
                leaderKills,
                "p99 of " + LEADER_KILL_TARGET.toMillis() + ": "
                        + word(leaderKills.percentile(99) <= LEADER_KILL_TARGET.toMillis()));
        recovery(
                text,
                "behind the end of any fault",
                heals,
                "most " + HEAL_TARGET.toMillis() + ": " + word(heals.most() <= HEAL_TARGET.toMillis()));
        text.append("\nDigests: ").append(digests).append('\n');
        notes.forEach(note -> text.append("\n- ").append(note).append('\n'));
        if (everyFault) {
            text.append(
                    "\n| at s | held s | its end took s | nemesis | what | kill to write ms | end to write ms |\n|---:|---:|---:|---|---|---:|---:|\n");
            for (FaultRecord fault : faults) {
                row(
                        text,
                        "| %.1f | %.1f | %.1f | %s | %s | %s | %s |",
                        fault.atMillis() / 1e3,
                        fault.heldMillis() / 1e3,
                        fault.endMillis() / 1e3,
                        fault.nemesis(),
                        fault.what()
                                + (fault.outcome().isEmpty() ? "" : "; " + fault.outcome())
                                + (fault.tookEffect() ? "" : "; NO EFFECT"),
                        fault.leaderKillMillis() < 0 ? "" : fault.leaderKillMillis(),
                        fault.healedMillis() < 0 ? "" : fault.healedMillis());
            }
        }
        List<String> broken = violations();
        text.append(broken.isEmpty() ? "\nEverything held.\n" : "\nBROKEN, " + broken.size() + ":\n\n");
        broken.stream()
                .limit(everyFault ? Long.MAX_VALUE : SHOWN_VIOLATIONS)
                .forEach(sentence -> text.append("- ").append(sentence).append('\n'));
        return text.toString();
    }

    /** For programs. */
    String json() {
        StringBuilder text = new StringBuilder("{");
        facts.forEach((key, value) ->
                text.append(string(key)).append(':').append(string(value)).append(",\n"));
        text.append("\"faults\":{")
                .append(byNemesis().entrySet().stream()
                        .map(entry -> string(entry.getKey()) + ":" + json(entry.getValue()))
                        .collect(Collectors.joining(",")))
                .append("},\n");
        text.append("\"not_run\":{")
                .append(notRun().entrySet().stream()
                        .map(entry -> string(entry.getKey()) + ":" + string(entry.getValue()))
                        .collect(Collectors.joining(",")))
                .append("},\n");
        text.append("\"without_effect\":{")
                .append(withoutEffect().entrySet().stream()
                        .map(entry -> string(entry.getKey()) + ":" + entry.getValue())
                        .collect(Collectors.joining(",")))
                .append("},\n");
        text.append("\"workloads\":[")
                .append(findings.stream().map(FaultReport::json).collect(Collectors.joining(",\n")))
                .append("],\n");
        text.append("\"probe\":").append(probe == null ? "null" : json(probe)).append(",\n");
        text.append("\"not_checked\":[")
                .append(notChecked().stream().map(FaultReport::string).collect(Collectors.joining(",")))
                .append("],\n");
        text.append("\"operations\":").append(operations()).append(",\n");
        text.append("\"seconds\":").append(took == null ? 0 : took.toSeconds()).append(",\n");
        text.append("\"leader_kill_to_write_ms\":").append(json(leaderKills)).append(",\n");
        text.append("\"fault_end_to_write_ms\":").append(json(heals)).append(",\n");
        text.append("\"notes\":[")
                .append(notes.stream().map(FaultReport::string).collect(Collectors.joining(",")))
                .append("],\n");
        text.append("\"digests\":").append(string(digests)).append(",\n");
        text.append("\"violations\":[")
                .append(violations().stream().map(FaultReport::string).collect(Collectors.joining(",\n")));
        return text.append("]}\n").toString();
    }

    /** Calls of the loads that were answered well, and whose answers were checked. */
    private long operations() {
        return sum(Findings::succeeded);
    }

    private long sum(ToLongFunction<Findings> count) {
        return findings.stream().mapToLong(count).sum();
    }

    /** Kinds without a fault, with the reason. */
    private Map<String, String> notRun() {
        Map<String, String> all = new TreeMap<>(notRun);
        Set<String> made = byNemesis().keySet();
        kinds.stream().filter(kind -> !made.contains(kind)).forEach(kind -> all.putIfAbsent(kind, "it had no turn"));
        return all;
    }

    private List<String> notChecked() {
        Set<String> found = findings.stream().map(Findings::workload).collect(Collectors.toSet());
        return loads.stream().filter(load -> !found.contains(load)).toList();
    }

    private static void findingsRow(StringBuilder text, Findings found) {
        row(
                text,
                "| %s | %,d | %,d | %,d | %,d | %,d | %s |",
                found.workload(),
                found.succeeded(),
                found.refusedCount(),
                found.unknownCount(),
                found.told(),
                found.violations().size(),
                Stream.of(found.refused(), found.unknown())
                        .flatMap(counts -> counts.entrySet().stream())
                        .map(count -> count.getKey() + " " + count.getValue())
                        .collect(Collectors.joining(", ")));
    }

    private Map<String, RecoveryTimes> byNemesis() {
        Map<String, RecoveryTimes> times = new TreeMap<>();
        faults.stream()
                .filter(FaultRecord::tookEffect)
                .forEach(fault -> times.computeIfAbsent(fault.nemesis(), name -> new RecoveryTimes())
                        .add(fault.healedMillis()));
        return times;
    }

    /** Faults that hurt nobody, or could not begin: they count for nothing. */
    private Map<String, Integer> withoutEffect() {
        Map<String, Integer> counts = new TreeMap<>();
        faults.stream()
                .filter(fault -> !fault.tookEffect())
                .forEach(fault -> counts.merge(fault.nemesis(), 1, Integer::sum));
        return counts;
    }

    /** Kinds that were tried so often and never took effect: what they do is not done here. */
    private List<String> neverEffective() {
        return withoutEffect().entrySet().stream()
                .filter(entry -> entry.getValue() >= TRIES && !byNemesis().containsKey(entry.getKey()))
                .map(entry -> entry.getKey() + " was tried " + entry.getValue() + " times and never took effect")
                .toList();
    }

    private static String word(boolean held) {
        return held ? "held" : "NOT HELD";
    }

    private static void timesRow(StringBuilder text, String name, RecoveryTimes times) {
        row(
                text,
                "| %s | %,d | %,d | %,d | %,d |",
                name,
                times.count(),
                times.percentile(50),
                times.percentile(99),
                times.most());
    }

    private static void recovery(StringBuilder text, String when, RecoveryTimes times, String wanted) {
        row(
                text,
                "| %s | %,d | %,d | %,d | %,d | %s |",
                when,
                times.count(),
                times.percentile(50),
                times.percentile(99),
                times.most(),
                times.count() == 0 ? "" : wanted);
    }

    private static String json(Findings found) {
        return String.format(
                Locale.ROOT,
                "{\"name\":%s,\"done\":%d,\"refused\":%s,\"unknown\":%s,\"told\":%d,\"violations\":%d}",
                string(found.workload()),
                found.succeeded(),
                json(found.refused()),
                json(found.unknown()),
                found.told(),
                found.violations().size());
    }

    private static String json(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(count -> string(count.getKey()) + ":" + count.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String json(RecoveryTimes times) {
        return String.format(
                Locale.ROOT,
                "{\"count\":%d,\"p50\":%d,\"p99\":%d,\"most\":%d}",
                times.count(),
                times.percentile(50),
                times.percentile(99),
                times.most());
    }

    private static void row(StringBuilder text, String form, Object... values) {
        text.append(String.format(Locale.ROOT, form, values)).append('\n');
    }

    private static String string(String value) {
        StringBuilder text = new StringBuilder("\"");
        value.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                text.append('\\').append((char) c);
            } else if (c < ' ') {
                text.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                text.append((char) c);
            }
        });
        return text.append('"').toString();
    }
}
