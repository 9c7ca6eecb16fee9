package io.pathkeeper.server.auth;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/** The principal that a client's certificate names. The transport has checked the certificate already. Stateless. */
final class CertificateNames {
    private static final int DNS = 2;
    private static final int URI = 6;

    private CertificateNames() {}

    /** The name, or null when the certificate has none of that kind that could be a principal's. */
    static @Nullable String principal(X509Certificate certificate, String kind) {
        String name = switch (kind) {
            case "subject" -> certificate.getSubjectX500Principal().getName();
            case "common_name" ->
                commonName(certificate.getSubjectX500Principal().getName());
            case "san" -> alternative(certificate);
            default -> null;
        };
        return name == null || !AuthPaths.isName(name) ? null : name;
    }

    private static @Nullable String commonName(String subject) {
        try {
            List<Rdn> parts = new LdapName(subject).getRdns();
            for (int i = parts.size() - 1; i >= 0; i--) {
                if (parts.get(i).getType().equalsIgnoreCase("CN")
                        && parts.get(i).getValue() instanceof String text) {
                    return text;
                }
            }
            return null;
        } catch (InvalidNameException e) {
            return null;
        }
    }

    /** The first DNS name, else the first URI, which can name a principal only without '/'. */
    private static @Nullable String alternative(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            String found = null;
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                if (name.get(1) instanceof String text) {
                    if (Integer.valueOf(DNS).equals(name.get(0))) {
                        return text;
                    }
                    found = found == null && Integer.valueOf(URI).equals(name.get(0)) ? text : found;
                }
            }
            return found;
        } catch (CertificateParsingException e) {
            return null;
        }
    }
}
