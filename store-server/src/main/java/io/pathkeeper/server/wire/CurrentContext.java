package io.pathkeeper.server.wire;

import java.security.GeneralSecurityException;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A server's TLS context that is made anew when the files change. A resumed session is not judged again, and each resumption may be resumed in
 * turn: only new keys for the tickets end what was let in by an authority that was taken away. Any thread.
 */
final class CurrentContext extends SSLContextSpi {
    private static final int RESUMPTION_SECONDS = 600;

    private final ReloadingTls tls;
    private final X509ExtendedKeyManager key;
    private final @Nullable X509ExtendedTrustManager trust;
    private long number;
    private @Nullable SSLContext made;

    private CurrentContext(ReloadingTls tls, X509ExtendedKeyManager key, @Nullable X509ExtendedTrustManager trust) {
        this.tls = tls;
        this.key = key;
        this.trust = trust;
    }

    static SSLContext of(ReloadingTls tls, X509ExtendedKeyManager key, @Nullable X509ExtendedTrustManager trust) {
        CurrentContext current = new CurrentContext(tls, key, trust);
        SSLContext first = current.context();
        return new SSLContext(current, first.getProvider(), first.getProtocol()) {};
    }

    private synchronized SSLContext context() {
        long wanted = tls.current().number();
        SSLContext context = made;
        if (context == null || wanted != number) {
            try {
                context = SSLContext.getInstance("TLS");
                context.init(
                        new KeyManager[] {key}, trust == null ? new TrustManager[0] : new TrustManager[] {trust}, null);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this Java has no TLS: " + e.getMessage(), e);
            }
            context.getServerSessionContext().setSessionTimeout(RESUMPTION_SECONDS);
            made = context;
            number = wanted;
        }
        return context;
    }

    @Override
    protected void engineInit(
            KeyManager @Nullable [] keys, TrustManager @Nullable [] trusts, @Nullable SecureRandom random)
            throws KeyManagementException {
        throw new KeyManagementException("it follows the files and cannot be set");
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
        return context().getSocketFactory();
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
        return context().getServerSocketFactory();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
        return context().createSSLEngine();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
        return context().createSSLEngine(host, port);
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
        return context().getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
        return context().getClientSessionContext();
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
        return context().getDefaultSSLParameters();
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
        return context().getSupportedSSLParameters();
    }
}
