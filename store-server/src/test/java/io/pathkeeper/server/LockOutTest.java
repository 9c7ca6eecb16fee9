package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.v1.AuthServiceGrpc;
import io.pathkeeper.v1.AuthServiceGrpc.AuthServiceBlockingStub;
import io.pathkeeper.v1.DeleteUserRequest;
import io.pathkeeper.v1.ListUsersRequest;
import io.pathkeeper.v1.SetUserRequest;
import io.pathkeeper.v1.WhoAmIRequest;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster whose only administrator is gone opens again with the token in a file of its configuration, and with nothing else. */
@Timeout(180)
class LockOutTest {
    private static final String PASSWORD = "correct horse";

    @TempDir
    private Path dir;

    private static AuthServiceBlockingStub auth(AuthCluster cluster, String token) {
        return AuthServiceGrpc.newBlockingStub(cluster.as(token)).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private static String refusal(AuthCluster cluster, String token) {
        return Reasons.of(() -> auth(cluster, token).whoAmI(WhoAmIRequest.getDefaultInstance()));
    }

    @Test
    void theBreakGlassTokenOpensAClusterWithoutAnAdministrator() throws Exception {
        try (AuthCluster cluster = new AuthCluster(dir, Map.of())) {
            cluster.user("alice", PASSWORD);
            cluster.bind("admin", "alice");
        }
        String signedIn;
        try (AuthCluster closed = new AuthCluster(dir, Map.of("auth.root_token_file", ""))) {
            assertThat(refusal(closed, AuthCluster.ROOT)).isEqualTo("TOKEN_INVALID");
            signedIn = closed.signIn("alice", PASSWORD);
            AuthServiceBlockingStub alice = auth(closed, signedIn);
            alice.deleteUser(DeleteUserRequest.newBuilder().setName("alice").build());

            // nobody can administer any more, nor sign in
            assertThat(refusal(closed, signedIn)).isEqualTo("TOKEN_INVALID");
            assertThat(Reasons.of(() -> closed.signIn("alice", PASSWORD))).isEqualTo("SIGN_IN_FAILED");
            assertThat(Reasons.of(() -> auth(closed, "").setUser(SetUserRequest.getDefaultInstance())))
                    .isEqualTo("CREDENTIAL_MISSING");
        }
        try (AuthCluster opened = new AuthCluster(dir, Map.of())) {
            opened.user("alice", "another horse");
            String again = opened.signIn("alice", "another horse");
            assertThat(auth(opened, again)
                            .listUsers(ListUsersRequest.getDefaultInstance())
                            .getUsersCount())
                    .isEqualTo(1);
            assertThat(refusal(opened, signedIn))
                    .as("of the one who was deleted")
                    .isEqualTo("TOKEN_INVALID");
        }
    }
}
