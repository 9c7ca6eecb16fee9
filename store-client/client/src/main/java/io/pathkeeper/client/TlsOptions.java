package io.pathkeeper.client;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a client speaks TLS. All files are PEM; they are looked at again every ten seconds, and new ones count for the next connection, so
 * that certificates can be replaced while the client runs. Files that cannot be used then change nothing. Immutable.
 */
public final class TlsOptions {
    private final Optional<Path> authorities;
    private final Optional<Path> certificate;
    private final Optional<Path> key;

    private TlsOptions(Optional<Path> authorities, Optional<Path> certificate, Optional<Path> key) {
        this.authorities = authorities;
        this.certificate = certificate;
        this.key = key;
    }

    /** Trusts servers whose certificate one of these authorities signed. The name or address that is connected to must be in it. */
    public static TlsOptions trusting(Path authorities) {
        return new TlsOptions(Optional.of(authorities), Optional.empty(), Optional.empty());
    }

    /** Trusts servers whose certificate an authority of this Java signed. */
    public static TlsOptions trustingSystem() {
        return new TlsOptions(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Shows a certificate to servers that ask for one.
     *
     * @param certificate the certificate, those between it and the authority behind it
     * @param key its private key, PKCS #8, RSA or EC, not encrypted
     */
    public TlsOptions withCertificate(Path certificate, Path key) {
        return new TlsOptions(authorities, Optional.of(certificate), Optional.of(key));
    }

    /** Returns the file of the authorities; empty for those of this Java. */
    public Optional<Path> authorities() {
        return authorities;
    }

    /** Returns the file of the own certificate. */
    public Optional<Path> certificate() {
        return certificate;
    }

    /** Returns the file of its private key. */
    public Optional<Path> key() {
        return key;
    }
}
