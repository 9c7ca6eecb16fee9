package io.pathkeeper.server.wire;

import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What a transport needs to speak TLS. The parts stay the same objects for ever; what they answer follows the files.
 *
 * @param server for those who connect to this server
 * @param key shows the own certificate, for connections to others
 * @param trust judges the other side's; null when none is asked for
 * @param clientAuth whether those who connect have to show a certificate
 * @param protocols names as the JDK has them, {@code TLSv1.3} first
 */
public record TlsEndpoint(
        SSLContext server,
        X509ExtendedKeyManager key,
        @Nullable X509ExtendedTrustManager trust,
        ClientAuth clientAuth,
        List<String> protocols) {
    /** Copies the list. */
    public TlsEndpoint {
        protocols = List.copyOf(protocols);
    }

    /** Whether the other side of a connection that exists would still be let in: it showed no certificate, or one that is good now. */
    public boolean trusts(SSLSession session) {
        X509ExtendedTrustManager judge = trust;
        if (judge == null) {
            return true;
        }
        try {
            Certificate[] shown = session.getPeerCertificates();
            X509Certificate[] chain = Arrays.copyOf(shown, shown.length, X509Certificate[].class);
            judge.checkClientTrusted(chain, "UNKNOWN");
            return true;
        } catch (SSLPeerUnverifiedException e) {
            return true; // none was shown
        } catch (CertificateException e) {
            return false;
        }
    }
}
