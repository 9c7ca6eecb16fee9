package io.pathkeeper.server.auth;

import io.pathkeeper.server.acl.Grants;
import io.pathkeeper.server.auth.AuthFailure.Reason;
import io.pathkeeper.server.config.ServerConfig;
import io.pathkeeper.server.tree.TreeView;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers who makes a call and what that one may do, by the records of the newest view of this server.
 *
 * <p>The records are compiled when they have changed, by the first call that sees it; the others wait for that, so that a change counts from
 * the next request on. Credentials that were proved are remembered, at most {@value #MOST_REMEMBERED} of them, until the records, the keys
 * or the time say otherwise. Any thread.
 */
public final class Gatekeeper {
    private static final Logger LOG = LoggerFactory.getLogger(Gatekeeper.class);
    private static final int MOST_REMEMBERED = 10_000;
    private static final int LEAST_ROOT_TOKEN = 32;
    private static final int MOST_OF_HOST = 20;
    /** More than of one address, so that one address cannot keep a user out. */
    private static final int MOST_OF_USER = 200;

    private final boolean enabled;
    private final String cluster;
    private final String certificateNames;
    private final int passwordIterations;
    private final Supplier<TreeView> views;
    private final BooleanSupplier caughtUp;
    private final @Nullable ReloadedFile<byte[]> rootToken;
    private final @Nullable JwtVerifier jwt;
    private final SignInLimiter limiter = new SignInLimiter();
    private final SecureRandom random = new SecureRandom();
    private final PasswordHash nobody;
    private volatile Compiled current;

    /** The records, with what was found out under them. */
    private static final class Compiled {
        final AuthState state;
        final Object keys;
        final Map<String, Identity> proved = new ConcurrentHashMap<>();
        final Map<Identity, Grants> grants;
        /** A view that is known to have these records: every operation asks, many of them under one view. Keeps no old tree in memory. */
        private volatile WeakReference<TreeView> seen = new WeakReference<>(null);

        Compiled(AuthState state, Object keys, Map<Identity, Grants> grants) {
            this.state = state;
            this.keys = keys;
            this.grants = grants;
        }

        boolean isOf(TreeView view) {
            if (seen.refersTo(view)) {
                return true;
            }
            boolean same = state.isOf(view);
            if (same) {
                seen = new WeakReference<>(view);
            }
            return same;
        }
    }

    /**
     * What somebody may do under the records of one time, kept by a call that asks often.
     *
     * @param records what they were read from; says nothing but whether they are still the same
     * @param grants the rights
     */
    public record Held(Object records, Grants grants) {}

    /**
     * Reads the files that the configuration names.
     *
     * @param views the newest view of this server
     * @param caughtUp whether that view was as new as the cluster's at least once: before, the records may be older ones, or none
     * @throws IOException naming the file that cannot be used
     */
    public Gatekeeper(ServerConfig.Auth config, String cluster, Supplier<TreeView> views, BooleanSupplier caughtUp)
            throws IOException {
        enabled = config.enabled();
        this.cluster = cluster;
        this.views = views;
        this.caughtUp = caughtUp;
        certificateNames = config.certificate();
        Path root = config.rootTokenFile();
        rootToken = root == null || !enabled ? null : new ReloadedFile<>(root, text -> rootDigest(root, text));
        Path jwks = config.jwksFile();
        jwt = jwks == null || !enabled
                ? null
                : new JwtVerifier(jwks, config.jwtIssuer(), config.jwtAudience(), config.jwtGroupsClaim());
        passwordIterations = config.passwordIterations();
        nobody = enabled ? hash(Tokens.newSecret(random)) : new PasswordHash(1, new byte[1], new byte[1]);
        current = compile(views.get());
    }

    /** Why the files that callers are known by cannot be used as they are now, by the key of the configuration; empty texts where they can. */
    public Map<String, String> fileProblems() {
        Map<String, String> problems = new HashMap<>();
        ReloadedFile<byte[]> root = rootToken;
        if (root != null) {
            problems.put("auth.root_token_file", root.problem());
        }
        JwtVerifier verifier = jwt;
        if (verifier != null) {
            problems.put("auth.jwks_file", verifier.problem());
        }
        return problems;
    }

    private static byte[] rootDigest(Path file, String text) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.contains(PosixFilePermission.OTHERS_READ)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException(file + " can be read or written by everybody: give it mode 0600");
        }
        String token = text.strip();
        if (token.length() < LEAST_ROOT_TOKEN || token.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
            throw new IOException(file + " holds no token: it is one line of at least " + LEAST_ROOT_TOKEN
                    + " printable characters, as of: openssl rand -hex 32");
        }
        return Tokens.digest(token);
    }

    /** Whether calls need a credential. */
    public boolean isEnabled() {
        return enabled;
    }

    /** Whether what the records do not have is nowhere: false from the start of this server until it has caught up with the others once. */
    public boolean isCaughtUp() {
        return caughtUp.getAsBoolean();
    }

    /** Random numbers for secrets. */
    public SecureRandom random() {
        return random;
    }

    /** Hashes a password as new ones are; takes tenths of a second of a processor. */
    public PasswordHash hash(String password) {
        return PasswordHash.of(password, passwordIterations, random);
    }

    /** A number for new credentials of a user: tokens that were signed for another one count no more. */
    public long newCredential() {
        return random.nextLong(1, Long.MAX_VALUE);
    }

    /** The newest view of this server. */
    public TreeView view() {
        return views.get();
    }

    /** The records that count now. */
    public AuthState state() {
        return compiled().state;
    }

    private Compiled compiled() {
        Compiled known = current;
        JwtVerifier verifier = jwt;
        Object keys = verifier == null ? this : verifier.generation();
        return known.isOf(views.get()) && known.keys == keys ? known : compileNewest();
    }

    private synchronized Compiled compileNewest() {
        TreeView view = views.get();
        JwtVerifier verifier = jwt;
        Object keys = verifier == null ? this : verifier.generation();
        if (!current.isOf(view)) {
            current = compile(view);
            String damage = current.state.damage();
            if (damage != null) {
                LOG.atError()
                        .addKeyValue("record", damage)
                        .log("a record of users and roles cannot be read: everybody but the root token is refused");
            }
        } else if (current.keys != keys) {
            current = new Compiled(current.state, keys, current.grants);
        }
        return current;
    }

    private Compiled compile(TreeView view) {
        JwtVerifier verifier = jwt;
        return new Compiled(
                AuthState.read(view), verifier == null ? this : verifier.generation(), new ConcurrentHashMap<>());
    }

    /**
     * Proves a token.
     *
     * @throws AuthFailure TOKEN_INVALID or TOKEN_EXPIRED
     */
    public Identity identify(String token, long nowMillis) throws AuthFailure {
        Compiled now = compiled();
        Identity known = now.proved.get(token);
        if (known == null || known.isExpired(nowMillis)) {
            known = prove(token, now.state, nowMillis);
            if (now.proved.size() >= MOST_REMEMBERED) {
                now.proved.clear();
            }
            now.proved.put(token, known);
        }
        return known;
    }

    private Identity prove(String token, AuthState state, long nowMillis) throws AuthFailure {
        ReloadedFile<byte[]> root = rootToken;
        if (root != null && MessageDigest.isEqual(root.get(), Tokens.digest(token))) {
            return Identity.ROOT;
        }
        Identity identity;
        JwtVerifier verifier = jwt;
        if (token.startsWith(Tokens.SIGN_IN)) {
            identity = Tokens.readSignIn(token, state, cluster, nowMillis);
        } else if (token.startsWith(Tokens.STATIC)) {
            identity = Tokens.readStatic(token, state, nowMillis);
        } else if (verifier != null) {
            identity = verifier.read(token);
        } else {
            throw new AuthFailure(Reason.TOKEN_INVALID, "the token is of no kind that this server accepts");
        }
        if (identity.isRevoked(state)) {
            throw new AuthFailure(
                    Reason.TOKEN_INVALID,
                    "the token of " + identity.principal()
                            + " counts no more: the user was deleted or disabled, or has a new password");
        }
        return identity;
    }

    /** Whom the certificate of a connection names; {@link Identity#NONE} when it names nobody, or certificates do not count. */
    public Identity identify(X509Certificate certificate) throws AuthFailure {
        String name = CertificateNames.principal(certificate, certificateNames);
        if (name == null) {
            return Identity.NONE;
        }
        Identity identity = new Identity(name, Identity.Kind.CERTIFICATE, Set.of(), 0, "");
        if (identity.isRevoked(state())) {
            throw new AuthFailure(Reason.TOKEN_INVALID, "the user " + name + " is disabled");
        }
        return identity;
    }

    /** What somebody may do now. */
    public Grants grants(Identity identity) {
        return grants(compiled(), identity);
    }

    private static Grants grants(Compiled now, Identity identity) {
        Grants known = now.grants.get(identity);
        if (known == null) {
            known = now.state.grants(identity.principal(), identity.groups());
            if (now.grants.size() >= MOST_REMEMBERED) {
                now.grants.clear();
            }
            now.grants.put(identity, known);
        }
        return known;
    }

    /**
     * What somebody may do now, for one who asks often.
     *
     * @param before what an earlier call returned for the same identity; it is returned again while it counts
     */
    public Held grants(Identity identity, @Nullable Held before) {
        Compiled now = compiled();
        return before != null && before.records() == now ? before : new Held(now, grants(now, identity));
    }

    /** Refuses when too many sign-ins have failed from a place or for a user. */
    public void checkSignIns(String host, String user) throws AuthFailure {
        long now = System.nanoTime();
        if (limiter.isOver("host " + host, MOST_OF_HOST, now) || limiter.isOver("user " + user, MOST_OF_USER, now)) {
            throw new AuthFailure(
                    Reason.SIGN_IN_LIMITED,
                    "within a minute " + MOST_OF_HOST + " sign-ins from this address, or " + MOST_OF_USER
                            + " for this user, have failed, which is the limit: wait a minute");
        }
    }

    /**
     * Checks a password; takes tenths of a second of a processor, for a name that does not exist, too.
     *
     * @return the user
     * @throws AuthFailure SIGN_IN_FAILED, the same for every cause
     */
    public User signIn(String host, String name, String password) throws AuthFailure {
        User user = state().users().get(name);
        PasswordHash hash = user == null ? null : user.password();
        boolean matches = (hash == null ? nobody : hash).matches(password);
        if (user == null || hash == null || user.disabled() || !matches) {
            long now = System.nanoTime();
            limiter.failed("host " + host, now);
            limiter.failed("user " + name, now);
            throw new AuthFailure(Reason.SIGN_IN_FAILED, "no user who may sign in has this name and password");
        }
        return user;
    }

    /** Makes a sign-in token; null while the cluster has no signing key. */
    public @Nullable String token(User user, long nowMillis, long endMillis) {
        byte[] key = state().signingKey();
        return key == null ? null : Tokens.signIn(key, cluster, user.name(), user.credential(), nowMillis, endMillis);
    }
}
