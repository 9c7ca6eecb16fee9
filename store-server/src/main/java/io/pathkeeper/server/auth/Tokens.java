package io.pathkeeper.server.auth;

import io.pathkeeper.server.auth.AuthFailure.Reason;
import io.pathkeeper.server.value.Value;
import io.pathkeeper.server.value.ValueEncoding;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The two kinds of tokens that the cluster makes itself.
 *
 * <pre>
 * static   pkt1.ID.SECRET        ID 16 hexadecimal digits, SECRET 32 random bytes in base64url; SHA-256 of SECRET is in the tree
 * sign-in  pks1.CLAIMS.MAC       both base64url; HMAC-SHA-256 over "pks1.CLAIMS" with the cluster's key
 *                                CLAIMS: list of cluster id, user, number of the password, begin and end in Unix milliseconds
 * </pre>
 *
 * <p>A sign-in token needs no record, so every server knows it at once, and nothing is written for a sign-in. Stateless.
 */
public final class Tokens {
    /** Begin of every static token. */
    public static final String STATIC = "pkt1.";
    /** Begin of every sign-in token. */
    public static final String SIGN_IN = "pks1.";
    /** Size of the signing key. */
    public static final int KEY_BYTES = 32;

    private static final int SECRET_BYTES = 32;
    private static final int ID_BYTES = 8;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private Tokens() {}

    /** Random bytes for a new static token. */
    public static String newId(SecureRandom random) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    /** A new secret, as text. */
    public static String newSecret(SecureRandom random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return ENCODER.encodeToString(secret);
    }

    /** The whole static token. */
    public static String ofStatic(String id, String secret) {
        return STATIC + id + "." + secret;
    }

    /** What is kept of a secret. */
    public static byte[] digest(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    static Identity readStatic(String token, AuthState state, long nowMillis) throws AuthFailure {
        int dot = token.indexOf('.', STATIC.length());
        StaticToken known = dot < 0 ? null : state.tokens().get(token.substring(STATIC.length(), dot));
        if (known == null || !MessageDigest.isEqual(known.digest(), digest(token.substring(dot + 1)))) {
            throw invalid("the static token is none of this cluster, or was deleted");
        }
        if (known.expiresMillis() != 0 && nowMillis >= known.expiresMillis()) {
            throw new AuthFailure(
                    Reason.TOKEN_EXPIRED, "the static token " + known.id() + " has expired: make another one");
        }
        return new Identity(known.principal(), Identity.Kind.TOKEN, Set.of(), known.expiresMillis(), known.id());
    }

    /** Makes a sign-in token. */
    public static String signIn(
            byte[] key, String cluster, String user, long credential, long beginMillis, long endMillis) {
        byte[] claims = ValueEncoding.encode(new Value.Items(List.of(
                new Value.Text(cluster),
                new Value.Text(user),
                new Value.Int(credential),
                new Value.Int(beginMillis),
                new Value.Int(endMillis))));
        String signed = SIGN_IN + ENCODER.encodeToString(claims);
        return signed + "." + ENCODER.encodeToString(mac(key, signed));
    }

    static Identity readSignIn(String token, AuthState state, String cluster, long nowMillis) throws AuthFailure {
        byte[] key = state.signingKey();
        int dot = token.lastIndexOf('.');
        if (key == null || dot <= SIGN_IN.length()) {
            throw invalid("the sign-in token is none of this cluster");
        }
        try {
            byte[] mac = DECODER.decode(token.substring(dot + 1));
            if (!MessageDigest.isEqual(mac, mac(key, token.substring(0, dot)))) {
                throw invalid("the sign-in token is none of this cluster");
            }
            return identity(DECODER.decode(token.substring(SIGN_IN.length(), dot)), cluster, nowMillis);
        } catch (IllegalArgumentException e) {
            throw invalid("the sign-in token cannot be read");
        }
    }

    private static Identity identity(byte[] encoded, String cluster, long nowMillis) throws AuthFailure {
        if (ValueEncoding.decode(encoded) instanceof Value.Items claims
                && claims.items().size() == 5
                && claims.items().get(0) instanceof Value.Text of
                && claims.items().get(1) instanceof Value.Text user
                && claims.items().get(2) instanceof Value.Int credential
                && claims.items().get(4) instanceof Value.Int end) {
            if (!of.value().equals(cluster)) {
                throw invalid("the sign-in token is one of the cluster " + of.value() + ", not of " + cluster);
            }
            if (nowMillis >= end.value()) {
                throw new AuthFailure(Reason.TOKEN_EXPIRED, "the sign-in token has expired: sign in again");
            }
            return new Identity(
                    user.value(), Identity.Kind.PASSWORD, Set.of(), end.value(), Long.toString(credential.value()));
        }
        throw invalid("the sign-in token cannot be read");
    }

    private static byte[] mac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HmacSHA256", e);
        }
    }

    private static AuthFailure invalid(String message) {
        return new AuthFailure(Reason.TOKEN_INVALID, message);
    }
}
