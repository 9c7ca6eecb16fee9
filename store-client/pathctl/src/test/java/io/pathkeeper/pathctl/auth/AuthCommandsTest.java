package io.pathkeeper.pathctl.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.access.AccessRule;
import io.pathkeeper.client.access.Binding;
import io.pathkeeper.client.access.Decision;
import io.pathkeeper.client.access.Role;
import io.pathkeeper.client.access.Verb;
import io.pathkeeper.pathctl.FakeAccess;
import io.pathkeeper.pathctl.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code pathctl auth} against users and roles in memory. */
@Timeout(60)
class AuthCommandsTest {
    @TempDir
    Path temp;

    private final Run run = new Run();
    private final FakeAccess access = run.client.access;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(temp.resolve(name), text);
    }

    /** Runs a command that must succeed, and returns what it printed. */
    private String ok(String... arguments) {
        assertThat(run.pathctl(arguments)).as(run.err).isZero();
        return run.out();
    }

    private void withAlice() {
        run.typed.addAll(List.of("correct horse", "correct horse"));
        ok("auth", "roles", "set", "app", "--allow", "read,write:/app", "--deny", "WRITE:/app/a:b");
        ok("auth", "users", "add", "alice", "--groups", "ops,dev", "--roles", "app");
    }

    @Test
    void aUserGetsItsPasswordFromTheTerminalAndItsRolesAtOnce() {
        withAlice();

        assertThat(run.out()).isEqualTo("added user alice, roles app, groups ops,dev\n");
        assertThat(run.asked).containsExactly("New password of alice: ", "The same again: ");
        assertThat(access.passwords).containsEntry("alice", "correct horse");
        assertThat(access.bindings.values())
                .containsExactly(new Binding("app:principal:alice", "app", List.of("alice"), List.of()));
        assertThat(access.roles.get("app").rules())
                .containsExactly(
                        AccessRule.allow("/app", Verb.READ, Verb.WRITE), AccessRule.deny("/app/a:b", Verb.WRITE));
    }

    @Test
    void aUserThatExistsStaysAsItIs() {
        withAlice();
        run.typed.addAll(List.of("another one", "another one"));

        assertThat(run.pathctl("auth", "users", "add", "alice")).isEqualTo(4);

        assertThat(run.err).contains("the user alice exists already");
        assertThat(access.passwords).containsEntry("alice", "correct horse");
    }

    @Test
    void passwordsComeFromFilesAndStandardInputToo() throws IOException {
        Path file = file("password", "from a file\r\nnot this");
        ok("auth", "users", "add", "bob", "--new-password-file", file.toString());
        run.inTerminal = false;
        run.input = "from standard input\n".getBytes(StandardCharsets.UTF_8);
        ok("auth", "users", "add", "carol", "--new-password-file", "-");
        ok("auth", "users", "add", "dora", "--no-password");

        assertThat(access.passwords).isEqualTo(Map.of("bob", "from a file", "carol", "from standard input"));
        assertThat(access.users.get("dora").hasPassword()).isFalse();
    }

    @Test
    void twoDifferentPasswordsChangeNothing() {
        run.typed.addAll(List.of("one of them", "the other one"));

        assertThat(run.pathctl("auth", "users", "add", "bob")).isEqualTo(2);

        assertThat(run.err).contains("the two passwords are different");
        assertThat(access.users).isEmpty();
    }

    @Test
    void aRoleThatIsMissingIsToldBeforeTheUserIsMade() {
        assertThat(run.pathctl("auth", "users", "add", "bob", "--no-password", "--roles", "admin,wrong"))
                .isEqualTo(3);

        assertThat(run.err).contains("there is no role wrong");
        assertThat(access.users).isEmpty();
    }

    @Test
    void usersAreListedWithAllTheirRoles() {
        withAlice();
        ok("auth", "grant", "admin", "-g", "ops");
        ok("auth", "grant", "view", "--group", "everyone", "carol");
        ok("auth", "users", "add", "bob", "--no-password");
        ok("auth", "users", "disable", "bob");

        assertThat(ok("auth", "users").lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "NAME GROUPS ROLES PASSWORD STATE",
                        "alice ops,dev admin,app,view yes enabled",
                        "bob - view no disabled");
        assertThat(ok("auth", "users", "show", "alice", "-o", "json"))
                .isEqualTo("{\"name\":\"alice\",\"groups\":[\"ops\",\"dev\"],\"roles\":[\"admin\",\"app\",\"view\"],"
                        + "\"disabled\":false,\"has_password\":true}\n");
        assertThat(ok("auth", "groups").lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly("GROUP ROLES MEMBERS", "dev - alice", "everyone view (all)", "ops admin alice");
    }

    @Test
    void groupsAreReplacedJoinedAndLeft() {
        withAlice();

        assertThat(ok("auth", "users", "set", "alice", "--join", "qa", "--leave", "ops"))
                .isEqualTo("user alice, groups dev,qa\n");
        assertThat(ok("auth", "users", "set", "alice", "--groups", "")).isEqualTo("user alice, groups -\n");
        assertThat(run.pathctl("auth", "users", "set", "alice")).isEqualTo(2);
        assertThat(run.pathctl("auth", "users", "set", "nobody", "--join", "x")).isEqualTo(3);
        assertThat(access.users).containsOnlyKeys("alice");
    }

    @Test
    void aUserIsRemovedWithItsGrantsAndTokens() {
        withAlice();
        ok("auth", "bindings", "set", "both", "--role", "app", "--principals", "alice,bob");
        ok("auth", "tokens", "create", "alice", "--forever");
        ok("auth", "tokens", "create", "bob", "--life", "30d");

        assertThat(ok("auth", "users", "remove", "alice")).isEqualTo("removed user alice, roles app, tokens t1\n");

        assertThat(access.users).isEmpty();
        assertThat(access.bindings.values()).containsExactly(new Binding("both", "app", List.of("bob"), List.of()));
        assertThat(access.tokens).containsOnlyKeys("t2");
        assertThat(run.pathctl("auth", "users", "remove", "alice")).isEqualTo(3);
    }

    @Test
    void aGrantIsTakenBackWhereverItStands() {
        withAlice();
        ok("auth", "grant", "app", "bob");
        ok("auth", "bindings", "set", "hand", "--role", "app", "--principals", "alice", "--groups", "ops");

        assertThat(run.pathctl("auth", "revoke", "app", "alice", "carol")).isEqualTo(3);
        assertThat(access.bindings).hasSize(3);
        assertThat(ok("auth", "revoke", "app", "alice")).isEqualTo("revoked app from principal alice\n");
        assertThat(access.bindings.values())
                .containsExactly(
                        new Binding("app:principal:bob", "app", List.of("bob"), List.of()),
                        new Binding("hand", "app", List.of(), List.of("ops")));
        assertThat(run.pathctl("auth", "grant", "app")).isEqualTo(2);
        assertThat(run.pathctl("auth", "grant", "app", "x".repeat(120))).isEqualTo(2);
    }

    @Test
    void aRoleThatWasPrintedCanBeReadAgain() {
        withAlice();
        run.input = ok("auth", "roles", "show", "app", "--output", "json").getBytes(StandardCharsets.UTF_8);
        ok("auth", "roles", "set", "copy", "--file", "-");

        assertThat(access.roles.get("copy"))
                .isEqualTo(new Role("copy", access.roles.get("app").rules()));
        assertThat(ok("auth", "roles").lines().map(line -> line.replaceAll(" +", " ")))
                .contains("app allow read,write /app", "app deny write /app/a:b");
    }

    @Test
    void rulesThatAreNoneAreRefused() throws IOException {
        assertThat(run.pathctl("auth", "roles", "set", "r", "--allow", "reed:/a"))
                .isEqualTo(2);
        assertThat(run.err).contains("'reed' is no verb; there are read, observe, create");
        assertThat(run.pathctl("auth", "roles", "set", "r", "--allow", "/a")).isEqualTo(2);
        assertThat(run.err).contains("write VERBS:PATH");
        assertThat(run.pathctl("auth", "roles", "set", "r", "--allow", "read:a"))
                .isEqualTo(2);
        assertThat(run.err).contains("must begin with /");
        assertThat(run.pathctl("auth", "roles", "set", "r")).isEqualTo(2);
        Path file = file("rules", "{\"rules\": [{\"path\": \"/a\", \"verbs\": [\"READ\"], \"denny\": true}]}");
        assertThat(run.pathctl("auth", "roles", "set", "r", "--file", file.toString()))
                .isEqualTo(2);
        assertThat(run.err).contains("rule 0 has the unknown field \"denny\"");
        assertThat(access.roles).isEmpty();
    }

    @Test
    void aRemovedRoleIsNamedWhereItStillStands() {
        withAlice();

        assertThat(ok("auth", "roles", "remove", "app")).isEqualTo("removed role app\n");

        assertThat(run.err).contains("app:principal:alice");
    }

    @Test
    void aTokenIsPrintedOnceAndAloneOnStandardOutput() {
        String out = ok("auth", "tokens", "create", "ci", "--life", "30d", "--description", "nightly");

        assertThat(out).isEqualTo("pkt1.t1.secret\n");
        assertThat(run.err)
                .contains("made token t1 for ci, expires 1970-01-31T00:00:00Z")
                .doesNotContain("secret");
        assertThat(ok("auth", "tokens", "-o", "json"))
                .isEqualTo("{\"id\":\"t1\",\"principal\":\"ci\",\"expires_at\":\"1970-01-31T00:00:00Z\","
                        + "\"created_at\":\"1970-01-01T00:00:00Z\",\"description\":\"nightly\"}\n");
        assertThat(ok("auth", "tokens", "revoke", "t1")).isEqualTo("revoked token t1\n");
        assertThat(run.pathctl("auth", "tokens", "revoke", "t1")).isEqualTo(3);
        assertThat(run.pathctl("auth", "tokens", "create", "ci")).isEqualTo(2);
    }

    @Test
    void aTokenGoesToANewFileForItsOwnerAlone() throws IOException {
        Path file = temp.resolve("ci.token");

        assertThat(ok("auth", "tokens", "create", "ci", "--forever", "--to-file", file.toString()))
                .isEmpty();
        assertThat(file).hasContent("pkt1.t1.secret\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(run.pathctl("auth", "tokens", "create", "ci", "--forever", "--to-file", file.toString()))
                .isEqualTo(4);
        assertThat(access.tokens).hasSize(1);
    }

    @Test
    void noFileIsLeftWhenThereIsNoToken() {
        access.deniesTokens = true;
        Path file = temp.resolve("ci.token");

        assertThat(run.pathctl("auth", "tokens", "create", "ci", "--forever", "--to-file", file.toString()))
                .isEqualTo(6);

        assertThat(run.err).contains("pathctl auth check tells which rule decides");
        assertThat(file).doesNotExist();
    }

    @Test
    void checkExplainsAndEndsWithTheDecision() {
        access.decision = new Decision(
                false, "alice", "app", AccessRule.deny("/app", Verb.WRITE), List.of("app"), "the role app denies");

        assertThat(run.pathctl("auth", "check", "write", "/app/x")).isEqualTo(5);
        assertThat(run.out()).isEqualTo("alice may not write /app/x: the role app denies\n");
        access.decision = new Decision(true, "root", "", null, List.of(), "may do everything");
        assertThat(ok("auth", "check", "READ", "/", "-o", "json")).contains("\"allowed\":true", "\"rule\":null");
        assertThat(run.pathctl("auth", "check", "fly", "/")).isEqualTo(2);
        assertThat(run.err).contains("read, observe, create, write, delete, admin");
    }

    @Test
    void whoAmIShowsPrincipalKindAndEnd() {
        assertThat(ok("auth", "whoami").lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "principal alice", "kind password", "groups ops", "roles app", "expires 1970-01-01T00:00:00Z");
    }

    @Test
    void onesOwnPasswordIsChangedWithTheOldOne() {
        access.passwords.put("alice", "the old one");
        run.typed.addAll(List.of("the old one", "the new one", "the new one"));

        ok("auth", "passwd", "--user", "alice");

        assertThat(run.asked).containsExactly("Password of alice: ", "New password of alice: ", "The same again: ");
        assertThat(access.passwords).containsEntry("alice", "the new one");
        assertThat(run.pathctl("auth", "passwd")).isEqualTo(2);
        assertThat(run.err).contains("say who you are with --user NAME");
    }

    @Test
    void aPasswordIsExchangedForATokenForOtherPrograms() throws IOException {
        access.passwords.put("alice", "correct horse");
        Path file = file("password", "correct horse\n");
        run.environment = Map.of(
                "PATHCTL_SERVERS", "db1:7420", "PATHCTL_USER", "alice", "PATHCTL_PASSWORD_FILE", file.toString());

        assertThat(ok("auth", "sign-in")).isEqualTo("pks1.secret\n");

        assertThat(run.err).contains("alice is signed in for 12h 0m");
    }

    @Test
    void namespacesAreMadeListedAndRemoved() {
        assertThat(ok("auth", "namespaces", "set", "team", "/teams/a"))
                .isEqualTo("made namespace team, root /teams/a\n");
        assertThat(ok("auth", "namespaces", "-o", "json")).isEqualTo("{\"name\":\"team\",\"path\":\"/teams/a\"}\n");
        assertThat(ok("auth", "namespaces", "remove", "team")).isEqualTo("removed namespace team\n");
        assertThat(run.pathctl("auth", "namespaces", "remove", "team")).isEqualTo(3);
    }

    @Test
    void aUserAmongTheOptionsGoesBeforeATokenOfTheEnvironment() throws IOException {
        Path password = file("password", "correct horse\n");
        run.environment = Map.of("PATHCTL_TOKEN_FILE", "/nowhere/token");

        assertThat(ok("auth", "whoami", "--user", "alice", "--password-file", password.toString()))
                .isNotEmpty();
        assertThat(run.pathctl("get", "/", "--user", "alice", "--token-file", "t"))
                .isEqualTo(2);
        assertThat(run.err).contains("two ways to say who you are");
    }

    @Test
    void theTimeLimitMayComeFromTheEnvironment() {
        run.environment = Map.of("PATHCTL_TIMEOUT", "45s");
        ok("auth", "whoami");
        assertThat(run.connectedTo).endsWith(" PT45S");
        ok("auth", "whoami", "--timeout", "5s");
        assertThat(run.connectedTo).endsWith(" PT5S");
        run.environment = Map.of("PATHCTL_TIMEOUT", "soon");
        assertThat(run.pathctl("auth", "whoami")).isEqualTo(2);
        assertThat(run.err).contains("PATHCTL_TIMEOUT: 'soon' is no time span");
    }

    @Test
    void authAloneTellsWhatThereIs() {
        assertThat(run.pathctl("auth")).isEqualTo(2);
        assertThat(run.err).contains("auth needs a command");
        assertThat(ok("auth", "--help")).contains("whoami", "users", "roles", "grant", "tokens", "namespaces");
        assertThat(ok("auth", "tokens", "create", "--help")).contains("--to-file", "--life");
        assertThat(ok("completion")).contains("sign-in", "--new-password-file");
    }

    @Test
    void lifeIsWhatWasSaid() {
        ok("auth", "tokens", "create", "ci", "--life", "12h");

        assertThat(Duration.between(
                        access.tokens.get("t1").createdAt(),
                        access.tokens.get("t1").expiresAt()))
                .isEqualTo(Duration.ofHours(12));
    }
}
