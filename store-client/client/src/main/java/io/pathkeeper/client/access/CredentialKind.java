package io.pathkeeper.client.access;

/** How a caller has proved who it is. */
public enum CredentialKind {
    /** Authentication is off: everybody may do everything. */
    OPEN,
    /** The break-glass token of the server's configuration. */
    ROOT,
    /** A token that a password was exchanged for. */
    PASSWORD,
    /** A token that an administrator made. */
    TOKEN,
    /** A JWT of the configured issuer. */
    JWT,
    /** The certificate of the connection. */
    CERTIFICATE,
    /** In a way that this library does not know. */
    UNKNOWN
}
