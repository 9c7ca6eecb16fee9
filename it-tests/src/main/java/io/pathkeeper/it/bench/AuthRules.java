package io.pathkeeper.it.bench;

import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.pathkeeper.v1.AccessRule;
import io.pathkeeper.v1.AuthServiceGrpc;
import io.pathkeeper.v1.Binding;
import io.pathkeeper.v1.CreateTokenRequest;
import io.pathkeeper.v1.Role;
import io.pathkeeper.v1.SetBindingRequest;
import io.pathkeeper.v1.SetRoleRequest;
import io.pathkeeper.v1.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Roles with many rules, all of which the one principal has who makes the load: some allow it the znodes that are measured, some allow or deny
 * others beside and below them. Immutable but for its files.
 */
final class AuthRules {
    /** Roles over which the rules are spread. */
    static final int ROLES = 100;

    private static final int MOST_RULES = 20_000;
    private static final String PRINCIPAL = "bench";

    private final int rules;
    private final String rootToken;

    /** Describes so many rules: a multiple of the number of roles. */
    AuthRules(int rules) {
        if (rules < ROLES || rules > MOST_RULES || rules % ROLES != 0) {
            throw new WrongUseException("--auth-rules is " + rules + ": allowed are multiples of " + ROLES + " from "
                    + ROLES + " to " + MOST_RULES + ", which a server holds");
        }
        this.rules = rules;
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        rootToken = HexFormat.of().formatHex(secret);
    }

    String rootToken() {
        return rootToken;
    }

    /** Settings of the servers; {@link #write} makes the file that they name. */
    List<String> settings(Path directory) {
        return List.of("auth.enabled=true", "auth.root_token_file=" + tokenFile(directory));
    }

    private static Path tokenFile(Path directory) {
        return directory.resolve("root.token");
    }

    /** Writes what the settings name. */
    void write(Path directory) throws IOException {
        Path file = tokenFile(directory);
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(file, rootToken + "\n");
    }

    /**
     * Makes roles, a binding and a token.
     *
     * @param address of a server that is ready
     * @return the token that the load is made with
     */
    String install(String address) {
        ManagedChannel channel =
                NettyChannelBuilder.forTarget(address).usePlaintext().build();
        try {
            Metadata headers = new Metadata();
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + rootToken);
            AuthServiceGrpc.AuthServiceBlockingStub stub = AuthServiceGrpc.newBlockingStub(
                            ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers)))
                    .withDeadlineAfter(2, TimeUnit.MINUTES);
            for (int role = 0; role < ROLES; role++) {
                stub.setRole(SetRoleRequest.newBuilder().setRole(role(role)).build());
                stub.setBinding(SetBindingRequest.newBuilder()
                        .setBinding(Binding.newBuilder()
                                .setName("b" + role)
                                .setRole("r" + role)
                                .addPrincipals(PRINCIPAL))
                        .build());
            }
            return stub.createToken(CreateTokenRequest.newBuilder()
                            .setPrincipal(PRINCIPAL)
                            .build())
                    .getToken();
        } finally {
            channel.shutdownNow();
        }
    }

    private Role role(int number) {
        Role.Builder role = Role.newBuilder().setName("r" + number);
        List<Verb> all = List.of(Verb.VERB_READ, Verb.VERB_CREATE, Verb.VERB_WRITE, Verb.VERB_DELETE);
        role.addRules(AccessRule.newBuilder().setPath(Znodes.ROOT).addAllVerbs(all));
        for (int i = 1; i < rules / ROLES; i++) {
            AccessRule.Builder rule = AccessRule.newBuilder().addAllVerbs(all);
            switch (i % 3) {
                case 0 -> rule.setPath(Znodes.parent(i)); // allows what is allowed already, one name deeper
                case 1 -> rule.setPath(Znodes.parent(i) + "/denied-" + number).setDeny(true);
                default -> rule.setPath("/apps/team-" + number + "/service-" + i);
            }
            role.addRules(rule);
        }
        return role.build();
    }
}
