package io.pathkeeper.it.security;

import io.pathkeeper.client.TlsOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The certificates of a cluster, made by {@code deploy/bin/make-certs}. */
final class Certificates {
    private static final Path SCRIPT =
            Path.of("..", "deploy", "bin", "make-certs").toAbsolutePath().normalize();
    private static final long SCRIPT_SECONDS = 120;

    private final Path directory;

    Certificates(Path directory) {
        this.directory = directory;
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** Runs make-certs with these arguments. */
    void make(String... arguments) {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString(), "--dir", directory.toString()));
        command.addAll(Arrays.asList(arguments));
        try {
            Path output = Files.createTempFile("make-certs", ".out");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(SCRIPT_SECONDS, TimeUnit.SECONDS);
            String said = Files.readString(output);
            Files.delete(output);
            if (!ended || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException(command + " failed: " + said);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Settings of a server that speaks TLS everywhere and asks clients for certificates. */
    Map<String, String> settings(String server) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("client.tls.certificate", file(server + ".pem").toString());
        settings.put("client.tls.key", file(server + ".key").toString());
        settings.put("client.tls.ca", file("ca.pem").toString());
        settings.put("client.tls.client_auth", "require");
        settings.put("raft.tls.certificate", file(server + "-raft.pem").toString());
        settings.put("raft.tls.key", file(server + "-raft.key").toString());
        settings.put("raft.tls.ca", file("raft-ca.pem").toString());
        settings.put("security.tls_poll", "200ms");
        return settings;
    }

    /** What the Java client needs. */
    TlsOptions client(String name) {
        return TlsOptions.trusting(file("ca.pem"))
                .withCertificate(file("client-" + name + ".pem"), file("client-" + name + ".key"));
    }

    /** A context of the files as they are now. */
    SSLContext context(String authorities, String identity) {
        try {
            KeyStore trusted = empty();
            for (X509Certificate each : read(authorities)) {
                trusted.setCertificateEntry(each.getSerialNumber().toString(), each);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            KeyStore own = empty();
            String pem = Files.readString(file(identity + ".key"));
            byte[] key = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
            own.setKeyEntry(
                    "own",
                    KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)),
                    new char[0],
                    read(identity + ".pem").toArray(new X509Certificate[0]));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    List<X509Certificate> read(String authorities) throws GeneralSecurityException, IOException {
        String name = authorities.endsWith(".pem") ? authorities : authorities + ".pem";
        try (InputStream in = Files.newInputStream(file(name))) {
            List<X509Certificate> all = new ArrayList<>();
            CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)
                    .forEach(certificate -> all.add((X509Certificate) certificate));
            return all;
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }
}
