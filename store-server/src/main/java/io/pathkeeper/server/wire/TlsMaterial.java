package io.pathkeeper.server.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** A key, its certificates and the authorities, read together and checked. Immutable. */
final class TlsMaterial {
    private static final int MAX_FILE_BYTES = 1 << 20;

    private final PrivateKey key;
    private final List<X509Certificate> chain;
    private final @Nullable X509ExtendedTrustManager trust;
    private final Instant authoritiesExpire;

    /** The files' contents as they were read. */
    record Contents(byte[] certificate, byte[] key, byte @Nullable [] authorities) {
        static Contents read(TlsFiles files) throws TlsException {
            Path authorities = files.authorities();
            return new Contents(
                    bytes(what(files, "certificate", files.certificate()), files.certificate()),
                    bytes(what(files, "key", files.key()), files.key()),
                    authorities == null ? null : bytes(what(files, "ca", authorities), authorities));
        }

        boolean sameAs(Contents other) {
            return Arrays.equals(certificate, other.certificate)
                    && Arrays.equals(key, other.key)
                    && Arrays.equals(authorities, other.authorities);
        }
    }

    private TlsMaterial(
            PrivateKey key,
            List<X509Certificate> chain,
            @Nullable X509ExtendedTrustManager trust,
            Instant authoritiesExpire) {
        this.key = key;
        this.chain = List.copyOf(chain);
        this.trust = trust;
        this.authoritiesExpire = authoritiesExpire;
    }

    /** Checks the contents; throws with one line that says what is wrong. */
    static TlsMaterial of(TlsFiles files, Contents contents, Instant now) throws TlsException {
        String certificateName = what(files, "certificate", files.certificate());
        List<X509Certificate> chain = Pem.certificates(contents.certificate(), certificateName);
        String keyName = what(files, "key", files.key());
        PrivateKey key = Pem.privateKey(contents.key(), keyName);
        X509Certificate own = chain.get(0);
        if (!belongTogether(key, own)) {
            throw new TlsException(keyName + " is not the key of the certificate in " + files.certificate()
                    + ": give both files of the same pair");
        }
        if (now.isAfter(own.getNotAfter().toInstant())) {
            throw new TlsException(
                    certificateName + " expired at " + own.getNotAfter().toInstant() + ": put a new one in its place");
        }
        if (now.isBefore(own.getNotBefore().toInstant())) {
            throw new TlsException(certificateName + " is not valid before "
                    + own.getNotBefore().toInstant() + ": check the clock of this machine, or wait");
        }
        Path authorityFile = files.authorities();
        byte[] authorities = contents.authorities();
        if (authorityFile == null || authorities == null) {
            return new TlsMaterial(key, chain, null, Instant.MAX);
        }
        String authorityName = what(files, "ca", authorityFile);
        List<X509Certificate> trusted = Pem.certificates(authorities, authorityName);
        Instant expire = trusted.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .max(Instant::compareTo)
                .orElse(Instant.MIN);
        if (now.isAfter(expire)) {
            throw new TlsException(authorityName + " holds only certificates that expired, the last at " + expire
                    + ": put a new one in its place");
        }
        X509ExtendedTrustManager trust = trust(trusted, authorityName);
        if (files.servers()) {
            checkOwn(trust, chain, certificateName, authorityFile);
        }
        return new TlsMaterial(key, chain, trust, expire);
    }

    private static void checkOwn(
            X509ExtendedTrustManager trust, List<X509Certificate> chain, String name, Path authorities)
            throws TlsException {
        X509Certificate[] shown = chain.toArray(new X509Certificate[0]);
        try {
            trust.checkServerTrusted(shown, "UNKNOWN");
            trust.checkClientTrusted(shown, "UNKNOWN");
        } catch (CertificateException e) {
            throw new TlsException(
                    name + " would be refused by the other servers: it must be signed by an authority in " + authorities
                            + " and be good for servers and clients (" + e.getMessage() + ")");
        }
    }

    private static X509ExtendedTrustManager trust(List<X509Certificate> trusted, String name) throws TlsException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < trusted.size(); i++) {
                store.setCertificateEntry("authority-" + i, trusted.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            for (TrustManager each : factory.getTrustManagers()) {
                if (each instanceof X509ExtendedTrustManager found) {
                    return found;
                }
            }
            throw new TlsException(name + " cannot be used: this Java has no PKIX trust manager");
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsException(name + " cannot be used: " + e.getMessage());
        }
    }

    private static boolean belongTogether(PrivateKey key, X509Certificate certificate) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "EdDSA";
        };
        byte[] text = {'p', 'a', 't', 'h'};
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(text);
            byte[] signature = signer.sign();
            signer.initVerify(certificate.getPublicKey());
            signer.update(text);
            return signer.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // keys of different kinds
        }
    }

    private static byte[] bytes(String what, Path file) throws TlsException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) {
                throw new TlsException(what + " is larger than 1MiB: that is no PEM of ours");
            }
            return bytes;
        } catch (IOException e) {
            String why = e instanceof java.nio.file.NoSuchFileException
                    ? "no such file"
                    : e instanceof java.nio.file.AccessDeniedException
                            ? "access denied"
                            : String.valueOf(e.getMessage());
            throw new TlsException(what + " cannot be read: " + why);
        }
    }

    private static String what(TlsFiles files, String part, Path file) {
        return files.name() + "." + part + " '" + file + "'";
    }

    PrivateKey key() {
        return key;
    }

    X509Certificate[] chain() {
        return chain.toArray(new X509Certificate[0]);
    }

    @Nullable
    X509ExtendedTrustManager trust() {
        return trust;
    }

    /** When the own certificate, or one between it and the authority, ends. */
    Instant certificateExpires() {
        return chain.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElse(Instant.MIN);
    }

    /** When the last of the authorities ends. */
    Instant authoritiesExpire() {
        return authoritiesExpire;
    }
}
