package io.pathkeeper.pathctl.check;

import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.Table;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Measures beside their limits; passes when all limits are kept. One thread. */
final class Verdict {
    private final Table table = new Table("MEASURE", ">FOUND", ">LIMIT", "VERDICT");
    private final Map<String, Value> fields = new LinkedHashMap<>();
    private boolean passed = true;

    /** A measure that nothing is asked of. */
    void tell(String name, double found) {
        table.row(name, number(found), "", "");
        fields.put(name, Value.of(found));
    }

    void atMost(String name, double found, double limit) {
        judge(name, found, limit, "at most ", found <= limit);
    }

    void atLeast(String name, double found, double limit) {
        judge(name, found, limit, "at least ", found >= limit);
    }

    private void judge(String name, double found, double limit, String word, boolean kept) {
        passed &= kept;
        table.row(name, number(found), word + number(limit), kept ? "ok" : "FAILED");
        fields.put(name, Value.of(found));
        fields.put(name + "_limit", Value.of(limit));
    }

    boolean passed() {
        return passed;
    }

    Value document() {
        Map<String, Value> all = new LinkedHashMap<>(fields);
        all.put("passed", Value.of(passed));
        return Value.of(all);
    }

    void print(PrintStream out) {
        table.print(out);
        out.println(passed ? "passed" : "FAILED");
    }

    ExitCode exitCode() {
        return passed ? ExitCode.OK : ExitCode.CONDITION_FAILED;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 1_000 ? "%,.0f" : "%.2f", value);
    }
}
