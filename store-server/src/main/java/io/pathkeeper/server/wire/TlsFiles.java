package io.pathkeeper.server.wire;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the parts of one identity lie, all PEM.
 *
 * @param name beginning of their keys in the configuration, for example {@code client.tls}
 * @param certificate the certificate, first its own, then those between it and the authority
 * @param key its private key, PKCS #8 or PKCS #1, not encrypted
 * @param authorities certificates of the authorities that the other side must be signed by; null: the other side shows none
 * @param servers whether the other side is always a server of the cluster: its certificate must allow that use, and the own one must be
 *     signed by the authorities
 */
public record TlsFiles(
        String name, Path certificate, Path key, @Nullable Path authorities, boolean servers) {}
