package io.pathkeeper.server.wire;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority of tests that signs certificates for 127.0.0.1 and writes them as PEM. */
public final class TestAuthority {
    private static final AtomicLong SERIAL = new AtomicLong(System.currentTimeMillis());
    private static final Duration YEAR = Duration.ofDays(365);

    private final X500Name name;
    private final KeyPair pair = pair("EC");
    private final X509Certificate certificate;

    /** A key with its certificate. */
    public record Identity(PrivateKey key, X509Certificate certificate) {
        /** Writes {@code NAME.pem} and {@code NAME.key}, each at one stroke. */
        public void write(Path directory, String name) {
            TestAuthority.write(directory.resolve(name + ".pem"), pem("CERTIFICATE", TestAuthority.der(certificate)));
            TestAuthority.write(directory.resolve(name + ".key"), pem("PRIVATE KEY", key.getEncoded()));
        }
    }

    /** Makes an authority with its own key. */
    public TestAuthority(String name) {
        this.name = new X500Name("CN=" + name);
        this.certificate = sign(this.name, this.pair, List.of(), Instant.now().plus(YEAR));
    }

    /** Good for a server and for a client. */
    public Identity server(String subject) {
        return server(subject, Instant.now().plus(YEAR));
    }

    /** Such a one with its end. */
    public Identity server(String subject, Instant end) {
        return identity(subject, "EC", List.of(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth), end);
    }

    /** Such a one with a key of another kind: EC, RSA or Ed25519. */
    public Identity serverWith(String subject, String algorithm) {
        return identity(
                subject,
                algorithm,
                List.of(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth),
                Instant.now().plus(YEAR));
    }

    /** Good for a client only. */
    public Identity client(String subject) {
        return identity(
                subject,
                "EC",
                List.of(KeyPurposeId.id_kp_clientAuth),
                Instant.now().plus(YEAR));
    }

    /** Good for a client only, with a DNS name as the only alternative one. */
    public Identity client(String subject, String dnsName) {
        KeyPair own = pair("EC");
        return new Identity(
                own.getPrivate(),
                sign(
                        new X500Name("CN=" + subject),
                        own,
                        List.of(KeyPurposeId.id_kp_clientAuth),
                        Instant.now().plus(YEAR),
                        new GeneralName(GeneralName.dNSName, dnsName)));
    }

    private Identity identity(String subject, String algorithm, List<KeyPurposeId> uses, Instant end) {
        KeyPair own = pair(algorithm);
        return new Identity(
                own.getPrivate(),
                sign(
                        new X500Name("CN=" + subject),
                        own,
                        uses,
                        end,
                        new GeneralName(GeneralName.dNSName, "localhost"),
                        new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
    }

    /** The authority's own certificate. */
    public X509Certificate certificate() {
        return certificate;
    }

    /** The authority's own certificate as PEM. */
    public String pem() {
        return pem("CERTIFICATE", der(certificate));
    }

    /** Writes the authority's own certificate. */
    public Path write(Path file) {
        write(file, pem());
        return file;
    }

    /** Replaces a file at one stroke. */
    public static void write(Path file, String text) {
        try {
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(fresh, text);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static String pem(String kind, byte[] der) {
        StringWriter text = new StringWriter();
        text.write("-----BEGIN " + kind + "-----\n");
        text.write(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
        text.write("\n-----END " + kind + "-----\n");
        return text.toString();
    }

    private static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair pair(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (algorithm.equals("EC")) {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An authority's own certificate is good for no use and has no further names. */
    private X509Certificate sign(
            X500Name subject, KeyPair own, List<KeyPurposeId> uses, Instant end, GeneralName... names) {
        boolean authority = uses.isEmpty();
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    name,
                    BigInteger.valueOf(SERIAL.incrementAndGet()),
                    Date.from(Instant.now().minus(Duration.ofDays(30))),
                    Date.from(end),
                    subject,
                    own.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(authority ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.digitalSignature));
            if (!authority) {
                builder.addExtension(
                        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(uses.toArray(new KeyPurposeId[0])));
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
        } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
