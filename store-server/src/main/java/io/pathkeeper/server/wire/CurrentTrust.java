package io.pathkeeper.server.wire;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Judges by the authorities that were read last. Any thread, never waits. */
final class CurrentTrust extends X509ExtendedTrustManager {
    private static final String SERVER_USE = "1.3.6.1.5.5.7.3.1";
    private static final String ANY_USE = "2.5.29.37.0";

    private final Supplier<TlsMaterial> material;
    private final boolean serversOnly;

    /**
     * @param serversOnly whether those who connect must have a certificate that is good for a server
     */
    CurrentTrust(Supplier<TlsMaterial> material, boolean serversOnly) {
        this.material = material;
        this.serversOnly = serversOnly;
    }

    private X509ExtendedTrustManager current() throws CertificateException {
        X509ExtendedTrustManager trust = material.get().trust();
        if (trust == null) {
            throw new CertificateException("no authority is configured");
        }
        return trust;
    }

    /** A client's certificate of the same authority is no server's. */
    private void checkUse(X509Certificate[] chain) throws CertificateException {
        if (!serversOnly) {
            return;
        }
        List<String> uses = chain[0].getExtendedKeyUsage();
        if (uses != null && !uses.contains(SERVER_USE) && !uses.contains(ANY_USE)) {
            throw new CertificateException("the certificate is not good for a server of the cluster");
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        current().checkClientTrusted(chain, authType);
        checkUse(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        current().checkClientTrusted(chain, authType, socket);
        checkUse(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        current().checkClientTrusted(chain, authType, engine);
        checkUse(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        current().checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        current().checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        current().checkServerTrusted(chain, authType, engine);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        X509ExtendedTrustManager trust = material.get().trust();
        return trust == null ? new X509Certificate[0] : trust.getAcceptedIssuers();
    }
}
