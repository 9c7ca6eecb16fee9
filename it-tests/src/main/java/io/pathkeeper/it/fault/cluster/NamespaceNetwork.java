package io.pathkeeper.it.fault.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Each server in a network namespace of its own, joined by a bridge, which has a namespace of its own too, so that no firewall of this machine meddles. Cuts and losses are rules of
 * {@code iptables} in the namespace of the receiver. This machine has an address on the bridge for clients.
 */
final class NamespaceNetwork implements Network {
    private static final String PREFIX = "10.213.";
    private static final int SUBNETS = 256;
    private static final int MACHINE = 254;
    private static final Pattern DROPPED = Pattern.compile("(?m)^\\s*(\\d+)\\s+\\d+\\s+DROP\\b");
    private static final Pattern DELAYED = Pattern.compile("qdisc netem [^\\n]*\\n\\s*Sent \\d+ bytes (\\d+) pkt");

    private final RunName run;
    private final int servers;
    private final String subnet;

    /** Makes the namespaces. */
    NamespaceNetwork(RunName run, int servers) {
        this.run = run;
        this.servers = servers;
        this.subnet = freeSubnet();
        String bridge = namespace("sw");
        Shell.run("ip", "netns", "add", bridge);
        Shell.run("ip", "-n", bridge, "link", "add", "br0", "type", "bridge");
        Shell.run("ip", "-n", bridge, "link", "set", "br0", "up");
        for (int i = 0; i < servers; i++) {
            String own = namespace("s" + (i + 1));
            String port = "s" + (i + 1);
            Shell.run("ip", "netns", "add", own);
            Shell.run("ip", "-n", bridge, "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", own);
            Shell.run("ip", "-n", bridge, "link", "set", port, "master", "br0", "up");
            Shell.run("ip", "-n", own, "addr", "add", address(i) + "/24", "dev", "eth0");
            Shell.run("ip", "-n", own, "link", "set", "eth0", "up");
            Shell.run("ip", "-n", own, "link", "set", "lo", "up");
        }
        String machine = run.interfaceName();
        Shell.run("ip", "link", "add", machine, "type", "veth", "peer", "name", "machine", "netns", bridge);
        Shell.run("ip", "-n", bridge, "link", "set", "machine", "master", "br0", "up");
        Shell.run("ip", "addr", "add", PREFIX + subnet + "." + MACHINE + "/24", "dev", machine);
        Shell.run("ip", "link", "set", machine, "up");
    }

    /** Why there can be no namespaces; empty when there can. */
    static Optional<String> whyNot() {
        if (!Shell.isRoot()) {
            return Optional.of("network namespaces need root");
        }
        String probe = RunName.next() + "-try";
        Shell.Result made = Shell.attempt("ip", "netns", "add", probe);
        if (made.code() != 0) {
            return Optional.of(
                    "network namespaces cannot be made: " + made.output().strip());
        }
        Shell.Result rules = Shell.attempt("ip", "netns", "exec", probe, "iptables", "-w", "10", "-L", "INPUT");
        Shell.run("ip", "netns", "del", probe);
        return rules.code() == 0
                ? Optional.empty()
                : Optional.of("iptables cannot be used: " + rules.output().strip());
    }

    @Override
    public String name() {
        return "namespaces";
    }

    @Override
    public Place place(int server) {
        String host = address(server);
        return new Place(host + ":7420", host + ":7421", host + ":7421", host + ":7422");
    }

