package io.pathkeeper.client.internal;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.util.CertificateUtils;
import io.pathkeeper.client.TlsOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS context of one client, made anew when a file has changed: at the next connection, but looked for at most every ten seconds. Safe for
 * several threads.
 */
final class ClientTls {
    private static final Logger LOG = LoggerFactory.getLogger(ClientTls.class);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final byte[] NONE = {};

    private final TlsOptions options;
    private Contents used;
    private SslContext context;
    private long lookedNanos = System.nanoTime();

    private record Contents(byte[] authorities, byte[] certificate, byte[] key) {
        boolean sameAs(Contents other) {
            return Arrays.equals(authorities, other.authorities)
                    && Arrays.equals(certificate, other.certificate)
                    && Arrays.equals(key, other.key);
        }
    }

    /**
     * Reads the files.
     *
     * @throws IllegalArgumentException when they cannot be used; the message names the file
     */
    ClientTls(TlsOptions options) {
        this.options = options;
        this.used = read();
        this.context = make(used);
    }

    /** Returns a context for connections, which follows the files also when one connects again. */
    SslContext context() {
        return new Following();
    }

    private synchronized SslContext current() {
        long now = System.nanoTime();
        if (now - lookedNanos >= LOOK_NANOS) {
            lookedNanos = now;
            try {
                Contents found = read();
                if (!found.sameAs(used)) {
                    context = make(found);
                    used = found;
                }
            } catch (IllegalArgumentException e) {
                LOG.atWarn()
                        .addKeyValue("problem", e.getMessage())
                        .log("new TLS files cannot be used; those read before stay in use");
            }
        }
        return context;
    }

    private Contents read() {
        return new Contents(
                read("authorities", options.authorities().orElse(null)),
                read("certificate", options.certificate().orElse(null)),
                read("key", options.key().orElse(null)));
    }

    private static byte[] read(String what, @Nullable Path file) {
        try {
            return file == null ? NONE : Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("the file of the " + what + ", " + file + ", does not exist", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "the file of the " + what + ", " + file + ", cannot be read: " + e.getMessage(), e);
        }
    }

    private SslContext make(Contents contents) {
        try {
            SslContextBuilder builder = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2");
            if (options.authorities().isPresent()) {
                builder.trustManager(certificates(
                        "authorities",
                        contents.authorities(),
                        options.authorities().get()));
            }
            if (options.certificate().isPresent() && options.key().isPresent()) {
                Path file = options.certificate().get();
                X509Certificate[] chain = certificates("certificate", contents.certificate(), file);
                PrivateKey key = key(contents.key(), options.key().get());
                checkPair(key, chain[0], file);
                builder.keyManager(key, chain);
            }
            return builder.build();
        } catch (IOException e) {
            throw new IllegalArgumentException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private static X509Certificate[] certificates(String what, byte[] pem, Path file) {
        X509Certificate[] found;
        try {
            found = CertificateUtils.getX509Certificates(new ByteArrayInputStream(pem));
        } catch (GeneralSecurityException e) {
            found = new X509Certificate[0];
        }
        if (found.length == 0) {
            throw new IllegalArgumentException(
                    "the file of the " + what + ", " + file + ", holds no certificate in PEM");
        }
        return found;
    }

    private static PrivateKey key(byte[] pem, Path file) {
        try {
            return CertificateUtils.getPrivateKey(new ByteArrayInputStream(pem));
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "the file of the key, " + file
                            + ", holds no private key that can be read: expected is PKCS #8, RSA or EC, not encrypted"
                            + " (openssl pkcs8 -topk8 -nocrypt makes one)",
                    e);
        }
    }

    /** Files that are replaced one behind the other do not belong together for a moment. */
    private static void checkPair(PrivateKey key, X509Certificate certificate, Path file) {
        boolean pair;
        try {
            Signature signature =
                    Signature.getInstance(key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
            signature.initSign(key);
            signature.update(NONE);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(NONE);
            pair = signature.verify(signed);
        } catch (GeneralSecurityException e) {
            pair = false;
        }
        if (!pair) {
            throw new IllegalArgumentException("the key does not belong to the certificate in " + file);
        }
    }

    /** Makes every connection with what was read last. */
    private final class Following extends SslContext {
        @Override
        public boolean isClient() {
            return true;
        }

        @Override
        public List<String> cipherSuites() {
            return current().cipherSuites();
        }

        @Override
        @SuppressWarnings("deprecation")
        public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
            return current().applicationProtocolNegotiator();
        }

        @Override
        public SSLEngine newEngine(ByteBufAllocator allocator) {
            return current().newEngine(allocator);
        }

        @Override
        public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
            return current().newEngine(allocator, peerHost, peerPort);
        }

        @Override
        public SSLSessionContext sessionContext() {
            return current().sessionContext();
        }
    }
}
