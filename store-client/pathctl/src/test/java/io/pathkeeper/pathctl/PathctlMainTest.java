package io.pathkeeper.pathctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.model.MemberRole;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.ZnodeKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PathctlMainTest {
    private final Run run = new Run();

    @Test
    void createsAndPrintsThePath() {
        assertThat(run.pathctl("create", "/config", "--json", "{\"port\": 8080}"))
                .isZero();
        assertThat(run.out()).isEqualTo("/config\n");
        assertThat(run.tree.node("/config").value).isEqualTo(Value.map("port", 8080));
    }

    @Test
    void createsWithTheNullValueOnATerminal() {
        assertThat(run.pathctl("create", "/a")).isZero();
        assertThat(run.tree.node("/a").value).isEqualTo(Value.NULL);
    }

    @Test
    void createsParentsKindsAndTimes() {
        assertThat(run.pathctl("create", "/a/b", "-p", "--ttl", "30s", "--content-type", "text/plain", "--value", "x"))
                .isZero();
        FakeTree.Node node = run.tree.node("/a/b");
        assertThat(node.kind).isEqualTo(ZnodeKind.TTL);
        assertThat(node.ttl).hasSeconds(30);
        assertThat(node.contentType).isEqualTo("text/plain");
        assertThat(run.pathctl("create", "/c", "--container", "--ttl", "30s")).isEqualTo(2);
        assertThat(run.pathctl("create", "/c", "--ttl", "soon")).isEqualTo(2);
        assertThat(run.err).contains("--ttl").contains("'soon'").hasLineCount(1);
    }

    @Test
    void takesBytesFromStandardInputWhenItIsNoTerminal() {
        run.pathctl("create", "/a");
        run.inTerminal = false;
        run.input = new byte[] {0, 1, (byte) 0xff};
        assertThat(run.pathctl("set", "/a")).isZero();
        assertThat(run.tree.node("/a").value).isEqualTo(Value.of(new byte[] {0, 1, (byte) 0xff}));
        run.input = "42".getBytes(StandardCharsets.UTF_8);
        assertThat(run.pathctl("set", "/a", "--type", "int")).isZero();
        assertThat(run.tree.node("/a").value).isEqualTo(Value.of(42));
        run.input = new byte[0];
        assertThat(run.pathctl("set", "/a")).isEqualTo(2);
        assertThat(run.err).contains("standard input gives none").hasLineCount(1);
        assertThat(run.tree.node("/a").value).isEqualTo(Value.of(42));
        assertThat(run.pathctl("create", "/b")).isZero();
        assertThat(run.tree.node("/b").value).isEqualTo(Value.NULL);
    }

    @Test
    void refusesTwoValuesAndNone() {
        assertThat(run.pathctl("set", "/a", "--value", "x", "--json", "1")).isEqualTo(2);
        assertThat(run.err)
                .startsWith("pathctl: ")
                .contains("mutually exclusive")
                .hasLineCount(1);
        assertThat(run.pathctl("set", "/a")).isEqualTo(2);
        assertThat(run.err).contains("no value");
    }

    @Test
    void printsValuesByType() {
        put("/text", Value.of("über\n2"));
        put("/bytes", Value.of(new byte[] {'a', 0, (byte) 0xfe}));
        put("/map", Value.map("n", Long.MAX_VALUE, "d", 1.0, "b", new byte[] {1}));
        assertThat(run.pathctl("get", "/text")).isZero();
        assertThat(run.out()).isEqualTo("über\n2\n");
        run.pathctl("get", "--raw", "/text");
        assertThat(run.out()).isEqualTo("über\n2");
        run.pathctl("get", "/bytes");
        assertThat(run.outBytes).containsExactly('a', 0, 0xfe);
        run.outTerminal = true;
        run.pathctl("get", "/bytes");
        assertThat(run.out()).isEqualTo("{\"$bytes\":\"YQD+\"}\n");
        run.pathctl("get", "/map");
        assertThat(run.out()).isEqualTo("{\"n\":9223372036854775807,\"d\":1.0,\"b\":{\"$bytes\":\"AQ==\"}}\n");
        run.pathctl("get", "/map", "-o", "json");
        assertThat(run.out())
                .startsWith("{\"path\":\"/map\",\"data\":{\"n\":9223372036854775807")
                .contains("\"stat\":{");
    }

    @Test
    void answersWithDocumentedExitCodes() {
        put("/a/b", Value.of("x"));
        assertThat(run.pathctl("get", "/missing")).isEqualTo(3);
        assertThat(run.err).isEqualTo("pathctl: there is no znode /missing\n");
        assertThat(run.pathctl("create", "/no/parent")).isEqualTo(3);
        assertThat(run.err).contains("-p");
        assertThat(run.pathctl("create", "/a")).isEqualTo(4);
        assertThat(run.pathctl("set", "/a/b", "--value", "y", "--if-version", "7"))
                .isEqualTo(5);
        assertThat(run.pathctl("delete", "/a")).isEqualTo(6);
        assertThat(run.err).contains("delete -r").hasLineCount(1);
        assertThat(run.pathctl("set", "/a", "--file", "/no/such")).isEqualTo(1);
        assertThat(run.err).isEqualTo("pathctl: cannot read /no/such: no such file or directory\n");
        assertThat(run.pathctl("get", "/a", "--timeout", "1h")).isEqualTo(2);
        assertThat(run.err).contains("allowed are 1ms to 5m");
        assertThat(run.pathctl("get", "relative")).isEqualTo(2);
        assertThat(run.err).contains("must begin with /");
        assertThat(run.pathctl("gte", "/a")).isEqualTo(2);
        run.tree.unavailable = true;
        assertThat(run.pathctl("get", "/a")).isEqualTo(1);
        assertThat(run.err)
                .isEqualTo("pathctl: no server could be reached (servers tried: db1:7420,db2:7420);"
                        + " check that they run, or name others with --servers\n");
    }

    @Test
    void anUnclearOutcomeIsNoRefusal() {
        put("/a", Value.of("x"));
        run.tree.unclear = new java.util.Random(0) {
            @Override
            public int nextInt(int bound) {
                return bound - 1;
            }
        };
        assertThat(run.pathctl("set", "/a", "--value", "y")).isEqualTo(1);
        assertThat(run.err).contains("the change may have been made: look before doing it again");
    }

    @Test
    void showsAStackTraceOnlyWhenAsked() {
        assertThat(run.pathctl("get", "/missing")).isEqualTo(3);
        assertThat(run.err).hasLineCount(1);
        assertThat(run.pathctl("--verbose", "get", "/missing")).isEqualTo(3);
        assertThat(run.err).contains("\tat ");
    }

    @Test
    void takesServersAndTimeLimitFromOptionsBeforeTheEnvironment() {
        run.pathctl("ls");
        assertThat(run.connectedTo).isEqualTo("db1:7420,db2:7420 PT10S");
        run.pathctl("ls", "/", "--servers", "other:1", "--timeout", "1500ms");
        assertThat(run.connectedTo).isEqualTo("other:1 PT1.5S");
        run.pathctl("--timeout=2m", "export", "/", "--json");
        assertThat(run.connectedTo).isEqualTo("db1:7420,db2:7420 PT2M");
        run.pathctl("export", "/", "--json");
        assertThat(run.connectedTo).isEqualTo("db1:7420,db2:7420 PT1M");
    }

    @Test
    void listsAndDraws() {
        put("/a/b", Value.of("x"));
        put("/a/c/d", Value.map("k", 1));
        run.pathctl("ls", "/a");
        assertThat(run.out()).isEqualTo("b\nc\n");
        run.pathctl("ls", "/a", "-o", "json");
        assertThat(run.out().lines()).hasSize(2).first().asString().startsWith("{\"name\":\"b\"");
        run.pathctl("ls", "-l", "/a");
        assertThat(run.out()).startsWith("KIND").contains("persistent");
        run.pathctl("tree", "/a", "--values");
        assertThat(run.out()).isEqualTo("/a\n  b = \"x\"\n  c\n    d = {\"k\":1}\n\n4 znodes\n");
        run.pathctl("tree", "--depth", "1");
        assertThat(run.out()).isEqualTo("/\n  a\n\n2 znodes, 3 deeper\n");
    }

    @Test
    void deletesInPartsWhatIsTooLargeForOneCall() {
        for (int i = 0; i < 3 * FakeTree.MAX_RECURSIVE_DELETE; i++) {
            put("/big/d" + i % 3 + "/n" + i, Value.NULL);
        }
        assertThat(run.pathctl("delete", "-r", "/big")).isEqualTo(6);
        assertThat(run.pathctl("delete", "-r", "--in-parts", "/big")).isZero();
        assertThat(run.out()).isEqualTo("deleted /big and 153 more\n");
        assertThat(run.tree.nodes).hasSize(1);
    }

    @Test
    void statusNamesTheUnreachableAndNeedsALeader() {
        run.tree.status(MemberRole.LEADER, 0xabc);
        assertThat(run.pathctl("status")).isZero();
        assertThat(run.out())
                .contains("leader")
                .contains("0000000000000abc")
                .contains("unreachable")
                .contains("1m 30s");
        run.tree.statuses.clear();
        run.tree.status(MemberRole.FOLLOWER, 1);
        run.tree.status(MemberRole.FOLLOWER, 1);
        assertThat(run.pathctl("status")).isEqualTo(1);
        run.tree.statuses.clear();
        run.tree.status(MemberRole.LEADER, 1);
        run.tree.status(MemberRole.FOLLOWER, 2);
        assertThat(run.pathctl("status", "-o", "json")).isEqualTo(1);
        assertThat(run.err).contains("s1 and s2 have different digests at revision 1");
    }

    @Test
    void statusShowsAlarms() {
        run.tree.status(MemberRole.LEADER, 1, List.of("client.tls.certificate ends at noon"));
        assertThat(run.pathctl("status")).isZero();
        assertThat(run.out()).contains("s1: alarm: client.tls.certificate ends at noon");
        run.tree.statuses.clear();
        run.tree.status(MemberRole.LEADER, 1, List.of("client.tls.certificate ends at noon"));
        assertThat(run.pathctl("status", "-o", "json")).isZero();
        assertThat(run.out()).contains("\"client.tls.certificate ends at noon\"");
    }

    @Test
    void exitCodesInTheHelpAreThoseOfTheEnum() {
        run.pathctl("--help");
        String codes = Arrays.stream(Pathctl.class
                        .getAnnotation(picocli.CommandLine.Command.class)
                        .exitCodeList())
                .map(String::strip)
                .collect(Collectors.joining("\n"));
        assertThat(codes)
                .isEqualTo(Arrays.stream(ExitCode.values())
                        .map(c -> c.code() + ":" + c.meaning())
                        .collect(Collectors.joining("\n")));
        assertThat(run.out()).contains("Exit codes:").contains("  130 ");
    }

    @Test
    void helpAndCompletionKnowEveryCommand() {
        assertThat(run.pathctl("completion", "bash")).isZero();
        Commands.names().forEach(name -> assertThat(run.out()).contains(name));
        Commands.names().forEach(name -> {
            assertThat(run.pathctl(name, "--help")).as(name).isZero();
            assertThat(run.out()).contains("Usage: pathctl " + name).contains("--servers");
            assertThat(run.pathctl("help", name)).as(name).isZero();
        });
    }

    @Test
    void findsTheCommandBehindGlobalOptions() {
        assertThat(Commands.commandName("--servers", "a:1", "-o", "json", "--verbose", "ls", "/"))
                .isEqualTo("ls");
        assertThat(Commands.commandName("--servers=a:1", "get")).isEqualTo("get");
        assertThat(Commands.commandName("--help")).isNull();
    }

    private void put(String path, Value value) {
        run.tree.create(
                path, value, io.pathkeeper.client.model.CreateOptions.defaults().createParents(true));
    }
}