    @Override
    public List<String> placed(int server, List<String> command) {
        List<String> placed = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + namespace("s" + (server + 1))));
        placed.addAll(command);
        placed.addAll(List.of("--set", "security.allow_insecure=true"));
        return placed;
    }

    @Override
    public void started(int server, long pid) {
        // its namespace says who it is
    }

    @Override
    public void cutOneWay(int from, int to) {
        rules(to, "-A", "INPUT", "-s", address(from), "-j", "DROP");
    }

    @Override
    public Optional<String> whyNoDelay() {
        String probe = namespace("s1");
        Shell.Result result = Shell.attempt(
                "ip", "netns", "exec", probe, "tc", "qdisc", "add", "dev", "lo", "root", "netem", "delay", "1ms");
        if (result.code() != 0) {
            return Optional.of("tc netem: " + result.output().strip() + "; --network proxy can delay");
        }
        Shell.run("ip", "netns", "exec", probe, "tc", "qdisc", "del", "dev", "lo", "root");
        return Optional.empty();
    }

    /** What this server is sent leaves the bridge through its port: clients feel it, too. */
    @Override
    public void delay(int server, Duration delay) {
        Shell.run(
                "ip",
                "netns",
                "exec",
                namespace("sw"),
                "tc",
                "qdisc",
                "replace",
                "dev",
                "s" + (server + 1),
                "root",
                "netem",
                "delay",
                delay.toMillis() + "ms",
                delay.toMillis() / 4 + "ms");
    }

    @Override
    public Optional<String> whyNoLoss() {
        String[] rule = lossRule("127.0.0.2", 0.5);
        Shell.Result result = attempt(0, "-A", rule);
        if (result.code() != 0) {
            return Optional.of("iptables: " + result.output().strip());
        }
        attempt(0, "-D", rule);
        return Optional.empty();
    }

    @Override
    public void lose(int server, double share) {
        for (int other = 0; other < servers; other++) {
            if (other != server) {
                rules(server, "-A", lossRule(address(other), share));
            }
        }
    }

    private static String[] lossRule(String from, double share) {
        String probability = String.format(Locale.ROOT, "%.3f", share);
        return new String[] {
            "INPUT", "-s", from, "-m", "statistic", "--mode", "random", "--probability", probability, "-j", "DROP"
        };
    }

    /** The rules that drop, and the queue that delays, count what they take. */
    @Override
    public long hindered() {
        long packets = 0;
        for (int server = 0; server < servers; server++) {
            Matcher dropped = DROPPED.matcher(rules(server, "-vnxL", "INPUT"));
            while (dropped.find()) {
                packets += Long.parseLong(dropped.group(1));
            }
            Matcher delayed = DELAYED.matcher(Shell.attempt(
                            "ip",
                            "netns",
                            "exec",
                            namespace("sw"),
                            "tc",
                            "-s",
                            "qdisc",
                            "show",
                            "dev",
                            "s" + (server + 1))
                    .output());
            packets += delayed.find() ? Long.parseLong(delayed.group(1)) : 0;
        }
        return packets;
    }

    @Override
    public void heal() {
        for (int server = 0; server < servers; server++) {
            rules(server, "-F", "INPUT");
            Shell.attempt(
                    "ip", "netns", "exec", namespace("sw"), "tc", "qdisc", "del", "dev", "s" + (server + 1), "root");
        }
    }

    /** Deleting a namespace deletes what is inside; the machine's end of the line goes with its other end. */
    @Override
    public void close() {
        LeftOvers.removeOf(run);
    }

    private String rules(int server, String action, String... rule) {
        return Shell.run(iptables(server, action, rule));
    }

    private Shell.Result attempt(int server, String action, String... rule) {
        return Shell.attempt(iptables(server, action, rule));
    }

    private String[] iptables(int server, String action, String... rule) {
        List<String> command =
                new ArrayList<>(List.of("ip", "netns", "exec", namespace("s" + (server + 1)), "iptables", "-w", "10"));
        command.add(action);
        command.addAll(List.of(rule));
        return command.toArray(String[]::new);
    }

    /** What a program in the place of a server would do, for tests. */
    Shell.Result inside(int server, String... command) {
        List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", namespace("s" + (server + 1))));
        whole.addAll(List.of(command));
        return Shell.attempt(whole.toArray(String[]::new));
    }

    private String namespace(String what) {
        return run + "-" + what;
    }

    private String address(int server) {
        return PREFIX + subnet + "." + (server + 1);
    }

    private static String freeSubnet() {
        String used = Shell.run("ip", "-o", "-4", "route", "show", "table", "all");
        for (int i = 0; i < SUBNETS; i++) {
            if (!used.contains(PREFIX + i + ".")) {
                return Integer.toString(i);
            }
        }
        throw new IllegalStateException("all of " + PREFIX + "0.0/16 is used on this machine");
    }
}
