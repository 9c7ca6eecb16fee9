package io.pathkeeper.server.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads PEM (RFC 7468). Messages never hold anything of a key. */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    /** Version 0 and the algorithm rsaEncryption, as PKCS #8 has them before the key of PKCS #1. */
    private static final byte[] RSA_HEAD = {
        2, 1, 0, 0x30, 0x0d, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
    };

    private Pem() {}

    /**
     * All certificates in order, at least one.
     *
     * @param what names key and file for the message
     */
    static List<X509Certificate> certificates(byte[] pem, String what) throws TlsException {
        List<X509Certificate> found = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        while (blocks.find()) {
            if (blocks.group(1).equals("CERTIFICATE")) {
                found.add(certificate(decode(blocks.group(2), what), what));
            }
        }
        if (found.isEmpty()) {
            throw new TlsException(what + " holds no certificate: expected is PEM with -----BEGIN CERTIFICATE-----");
        }
        return found;
    }

    private static X509Certificate certificate(byte[] der, String what) throws TlsException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new TlsException(what + " holds a certificate that cannot be read: " + e.getMessage());
        }
    }

    /** The private key. */
    static PrivateKey privateKey(byte[] pem, String what) throws TlsException {
        Matcher blocks = BLOCK.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        while (blocks.find()) {
            switch (blocks.group(1)) {
                case "PRIVATE KEY" -> {
                    return privateKey(decode(blocks.group(2), what), what, ALGORITHMS);
                }
                case "RSA PRIVATE KEY" -> {
                    return privateKey(wrapped(decode(blocks.group(2), what)), what, List.of("RSA"));
                }
                case "EC PRIVATE KEY", "DSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY" ->
                    throw new TlsException(what
                            + " holds a key in the form \"" + blocks.group(1)
                            + "\", which is not read: convert it with `openssl pkcs8 -topk8 -nocrypt`");
                default -> {
                    continue; // parameters, certificates beside the key
                }
            }
        }
        throw new TlsException(what + " holds no private key: expected is PEM with -----BEGIN PRIVATE KEY-----");
    }

    private static PrivateKey privateKey(byte[] pkcs8, String what, List<String> algorithms) throws TlsException {
        for (String algorithm : algorithms) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                continue; // a key of another algorithm
            } catch (GeneralSecurityException e) {
                throw new TlsException(what + " cannot be read: this Java has no keys of the kind " + algorithm);
            }
        }
        throw new TlsException(what + " holds a private key that cannot be read: expected is one of RSA, EC or EdDSA");
    }

    private static byte[] decode(String base64, String what) throws TlsException {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new TlsException(what + " is damaged: a block of it is no base64");
        }
    }

    /** PKCS #1 in PKCS #8. */
    private static byte[] wrapped(byte[] pkcs1) {
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        inner.writeBytes(RSA_HEAD);
        tagged(inner, 4, pkcs1);
        ByteArrayOutputStream outer = new ByteArrayOutputStream();
        tagged(outer, 0x30, inner.toByteArray());
        return outer.toByteArray();
    }

    private static void tagged(ByteArrayOutputStream out, int tag, byte[] content) {
        out.write(tag);
        if (content.length < 128) {
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
    }
}
