package io.pathkeeper.server.rpc;

import io.grpc.stub.StreamObserver;
import io.pathkeeper.server.auth.AuthPaths;
import io.pathkeeper.server.auth.AuthRecords;
import io.pathkeeper.server.auth.AuthState;
import io.pathkeeper.server.auth.Gatekeeper;
import io.pathkeeper.server.auth.StaticToken;
import io.pathkeeper.server.auth.Tokens;
import io.pathkeeper.v1.CreateTokenRequest;
import io.pathkeeper.v1.CreateTokenResponse;
import io.pathkeeper.v1.DeleteTokenRequest;
import io.pathkeeper.v1.DeleteTokenResponse;
import io.pathkeeper.v1.ListTokensRequest;
import io.pathkeeper.v1.ListTokensResponse;

/** Calls of AuthService about static tokens. */
final class TokenCalls {
    private static final int MOST_TOKENS = 10_000;
    private static final int MAX_DESCRIPTION_BYTES = 256;
    private static final long MAX_LIFE_MILLIS = 10L * 365 * 24 * 3_600 * 1_000;

    private final CoordinationContext context;
    private final Gatekeeper keeper;
    private final AuthRecordCalls records;

    TokenCalls(CoordinationContext context, Gatekeeper keeper) {
        this.context = context;
        this.keeper = keeper;
        records = new AuthRecordCalls(context, keeper);
    }

    void createToken(CreateTokenRequest r, StreamObserver<CreateTokenResponse> observer) {
        UnaryCall<CreateTokenResponse> call = context.call(observer);
        call.read(() -> {
            String secret = Tokens.newSecret(keeper.random());
            long now = System.currentTimeMillis();
            long life = FieldReader.within("life_ms", r.getLifeMs(), 0, MAX_LIFE_MILLIS);
            StaticToken token = new StaticToken(
                    Tokens.newId(keeper.random()),
                    AuthMessages.name("principal", r.getPrincipal()),
                    Tokens.digest(secret),
                    life == 0 ? 0 : now + life,
                    now,
                    FieldReader.text("description", r.getDescription(), MAX_DESCRIPTION_BYTES));
            records.change(
                    call,
                    AuthPaths.TOKENS.child(token.id()),
                    state -> {
                        AuthRecordCalls.room(state.tokens(), token.id(), MOST_TOKENS, "tokens");
                        return AuthRecords.encode(token);
                    },
                    revision -> CreateTokenResponse.newBuilder()
                            .setHeader(records.header(revision))
                            .setToken(Tokens.ofStatic(token.id(), secret))
                            .setInfo(AuthMessages.message(token))
                            .build());
        });
    }

    void deleteToken(DeleteTokenRequest r, StreamObserver<DeleteTokenResponse> observer) {
        records.delete(
                observer,
                AuthPaths.TOKENS,
                r.getId(),
                AuthState::tokens,
                revision -> DeleteTokenResponse.newBuilder()
                        .setHeader(records.header(revision))
                        .build());
    }

    void listTokens(ListTokensRequest r, StreamObserver<ListTokensResponse> observer) {
        records.list(observer, AuthState::tokens, r.getPageSize(), r.getPageToken(), (page, header) -> {
            ListTokensResponse.Builder out = ListTokensResponse.newBuilder().setHeader(header);
            page.each((id, token) -> out.addTokens(AuthMessages.message(token)));
            return out.setNextPageToken(page.next()).build();
        });
    }
}
