package io.pathkeeper.server.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import io.pathkeeper.server.auth.AuthFailure.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Checks JWTs (RFC 7519) against the public keys of a JWKS file: the signature with one of the asymmetric algorithms that belong to the
 * key, the issuer, the audience and the end. Tokens without a signature and with a symmetric one are refused, whatever the keys are. Any
 * thread.
 */
final class JwtVerifier {
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);
    private static final int MAX_CLOCK_SKEW_SECONDS = 30;

    private final ReloadedFile<DefaultJWTProcessor<SecurityContext>> keys;
    private final String groupsClaim;

    JwtVerifier(Path jwks, String issuer, String audience, String groupsClaim) throws IOException {
        this.groupsClaim = groupsClaim;
        keys = new ReloadedFile<>(jwks, text -> processor(text, issuer, audience));
    }

    private static DefaultJWTProcessor<SecurityContext> processor(String text, String issuer, String audience)
            throws IOException {
        JWKSet set;
        try {
            set = JWKSet.parse(text).toPublicJWKSet();
        } catch (ParseException e) {
            throw new IOException("no JWKS: " + e.getMessage(), e);
        }
        if (set.isEmpty()) {
            throw new IOException("the JWKS has no public key");
        }
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, new ImmutableJWKSet<>(set)));
        DefaultJWTClaimsVerifier<SecurityContext> claims = new DefaultJWTClaimsVerifier<>(
                audience, new JWTClaimsSet.Builder().issuer(issuer).build(), Set.of("sub", "exp"));
        claims.setMaxClockSkew(MAX_CLOCK_SKEW_SECONDS);
        processor.setJWTClaimsSetVerifier(claims);
        return processor;
    }

    /** Why the file of the keys cannot be used as it is now; empty when it can. */
    String problem() {
        return keys.problem();
    }

    /** What stands for the keys: another object when the file has changed. */
    Object generation() {
        return keys.get();
    }

    Identity read(String token) throws AuthFailure {
        try {
            JWTClaimsSet claims = keys.get().process(token, null);
            String principal = claims.getSubject();
            if (principal == null || !AuthPaths.isName(principal)) {
                throw new AuthFailure(
                        Reason.TOKEN_INVALID,
                        "the subject of the JWT is no name of a principal: 1 to 128 bytes without '/'");
            }
            return new Identity(
                    principal,
                    Identity.Kind.JWT,
                    groups(claims),
                    claims.getExpirationTime().getTime(),
                    "");
        } catch (ExpiredJWTException e) {
            throw new AuthFailure(Reason.TOKEN_EXPIRED, "the JWT has expired");
        } catch (ParseException | BadJOSEException | JOSEException e) {
            throw new AuthFailure(Reason.TOKEN_INVALID, "the JWT is refused: " + e.getMessage());
        }
    }

    private Set<String> groups(JWTClaimsSet claims) throws ParseException {
        List<String> named = groupsClaim.isEmpty() ? null : claims.getStringListClaim(groupsClaim);
        return named == null ? Set.of() : Set.copyOf(new HashSet<>(named));
    }
}
