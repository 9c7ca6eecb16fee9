package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.pathkeeper.server.AuditedCalls.Row;
import io.pathkeeper.v1.AuthServiceGrpc;
import io.pathkeeper.v1.AuthenticateResponse;
import io.pathkeeper.v1.CreateSessionResponse;
import io.pathkeeper.v1.CreateTokenResponse;
import io.pathkeeper.v1.DeleteNamespaceRequest;
import io.pathkeeper.v1.PipelineOperation;
import io.pathkeeper.v1.StoreServiceGrpc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every method and every operation of a pipeline, as the descriptors have them, by somebody who may, somebody who may not, and nobody: each
 * that changes the state, and each refusal and sign-in, is one line of the audit log. What changes the state is seen in the state, so that a
 * new method that writes cannot pass for one that reads.
 */
@Timeout(180)
class AuditCompletenessTest {
    private static final String PIPELINE = StoreServiceGrpc.getPipelineMethod().getFullMethodName();
    /** Changes nothing and shows everything. */
    private static final String BACKUP =
            io.pathkeeper.v1.MaintenanceServiceGrpc.getBackupMethod().getFullMethodName();

    private static final Set<String> SIGN_INS =
            Set.of(AuthServiceGrpc.getAuthenticateMethod().getFullMethodName());
    /** Told whether they change anything or not. Members and levels of logs are no part of the state, so that the revision says nothing of them. */
    private static final Set<String> ALWAYS = Set.of(
            "AddMember",
            "RemoveMember",
            "UpdateMember",
            "ReplaceMember",
            "PromoteMember",
            "DemoteMember",
            "TransferLeadership",
            "SetLogLevel");

    private static final Set<String> FIELDS =
            Set.of("time", "principal", "credential", "peer", "method", "path", "revision", "outcome");

    /** Who calls. */
    private enum Caller {
        ADMINISTRATOR,
        STRANGER,
        NOBODY,
        FORGER
    }

    /**
     * What became of a call.
     *
     * @param changed whether the state is another one behind it
     * @param outcome gRPC code of the answer
     * @param lines what it left in the log, field by field
     */
    private record Seen(
            String method, Caller caller, boolean changed, String outcome, List<Map<String, String>> lines) {}

    @TempDir
    private static Path dir;

    private static AuthCluster cluster;
    private static AuditedCalls calls;
    private static final List<Seen> ALL = new ArrayList<>();
    private static final Set<String> SECRETS = new HashSet<>();
    private static String log = "";

