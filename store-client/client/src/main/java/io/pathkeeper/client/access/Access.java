package io.pathkeeper.client.access;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Users, roles, bindings, tokens and namespaces. Nothing here waits; futures complete on callback threads. Changes count from the next
 * request on, at once at the server that made them; connections and tokens stay good. Rights are about the whole tree, also for a client in a
 * namespace.
 *
 * <p>What is about the caller itself needs no right; all else needs {@link Verb#ADMIN} on {@code /_sys/auth}. Calls fail with {@link
 * io.pathkeeper.client.error.AccessDeniedException} ({@code DENIED}, {@code CREDENTIAL_MISSING}, {@code TOKEN_INVALID}, {@code
 * TOKEN_EXPIRED}, {@code SIGN_IN_FAILED}), {@link io.pathkeeper.client.error.InvalidRequestException}, {@link
 * io.pathkeeper.client.error.NodeNotFoundException} ({@code AUTH_RECORD_NOT_FOUND}), {@link
 * io.pathkeeper.client.error.PreconditionFailedException} ({@code LAST_ADMINISTRATOR}) and {@link
 * io.pathkeeper.client.error.LimitExceededException} ({@code QUOTA_EXCEEDED}). Changes are repeated at other servers when one does not answer;
 * all of them may be.
 */
public interface Access {
    /** Tells who the caller is. */
    CompletableFuture<Identity> whoAmI();

    /**
     * Exchanges a password for a token.
     *
     * @param user name of the user
     * @param password its password
     */
    CompletableFuture<SignInToken> signIn(String user, String password);

    /**
     * Changes a password by whoever knows it, which ends the tokens that the old one was exchanged for.
     *
     * @param user name of the user
     * @param oldPassword the present one
     * @param newPassword 8 to 256 characters
     */
    CompletableFuture<Void> changePassword(String user, String oldPassword, String newPassword);

    /** Tells whether the caller may do something, and why. */
    CompletableFuture<Decision> check(Verb verb, String path);

    /**
     * Tells whether a principal may do something, and why.
     *
     * @param principal its name; there need not be a user of it
     * @param groups groups beside those of its user
     */
    CompletableFuture<Decision> check(Verb verb, String path, String principal, List<String> groups);

    /** Creates a user, or changes one. */
    CompletableFuture<UserResult> setUser(String name, UserChange change);

    /** Deletes a user; its sign-in tokens count no more. */
    CompletableFuture<Void> deleteUser(String name);

    /**
     * Lists users.
     *
     * @param pageSize at most so many, 1 to 1,000
     * @param pageToken token of the page before; empty for the first
     */
    CompletableFuture<AccessPage<User>> listUsers(int pageSize, String pageToken);

    /** Creates a role, or replaces its rules. Returns whether it is new. */
    CompletableFuture<Boolean> setRole(Role role);

    /** Deletes a role; bindings of it give nothing any more. */
    CompletableFuture<Void> deleteRole(String name);

    /** Lists roles but {@code admin}; arguments as in {@link #listUsers(int, String)}. */
    CompletableFuture<AccessPage<Role>> listRoles(int pageSize, String pageToken);

    /** Creates a binding, or replaces it. Returns whether it is new. */
    CompletableFuture<Boolean> setBinding(Binding binding);

    /** Deletes a binding. */
    CompletableFuture<Void> deleteBinding(String name);

    /** Lists bindings; arguments as in {@link #listUsers(int, String)}. */
    CompletableFuture<AccessPage<Binding>> listBindings(int pageSize, String pageToken);

    /**
     * Makes a token. When an answer gets lost another one is made, and nobody knows the first one's secret.
     *
     * @param principal whom it authenticates; there need not be a user of this name
     * @param life how long it lasts, up to 10 years; zero for ever
     * @param description for people; at most 256 bytes
     */
    CompletableFuture<NewToken> createToken(String principal, Duration life, String description);

    /** Deletes a token, which counts no more. */
    CompletableFuture<Void> deleteToken(String id);

    /** Lists tokens, without their secrets; arguments as in {@link #listUsers(int, String)}. */
    CompletableFuture<AccessPage<TokenInfo>> listTokens(int pageSize, String pageToken);

    /** Creates a namespace, or gives it another root. Returns whether it is new. */
    CompletableFuture<Boolean> setNamespace(Namespace namespace);

    /** Deletes a namespace; the znodes below its root stay. */
    CompletableFuture<Void> deleteNamespace(String name);

    /** Lists namespaces; arguments as in {@link #listUsers(int, String)}. */
    CompletableFuture<AccessPage<Namespace>> listNamespaces(int pageSize, String pageToken);
}
