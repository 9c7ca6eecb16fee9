package io.pathkeeper.server.wire;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Shows the certificate that was read last. Any thread, never waits. */
final class CurrentKey extends X509ExtendedKeyManager {
    private final ReloadingTls tls;

    CurrentKey(ReloadingTls tls) {
        this.tls = tls;
    }

    private @Nullable String alias(String... keyTypes) {
        ReloadingTls.Generation current = tls.current();
        String algorithm = current.material().chain()[0].getPublicKey().getAlgorithm();
        for (String type : keyTypes) {
            boolean fits = type.equals(algorithm) || type.startsWith("EC_") && algorithm.equals("EC");
            if (fits) {
                return current.alias();
            }
        }
        return null;
    }

    private String @Nullable [] aliases(String keyType) {
        String alias = alias(keyType);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return aliases(keyType);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias(keyTypes);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return aliases(keyType);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias(keyType);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias(keyTypes);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias(keyType);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        TlsMaterial material = tls.byAlias(alias);
        return material == null ? null : material.chain();
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        TlsMaterial material = tls.byAlias(alias);
        return material == null ? null : material.key();
    }
}