    @BeforeAll
    static void callEverything() throws Exception {
        cluster = new AuthCluster(dir, Map.of());
        calls = new AuditedCalls(cluster);
        cluster.bind("admin", "administrator");
        Map<Caller, String> tokens = Map.of(
                Caller.ADMINISTRATOR,
                cluster.token("administrator"),
                Caller.STRANGER,
                cluster.token("stranger"),
                Caller.NOBODY,
                "",
                Caller.FORGER,
                "pkt1.forged.token-that-nobody-logs");
        SECRETS.addAll(tokens.values());
        SECRETS.remove("");
        SECRETS.addAll(List.of(AuthCluster.ROOT, AuditedCalls.VALUE, AuditedCalls.PASSWORD, AuditedCalls.NOTE));
        List<Made> made = new ArrayList<>();
        for (Map.Entry<String, Row> row : calls.rows().entrySet()) {
            MethodDescriptor<?, ?> method = AnyCall.methods().get(methodOf(row.getKey()));
            for (Caller caller : Caller.values()) {
                Message request = row.getValue().request().get();
                String mark = "mark-" + made.size();
                mark(mark);
                long before = revision();
                AnyCall.Answer answer = AnyCall.make(cluster.as(tokens.get(caller)), method, request);
                answer.messages().forEach(AuditCompletenessTest::keepSecrets);
                made.add(new Made(
                        row.getKey(),
                        caller,
                        mark,
                        revision() != before,
                        answer.code().name()));
            }
        }
        mark("mark-" + made.size());
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> Files.readString(cluster.auditFile).contains("\"mark-" + made.size() + "\""));
        log = Files.readString(cluster.auditFile);
        Map<String, List<Map<String, String>>> linesByMark = linesByMark();
        made.forEach(one -> ALL.add(
                new Seen(one.method(), one.caller(), one.changed(), one.outcome(), linesByMark.get(one.mark()))));
    }

    private record Made(String method, Caller caller, String mark, boolean changed, String outcome) {}

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static String methodOf(String row) {
        return row.startsWith(PIPELINE + "/") ? PIPELINE : row;
    }

    /** A line that stands before those of the next call. */
    private static void mark(String name) {
        Reasons.of(() -> cluster.root()
                .deleteNamespace(
                        DeleteNamespaceRequest.newBuilder().setName(name).build()));
    }

    /** Counts every change, whatever it is of. */
    private static long revision() {
        return cluster.server.node().view().revision();
    }

    private static void keepSecrets(Message answer) {
        if (answer instanceof CreateTokenResponse token) {
            SECRETS.add(token.getToken());
        } else if (answer instanceof AuthenticateResponse token) {
            SECRETS.add(token.getToken());
        } else if (answer instanceof CreateSessionResponse created) {
            SECRETS.add(created.getSession().getSecret().toString(StandardCharsets.ISO_8859_1));
        }
    }

    private static Map<String, List<Map<String, String>>> linesByMark() throws IOException {
        Map<String, List<Map<String, String>>> found = new LinkedHashMap<>();
        List<Map<String, String>> current = new ArrayList<>();
        for (String line : log.lines().toList()) {
            Map<String, String> fields = fields(line);
            if (fields.getOrDefault("path", "").startsWith("mark-")) {
                current = new ArrayList<>();
                found.put(fields.get("path"), current);
            } else if (!fields.getOrDefault("principal", "").equals("root")) { // who prepares the calls
                current.add(fields);
            }
        }
        return found;
    }

    private static Map<String, String> fields(String line) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(line)) {
            assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                fields.put(name, parser.getText());
            }
        }
        return fields;
    }

    /** Everything that clients can send: methods, and the kinds of operations of a pipeline. */
    private static Set<String> everything() {
        Set<String> all = new TreeSet<>(AnyCall.methods().keySet());
        all.remove(PIPELINE);
        for (FieldDescriptor kind :
                PipelineOperation.getDescriptor().getOneofs().get(0).getFields()) {
            all.add(PIPELINE + "/" + kind.getName());
        }
        return all;
    }

    private static List<String> violations(Set<String> rows, List<Seen> all) {
        List<String> wrong = new ArrayList<>();
        everything().stream().filter(name -> !rows.contains(name)).forEach(name -> wrong.add(name + " has no row"));
        for (Seen seen : all) {
            String what = seen.method() + " by " + seen.caller();
            boolean refused =
                    seen.outcome().equals("PERMISSION_DENIED") || seen.outcome().equals("UNAUTHENTICATED");
            boolean always =
                    ALWAYS.contains(seen.method().substring(seen.method().lastIndexOf('/') + 1));
            boolean takesAll = seen.method().equals(BACKUP);
            boolean wanted = seen.changed() || refused || always || takesAll || SIGN_INS.contains(seen.method());
            if (seen.lines().size() != (wanted ? 1 : 0)) {
                wrong.add(what + ", which " + (seen.changed() ? "changed the state" : "ended with " + seen.outcome())
                        + ", has " + seen.lines().size() + " lines");
            } else if (wanted) {
                wrong.addAll(wrongIn(what, seen, seen.lines().get(0)));
            }
        }
        return wrong;
    }

    private static List<String> wrongIn(String what, Seen seen, Map<String, String> line) {
        List<String> wrong = new ArrayList<>();
        FIELDS.stream().filter(field -> !line.containsKey(field)).forEach(field -> wrong.add(what + " lacks " + field));
        if (!line.getOrDefault("method", "").equals(seen.method()) && !refusedBeforeItWasRead(seen, line)) {
            wrong.add(what + " is told as " + line.get("method"));
        }
        if (!line.getOrDefault("outcome", "").equals(seen.outcome())) {
            wrong.add(what + " ended with " + seen.outcome() + " and is told as " + line.get("outcome"));
        }
        String principal = switch (seen.caller()) {
            case ADMINISTRATOR -> "administrator";
            case STRANGER -> "stranger";
            case NOBODY, FORGER -> "";
        };
        boolean open =
                AnyCall.methods().get(methodOf(seen.method())).getServiceName().startsWith("grpc.health")
                        || SIGN_INS.contains(seen.method())
                        || seen.method().endsWith("/ChangePassword");
        if (!line.getOrDefault("principal", "?").equals(principal) && !open) {
            wrong.add(what + " is told of " + line.get("principal"));
        }
        if (!line.getOrDefault("peer", "").startsWith("127.0.0.1:")) {
            wrong.add(what + " came from " + line.get("peer"));
        }
        if (seen.changed() && Long.parseLong(line.getOrDefault("revision", "0")) <= 0) {
            wrong.add(what + " changed the state at no revision");
        }
        boolean mayHaveNoPath = seen.outcome().equals("UNAUTHENTICATED");
        if (line.getOrDefault("path", "").isEmpty() && seen.changed() && !mayHaveNoPath) {
            wrong.add(what + " is about nothing");
        }
        return wrong;
    }

    /** Whoever has no credential is refused before operations are looked at. */
    private static boolean refusedBeforeItWasRead(Seen seen, Map<String, String> line) {
        return seen.outcome().equals("UNAUTHENTICATED") && PIPELINE.equals(line.get("method"));
    }

    @Test
    void everyChangeEveryRefusalAndEverySignInIsOneLine() {
        assertThat(violations(calls.rows().keySet(), ALL)).isEmpty();
        assertThat(ALL)
                .filteredOn(seen -> seen.outcome().equals("PERMISSION_DENIED"))
                .hasSizeGreaterThan(25);
        assertThat(ALL)
                .filteredOn(seen -> seen.outcome().equals("UNAUTHENTICATED"))
                .hasSizeGreaterThan(80);
    }

    @Test
    void everyRowDoesWhatItSays() {
        assertThat(ALL)
                .filteredOn(seen -> seen.caller() == Caller.ADMINISTRATOR)
                .allSatisfy(seen -> {
                    assertThat(seen.outcome())
                            .as(seen.method())
                            .isEqualTo(calls.rows().get(seen.method()).outcome());
                    assertThat(seen.changed())
                            .as(seen.method() + " changes the state")
                            .isEqualTo(calls.rows().get(seen.method()).changes());
                });
        assertThat(ALL)
                .filteredOn(seen -> !seen.outcome().equals("OK"))
                .allSatisfy(seen -> assertThat(seen.changed()).as(seen.method()).isFalse());
    }

    @Test
    void changesOfTheMembersSayWhichOne() {
        assertThat(ALL)
                .filteredOn(seen -> seen.caller() == Caller.ADMINISTRATOR)
                .filteredOn(seen ->
                        ALWAYS.contains(seen.method().substring(seen.method().lastIndexOf('/') + 1)))
                .filteredOn(seen -> !seen.method().endsWith("/SetLogLevel"))
                .hasSize(ALWAYS.size() - 1)
                .allSatisfy(seen -> assertThat(seen.lines().get(0).get("path")).isIn("s0", "s1"));
    }

    @Test
    void aMethodWithoutARowIsFound() {
        Set<String> rows = new HashSet<>(calls.rows().keySet());
        rows.remove("pathkeeper.v1.StoreService/Set");
        rows.remove(PIPELINE + "/set");

        assertThat(violations(rows, ALL))
                .containsExactly(
                        "pathkeeper.v1.StoreService/Pipeline/set has no row",
                        "pathkeeper.v1.StoreService/Set has no row");
    }

    @Test
    void aLineThatIsMissingTwiceThereOrWrongIsFound() {
        for (Seen seen : ALL) {
            if (seen.lines().isEmpty()) {
                continue;
            }
            Map<String, String> line = seen.lines().get(0);
            for (List<Map<String, String>> planted : List.of(
                    List.<Map<String, String>>of(),
                    List.of(line, line),
                    List.of(with(line, "outcome", "ABORTED")),
                    List.of(with(line, "peer", "")))) {
                assertThat(violations(
                                calls.rows().keySet(),
                                List.of(new Seen(
                                        seen.method(), seen.caller(), seen.changed(), seen.outcome(), planted))))
                        .as(seen.method() + " " + planted)
                        .isNotEmpty();
            }
        }
        Seen read = ALL.stream()
                .filter(seen -> seen.method().endsWith("/Get") && seen.caller() == Caller.ADMINISTRATOR)
                .findFirst()
                .orElseThrow();
        assertThat(violations(
                        calls.rows().keySet(), List.of(new Seen(read.method(), read.caller(), true, "OK", List.of()))))
                .as("a method that was thought to read and changes something")
                .containsExactly(read.method() + " by ADMINISTRATOR, which changed the state, has 0 lines");
    }

    private static Map<String, String> with(Map<String, String> line, String field, String value) {
        Map<String, String> changed = new LinkedHashMap<>(line);
        changed.put(field, value);
        return changed;
    }

    @Test
    void noSecretAndNoValueIsInTheLog() {
        assertThat(SECRETS).hasSizeGreaterThan(8);
        assertThat(secretsIn(log)).isEmpty();
        SECRETS.forEach(
                secret -> assertThat(secretsIn(log + "planted " + secret)).isNotEmpty());
    }

    private static List<String> secretsIn(String text) {
        return SECRETS.stream()
                .filter(secret -> text.contains(secret)
                        || text.contains(
                                java.util.Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8))))
                .toList();
    }

    @Test
    void signInsStandThereGoodAndBad() throws Exception {
        cluster.user("carol", AuditedCalls.PASSWORD);
        cluster.signIn("carol", AuditedCalls.PASSWORD);
        assertThat(Reasons.of(() -> cluster.signIn("carol", "wrong-" + AuditedCalls.PASSWORD)))
                .isEqualTo("SIGN_IN_FAILED");
        mark("mark-sign-ins");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> Files.readString(cluster.auditFile).contains("\"mark-sign-ins\""));
        List<Map<String, String>> lines = new ArrayList<>();
        for (String line : Files.readAllLines(cluster.auditFile)) {
            if (line.contains("/Authenticate\"") && line.contains("\"carol\"")) {
                lines.add(fields(line));
            }
        }
        assertThat(lines).extracting(line -> line.get("outcome")).containsExactly("OK", "UNAUTHENTICATED");
        assertThat(lines).extracting(line -> line.get("reason")).containsExactly(null, "SIGN_IN_FAILED");
        assertThat(lines)
                .allSatisfy(line -> assertThat(Instant.parse(line.get("time")))
                        .isBefore(Instant.now().plusSeconds(1)));
        assertThat(Files.readString(cluster.auditFile)).doesNotContain(AuditedCalls.PASSWORD);
    }
}
