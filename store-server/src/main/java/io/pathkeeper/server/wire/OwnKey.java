package io.pathkeeper.server.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/** A certificate and its key from two files, for a program that makes one connection and ends. Stateless. */
public final class OwnKey {
    private OwnKey() {}

    /**
     * Reads both files.
     *
     * @throws TlsException when one of them holds something else
     */
    public static KeyManager[] managers(Path certificate, Path key)
            throws TlsException, IOException, GeneralSecurityException {
        KeyStore own = KeyStore.getInstance(KeyStore.getDefaultType());
        own.load(null, null);
        own.setKeyEntry(
                "own",
                Pem.privateKey(Files.readAllBytes(key), "client.tls.key, " + key + ","),
                new char[0],
                Pem.certificates(Files.readAllBytes(certificate), "client.tls.certificate, " + certificate + ",")
                        .toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, new char[0]);
        return keys.getKeyManagers();
    }
}
